import { topicNameFault } from "../../../broker/topic-name.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeProducersRequest,
  DescribeProducersResponse,
} from "../../../wire/kafka/messages/61-describe-producers.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * DescribeProducers, version 0 (KIP-664): the idempotent producers that a partition remembers. Any node
 * that has the partition answers.
 */
export function describeProducers({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: DescribeProducersRequest,
    response: DescribeProducersResponse,
    handle: ({ topics }, { endpoint }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => {
          const refuse = (errorCode: number, errorMessage: string | null = null) => {
            return { partitionIndex, errorCode, errorMessage, activeProducers: [] };
          };
          const partition = broker.partition(name, partitionIndex);
          if (partition === undefined) {
            const legal = topicNameFault(name) === undefined;
            const errorCode = legal
              ? KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION
              : KAFKA_ERRORS.INVALID_TOPIC_EXCEPTION;
            return refuse(errorCode, `There is no partition ${name}-${partitionIndex}.`);
          }
          const { log, placement } = partition;
          if (!placement.replicas.includes(endpoint.nodeId)) {
            return refuse(KAFKA_ERRORS.NOT_LEADER_OR_FOLLOWER);
          }
          const activeProducers = Array.from(log.producers.committed(), ([producerId, entry]) => ({
            producerId,
            producerEpoch: entry.epoch,
            lastSequence: entry.batches.at(-1)?.lastSequence ?? -1,
            lastTimestamp: entry.lastTimestampMs,
            coordinatorEpoch: 0,
            currentTxnStartOffset: log.transactions.entries.get(producerId) ?? -1,
          }));
          const errorCode = KAFKA_ERRORS.NONE;
          return { partitionIndex, errorCode, errorMessage: null, activeProducers };
        }),
      })),
    }),
  });
}

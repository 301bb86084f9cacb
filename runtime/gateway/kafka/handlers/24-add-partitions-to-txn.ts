import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from "../../../wire/kafka/messages/24-add-partitions-to-txn.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";
import { producerError } from "../producer-error.ts";

/*
 * AddPartitionsToTxn, versions 0-3: all partitions or none. When one of them cannot be written to, it
 * has the error and the others OPERATION_NOT_ATTEMPTED. Versions 4 and 5 are for brokers only: with
 * transaction version 2, clients add by writing (KIP-890).
 */

const FENCED_SINCE_VERSION = 2;

export function addPartitionsToTxn({ broker }: Gateway): KafkaApi {
  function fault(name: string, index: number): number {
    const topic = broker.topic(name);
    if (topic?.internal === true) return KAFKA_ERRORS.TOPIC_AUTHORIZATION_FAILED;
    const exists = topic?.partitions[index] !== undefined;
    return exists ? KAFKA_ERRORS.NONE : KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION;
  }

  return defineApi({
    request: AddPartitionsToTxnRequest,
    response: AddPartitionsToTxnResponse,
    async handle(request, { version, endpoint }) {
      const wanted = request.v3AndBelowTopics.flatMap(({ name, partitions }) =>
        partitions.map((partition) => ({ topic: name, partition })),
      );
      const elsewhere = isElsewhere(broker, request.v3AndBelowTransactionalId, endpoint);
      const isRefused =
        !elsewhere && wanted.some(({ topic, partition }) => fault(topic, partition) !== 0);
      const producer = {
        producerId: request.v3AndBelowProducerId,
        epoch: request.v3AndBelowProducerEpoch,
      };
      const error = isRefused
        ? KAFKA_ERRORS.OPERATION_NOT_ATTEMPTED
        : elsewhere
          ? KAFKA_ERRORS.NOT_COORDINATOR
          : producerError(
              await broker.transactions.add(request.v3AndBelowTransactionalId, producer, wanted),
              version >= FENCED_SINCE_VERSION,
            );
      return {
        throttleTimeMs: 0,
        resultsByTopicV3AndBelow: request.v3AndBelowTopics.map(({ name, partitions }) => ({
          name,
          resultsByPartition: partitions.map((partitionIndex) => ({
            partitionIndex,
            partitionErrorCode: isRefused ? fault(name, partitionIndex) || error : error,
          })),
        })),
      };
    },
  });
}

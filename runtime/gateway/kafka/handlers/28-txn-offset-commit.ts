import { failedCommit } from "../../../broker/coordinator/offsets.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  TxnOffsetCommitRequest,
  TxnOffsetCommitResponse,
} from "../../../wire/kafka/messages/28-txn-offset-commit.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/*
 * TxnOffsetCommit, versions 0-4: offsets that count once the producer's transaction is committed. From
 * version 3 on the consumer's membership is checked as for OffsetCommit (KIP-447).
 */
export function txnOffsetCommit({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: TxnOffsetCommitRequest,
    response: TxnOffsetCommitResponse,
    async handle(request, { version, endpoint }) {
      const commit = {
        groupId: request.groupId,
        producer: { producerId: request.producerId, epoch: request.producerEpoch },
        generation: request.generationIdOrMemberEpoch,
        memberId: request.memberId,
        instanceId: request.groupInstanceId,
        apiVersion: version,
        topics: request.topics.map(({ name, partitions }) => ({
          topic: name,
          partitions: partitions.map((partition) => ({
            partition: partition.partitionIndex,
            offset: partition.committedOffset,
            leaderEpoch: partition.committedLeaderEpoch,
            metadata: partition.committedMetadata,
          })),
        })),
      };
      const result = isElsewhere(broker, request.groupId, endpoint)
        ? failedCommit(commit, "NOT_COORDINATOR")
        : await broker.groups.commit(commit);
      return {
        throttleTimeMs: 0,
        topics: result.topics.map(({ topic, partitions }) => ({
          name: topic,
          partitions: partitions.map(({ partition, error }) => ({
            partitionIndex: partition,
            errorCode: KAFKA_ERRORS[error],
          })),
        })),
      };
    },
  });
}

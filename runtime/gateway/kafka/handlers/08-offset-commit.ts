import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type OffsetCommitRequest as Request,
  OffsetCommitRequest,
  OffsetCommitResponse,
} from "../../../wire/kafka/messages/08-offset-commit.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

function notCoordinator({ topics }: Request) {
  return {
    throttleTimeMs: 0,
    topics: topics.map(({ name, topicId, partitions }) => ({
      ...{ name, topicId },
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: KAFKA_ERRORS.NOT_COORDINATOR,
      })),
    })),
  };
}

/*
 * OffsetCommit, versions 2-10 (topic ids from 10 on, KIP-848). Offsets of topics or partitions that do
 * not exist are refused one by one; the others are committed together.
 */
export function offsetCommit({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: OffsetCommitRequest,
    response: OffsetCommitResponse,
    async handle(request, { version, endpoint }) {
      if (isElsewhere(broker, request.groupId, endpoint)) return notCoordinator(request);
      const byId = version >= 10;
      const topics = request.topics.map((topic) => {
        const found = byId ? broker.topicById(topic.topicId) : broker.topic(topic.name);
        const known = topic.partitions.filter(
          ({ partitionIndex }) => found?.partitions[partitionIndex] !== undefined,
        );
        return { ...topic, found, known };
      });
      const result = await broker.groups.commit({
        groupId: request.groupId,
        generation: request.generationIdOrMemberEpoch,
        memberId: request.memberId,
        instanceId: request.groupInstanceId,
        retentionTimeMs: request.retentionTimeMs,
        apiVersion: version,
        topics: topics.map(({ name, found, known }) => ({
          topic: found?.name ?? name,
          partitions: known.map((partition) => ({
            partition: partition.partitionIndex,
            offset: partition.committedOffset,
            leaderEpoch: partition.committedLeaderEpoch,
            metadata: partition.committedMetadata,
          })),
        })),
      });
      return {
        throttleTimeMs: 0,
        topics: topics.map(({ name, topicId, found, partitions }, i) => {
          const outcomes = new Map(
            result.topics[i]?.partitions.map(({ partition, error }) => [partition, error]),
          );
          const missing =
            byId && found === undefined
              ? KAFKA_ERRORS.UNKNOWN_TOPIC_ID
              : KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION;
          return {
            name,
            topicId,
            partitions: partitions.map(({ partitionIndex }) => {
              const error = outcomes.get(partitionIndex);
              return {
                partitionIndex,
                errorCode: error === undefined ? missing : KAFKA_ERRORS[error],
              };
            }),
          };
        }),
      };
    },
  });
}

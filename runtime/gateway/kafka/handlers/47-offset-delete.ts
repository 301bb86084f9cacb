import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  OffsetDeleteRequest,
  OffsetDeleteResponse,
} from "../../../wire/kafka/messages/47-offset-delete.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/*
 * OffsetDelete, version 0 (KIP-496): committed offsets of topics that no live member subscribes to.
 */
export function offsetDelete({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: OffsetDeleteRequest,
    response: OffsetDeleteResponse,
    async handle({ groupId, topics }, { endpoint }) {
      const fault =
        groupId === ""
          ? "INVALID_GROUP_ID"
          : isElsewhere(broker, groupId, endpoint)
            ? "NOT_COORDINATOR"
            : undefined;
      if (fault !== undefined) {
        return { errorCode: KAFKA_ERRORS[fault], throttleTimeMs: 0, topics: [] };
      }
      const known = topics.map(({ name, partitions }) => ({
        topic: name,
        partitions: partitions
          .map(({ partitionIndex }) => partitionIndex)
          .filter((index) => broker.partition(name, index) !== undefined),
      }));
      const { error, topics: deleted } = await broker.groups.deleteOffsets({
        groupId,
        topics: known.filter(({ partitions }) => partitions.length > 0),
      });
      const errors = new Map(
        deleted.flatMap(({ topic, partitions }) =>
          partitions.map((one) => [`${topic}-${one.partition}`, one.error] as const),
        ),
      );
      const answered = error === "NONE" ? topics : [];
      return {
        errorCode: KAFKA_ERRORS[error],
        throttleTimeMs: 0,
        topics: answered.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex }) => ({
            partitionIndex,
            errorCode:
              KAFKA_ERRORS[errors.get(`${name}-${partitionIndex}`) ?? "UNKNOWN_TOPIC_OR_PARTITION"],
          })),
        })),
      };
    },
  });
}

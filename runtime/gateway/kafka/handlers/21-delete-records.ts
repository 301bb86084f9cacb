import type { DeleteRecordsOutcome } from "../../../broker/outcomes.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DeleteRecordsRequest,
  DeleteRecordsResponse,
} from "../../../wire/kafka/messages/21-delete-records.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * DeleteRecords, versions 0-2 (KIP-107): moves the first offset of partitions; -1 is the high watermark.
 */

const OUTCOMES: Readonly<Record<DeleteRecordsOutcome["kind"], number>> = {
  deleted: KAFKA_ERRORS.NONE,
  unknown: KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
  internal: KAFKA_ERRORS.INVALID_TOPIC_EXCEPTION,
  compacted: KAFKA_ERRORS.POLICY_VIOLATION,
  "out-of-range": KAFKA_ERRORS.OFFSET_OUT_OF_RANGE,
  disk: KAFKA_ERRORS.KAFKA_STORAGE_ERROR,
};

export function deleteRecords({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: DeleteRecordsRequest,
    response: DeleteRecordsResponse,
    handle: ({ topics }, { endpoint }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, offset }) => {
          const leader = broker.partition(name, partitionIndex)?.placement.leader;
          if (leader !== undefined && leader !== endpoint.nodeId) {
            const errorCode = KAFKA_ERRORS.NOT_LEADER_OR_FOLLOWER;
            return { partitionIndex, lowWatermark: -1, errorCode };
          }
          const outcome = broker.deleteRecords(name, partitionIndex, offset);
          return {
            partitionIndex,
            lowWatermark: outcome.kind === "deleted" ? outcome.startOffset : -1,
            errorCode: OUTCOMES[outcome.kind],
          };
        }),
      })),
    }),
  });
}

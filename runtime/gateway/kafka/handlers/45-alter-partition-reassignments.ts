import type { ReassignOutcome } from "../../../broker/placement/leadership.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from "../../../wire/kafka/messages/45-alter-partition-reassignments.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * AlterPartitionReassignments, versions 0-1 (KIP-455, KIP-860). A partition has its new replicas at once,
 * since all nodes share the logs; so nothing is ever under way that could be cancelled.
 */

const OUTCOMES: Readonly<Record<ReassignOutcome["kind"], number>> = {
  reassigned: KAFKA_ERRORS.NONE,
  unknown: KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
  "invalid-assignment": KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT,
  "invalid-replication-factor": KAFKA_ERRORS.INVALID_REPLICATION_FACTOR,
  "nothing-under-way": KAFKA_ERRORS.NO_REASSIGNMENT_IN_PROGRESS,
  disk: KAFKA_ERRORS.KAFKA_STORAGE_ERROR,
};

export function alterPartitionReassignments({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: AlterPartitionReassignmentsRequest,
    response: AlterPartitionReassignmentsResponse,
    async handle({ topics, allowReplicationFactorChange }) {
      const responses = topics.map(async ({ name, partitions }) => {
        const wanted = partitions.map(({ partitionIndex, replicas }) => ({
          partition: partitionIndex,
          replicas,
        }));
        const outcomes = await broker.leadership.reassign(
          name,
          wanted,
          allowReplicationFactorChange,
        );
        return {
          name,
          partitions: outcomes.map((outcome, i) => ({
            partitionIndex: wanted[i]?.partition ?? -1,
            errorCode: OUTCOMES[outcome.kind],
            errorMessage: "message" in outcome ? outcome.message : null,
          })),
        };
      });
      return {
        throttleTimeMs: 0,
        allowReplicationFactorChange,
        errorCode: KAFKA_ERRORS.NONE,
        errorMessage: null,
        responses: await Promise.all(responses),
      };
    },
  });
}

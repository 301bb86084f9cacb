import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from "../../../wire/kafka/messages/45-alter-partition-reassignments.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * AlterPartitionReassignments, versions 0-1 (KIP-455). A partition can be assigned to the one broker
 * there is, where it lies already; so nothing is ever under way that could be cancelled.
 */
export function alterPartitionReassignments({ broker }: Gateway): KafkaApi {
  function reassign(
    topic: string,
    partitionIndex: number,
    replicas: readonly number[] | null,
    nodeId: number,
  ) {
    const answer = (errorCode: number, errorMessage: string | null) => ({
      partitionIndex,
      errorCode,
      errorMessage,
    });
    if (broker.partition(topic, partitionIndex) === undefined) {
      const why = `There is no partition ${topic}-${partitionIndex}.`;
      return answer(KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION, why);
    }
    if (replicas === null) return answer(KAFKA_ERRORS.NO_REASSIGNMENT_IN_PROGRESS, null);
    return replicas.length === 1 && replicas[0] === nodeId
      ? answer(KAFKA_ERRORS.NONE, null)
      : answer(
          KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT,
          `The lab has 1 broker; a partition can be assigned to broker ${nodeId} alone.`,
        );
  }

  return defineApi({
    request: AlterPartitionReassignmentsRequest,
    response: AlterPartitionReassignmentsResponse,
    handle: ({ topics, allowReplicationFactorChange }, { endpoint }) => ({
      throttleTimeMs: 0,
      allowReplicationFactorChange,
      errorCode: KAFKA_ERRORS.NONE,
      errorMessage: null,
      responses: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, replicas }) =>
          reassign(name, partitionIndex, replicas, endpoint.nodeId),
        ),
      })),
    }),
  });
}

import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from "../../../wire/kafka/messages/46-list-partition-reassignments.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* ListPartitionReassignments, version 0 (KIP-455). They are done at once: none is ever under way. */
export function listPartitionReassignments(_gateway: Gateway): KafkaApi {
  return defineApi({
    request: ListPartitionReassignmentsRequest,
    response: ListPartitionReassignmentsResponse,
    handle: () => ({
      throttleTimeMs: 0,
      errorCode: KAFKA_ERRORS.NONE,
      errorMessage: null,
      topics: [],
    }),
  });
}

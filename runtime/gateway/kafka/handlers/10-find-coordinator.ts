import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../wire/kafka/messages/10-find-coordinator.ts";
import { defineApi, type Endpoint, type KafkaApi } from "../api.ts";

/*
 * FindCoordinator, versions 0-6. The one broker coordinates every group and every transaction. Not done
 * yet: coordinators of share groups; asking for one is refused in words.
 */

const GROUP = 0;
const TRANSACTION = 1;
const NOBODY = { nodeId: -1, host: "", port: -1 };

function coordinator(keyType: number, { nodeId, host, port }: Endpoint) {
  if (keyType === GROUP || keyType === TRANSACTION) {
    return { errorCode: KAFKA_ERRORS.NONE, errorMessage: null, nodeId, host, port };
  }
  return {
    errorCode: KAFKA_ERRORS.INVALID_REQUEST,
    errorMessage: "This lab coordinates consumer groups and transactions, and nothing else.",
    ...NOBODY,
  };
}

export function findCoordinator(): KafkaApi {
  return defineApi({
    request: FindCoordinatorRequest,
    response: FindCoordinatorResponse,
    handle: ({ keyType, coordinatorKeys }, { endpoint }) => ({
      throttleTimeMs: 0,
      ...coordinator(keyType, endpoint),
      coordinators: coordinatorKeys.map((key) => ({ key, ...coordinator(keyType, endpoint) })),
    }),
  });
}

import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../wire/kafka/messages/10-find-coordinator.ts";
import { defineApi, type Endpoint, type Gateway, type KafkaApi } from "../api.ts";
import { addressOf } from "../node-addresses.ts";

/*
 * FindCoordinator, versions 0-6: the node that a group or transactional id belongs to by its hash. Not
 * done yet: coordinators of share groups; asking for one is refused in words.
 */

const GROUP = 0;
const TRANSACTION = 1;
const NOBODY = { nodeId: -1, host: "", port: -1 };

export function findCoordinator({ broker }: Gateway): KafkaApi {
  function coordinator(keyType: number, key: string, endpoint: Endpoint) {
    if (keyType !== GROUP && keyType !== TRANSACTION) {
      return {
        errorCode: KAFKA_ERRORS.INVALID_REQUEST,
        errorMessage: "This lab coordinates consumer groups and transactions, and nothing else.",
        ...NOBODY,
      };
    }
    const address = addressOf(broker.nodes.coordinatorOf(key), endpoint);
    return address === undefined
      ? { errorCode: KAFKA_ERRORS.COORDINATOR_NOT_AVAILABLE, errorMessage: null, ...NOBODY }
      : { errorCode: KAFKA_ERRORS.NONE, errorMessage: null, ...address };
  }

  return defineApi({
    request: FindCoordinatorRequest,
    response: FindCoordinatorResponse,
    handle: ({ key, keyType, coordinatorKeys }, { endpoint }) => ({
      throttleTimeMs: 0,
      ...coordinator(keyType, key, endpoint),
      coordinators: coordinatorKeys.map((one) => ({
        key: one,
        ...coordinator(keyType, one, endpoint),
      })),
    }),
  });
}

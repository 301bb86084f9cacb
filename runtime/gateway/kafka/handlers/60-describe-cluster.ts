import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeClusterRequest,
  DescribeClusterResponse,
} from "../../../wire/kafka/messages/60-describe-cluster.ts";
import { AUTHORIZED, NOT_ASKED } from "../authorized-operations.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* DescribeCluster, versions 0-2: one broker, which is its own controller (KIP-700, KIP-919). */

const BROKERS = 1;
const CONTROLLERS = 2;

export function describeCluster({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: DescribeClusterRequest,
    response: DescribeClusterResponse,
    handle({ endpointType, includeClusterAuthorizedOperations }, { version, endpoint }) {
      const { nodeId, host, port } = endpoint;
      if (version > 0 && endpointType !== BROKERS) {
        return {
          throttleTimeMs: 0,
          errorCode:
            KAFKA_ERRORS[
              endpointType === CONTROLLERS
                ? "MISMATCHED_ENDPOINT_TYPE"
                : "UNSUPPORTED_ENDPOINT_TYPE"
            ],
          errorMessage: "Only brokers can be described here.",
          clusterId: "",
          brokers: [],
        };
      }
      return {
        throttleTimeMs: 0,
        errorCode: KAFKA_ERRORS.NONE,
        errorMessage: null,
        endpointType: BROKERS,
        clusterId: broker.clusterId,
        controllerId: nodeId,
        brokers: [{ brokerId: nodeId, host, port, rack: null, isFenced: false }],
        clusterAuthorizedOperations: includeClusterAuthorizedOperations
          ? AUTHORIZED.cluster
          : NOT_ASKED,
      };
    },
  });
}

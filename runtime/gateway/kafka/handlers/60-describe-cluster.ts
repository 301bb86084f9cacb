import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeClusterRequest,
  DescribeClusterResponse,
} from "../../../wire/kafka/messages/60-describe-cluster.ts";
import { AUTHORIZED, NOT_ASKED } from "../authorized-operations.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { addressOf } from "../node-addresses.ts";

/*
 * DescribeCluster, versions 0-2 (KIP-700, KIP-919). The brokers that are up, and from version 2 on, if
 * asked for, those that were stopped (KIP-1073). The first one that is up is told to be the controller.
 */

const BROKERS = 1;
const CONTROLLERS = 2;

export function describeCluster({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: DescribeClusterRequest,
    response: DescribeClusterResponse,
    handle(request, { version, endpoint }) {
      const { endpointType, includeFencedBrokers, includeClusterAuthorizedOperations } = request;
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
      const { nodes } = broker;
      const brokers = nodes
        .all()
        .filter((node) => includeFencedBrokers || nodes.isUp(node))
        .flatMap((node) => addressOf(node, endpoint) ?? []);
      return {
        throttleTimeMs: 0,
        errorCode: KAFKA_ERRORS.NONE,
        errorMessage: null,
        endpointType: BROKERS,
        clusterId: broker.clusterId,
        controllerId: nodes.controller,
        brokers: brokers.map(({ nodeId, host, port }) => ({
          ...{ brokerId: nodeId, host, port },
          rack: null,
          isFenced: !nodes.isUp(nodeId),
        })),
        clusterAuthorizedOperations: includeClusterAuthorizedOperations
          ? AUTHORIZED.cluster
          : NOT_ASKED,
      };
    },
  });
}

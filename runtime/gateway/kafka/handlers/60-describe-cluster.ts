import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeClusterRequest,
  DescribeClusterResponse,
} from "../../../wire/kafka/messages/60-describe-cluster.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { addressOf } from "../node-addresses.ts";

/*
 * DescribeCluster, versions 0-2 (KIP-700, KIP-919). The brokers that are up, and from version 2 on, if
 * asked for, those that were stopped (KIP-1073). The first one that is up is told to be the controller.
 */

const BROKERS = 1;

export function describeCluster({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: DescribeClusterRequest,
    response: DescribeClusterResponse,
    handle({ endpointType, includeFencedBrokers }, { version, endpoint }) {
      const { nodes } = broker;
      const brokers = nodes
        .all()
        .filter((node) => includeFencedBrokers || nodes.isUp(node))
        .flatMap((node) => addressOf(node, endpoint) ?? []);
      const known = version === 0 || endpointType === BROKERS;
      return {
        throttleTimeMs: 0,
        errorCode: known ? KAFKA_ERRORS.NONE : KAFKA_ERRORS.MISMATCHED_ENDPOINT_TYPE,
        errorMessage: known ? null : "Only brokers can be described here, not controllers.",
        endpointType,
        clusterId: broker.clusterId,
        controllerId: nodes.controller,
        brokers: (known ? brokers : []).map(({ nodeId, host, port }) => ({
          ...{ brokerId: nodeId, host, port },
          rack: null,
          isFenced: !nodes.isUp(nodeId),
        })),
      };
    },
  });
}

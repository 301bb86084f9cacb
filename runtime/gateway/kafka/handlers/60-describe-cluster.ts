import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeClusterRequest,
  DescribeClusterResponse,
} from "../../../wire/kafka/messages/60-describe-cluster.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* DescribeCluster, versions 0-2: one broker, which is its own controller (KIP-700, KIP-919). */

const BROKERS = 1;

export function describeCluster({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: DescribeClusterRequest,
    response: DescribeClusterResponse,
    handle({ endpointType }, { version, endpoint }) {
      const { nodeId, host, port } = endpoint;
      const known = version === 0 || endpointType === BROKERS;
      return {
        throttleTimeMs: 0,
        errorCode: known ? KAFKA_ERRORS.NONE : KAFKA_ERRORS.MISMATCHED_ENDPOINT_TYPE,
        errorMessage: known ? null : "Only brokers can be described here, not controllers.",
        endpointType,
        clusterId: broker.clusterId,
        controllerId: nodeId,
        brokers: known ? [{ brokerId: nodeId, host, port, rack: null, isFenced: false }] : [],
      };
    },
  });
}

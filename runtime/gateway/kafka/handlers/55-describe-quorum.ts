import { NO_TOPIC_ID } from "../../../wire/kafka/primitives.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
} from "../../../wire/kafka/messages/55-describe-quorum.ts";
import { defineApi, type Endpoint, type Gateway, type KafkaApi } from "../api.ts";
import { addressOf } from "../node-addresses.ts";

/*
 * DescribeQuorum, versions 0-2 (KIP-595, KIP-836): all nodes vote. The lab keeps its catalogue in a file,
 * not in a log, so the offsets are 0 and voters that are up have always caught up.
 */

const METADATA_TOPIC = "__cluster_metadata";
const LEADER_EPOCH = 1;

const hasQuorum = (topicName: string, partitionIndex: number): boolean =>
  topicName === METADATA_TOPIC && partitionIndex === 0;

export function describeQuorum({ broker, clock }: Gateway): KafkaApi {
  const { nodes } = broker;

  function describe(topicName: string, partitionIndex: number) {
    const exists = hasQuorum(topicName, partitionIndex);
    const nowMs = clock.nowMs();
    const voters = nodes.all().map((node) => ({
      replicaId: node,
      replicaDirectoryId: NO_TOPIC_ID,
      logEndOffset: nodes.isUp(node) ? 0 : -1,
      lastFetchTimestamp: nodes.isUp(node) ? nowMs : -1,
      lastCaughtUpTimestamp: nodes.isUp(node) ? nowMs : -1,
    }));
    return {
      partitionIndex,
      errorCode: exists ? KAFKA_ERRORS.NONE : KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
      errorMessage: exists ? null : `Only ${METADATA_TOPIC}-0 has a quorum.`,
      leaderId: exists ? nodes.controller : 0,
      leaderEpoch: exists ? LEADER_EPOCH : 0,
      highWatermark: 0,
      currentVoters: exists ? voters : [],
      observers: [],
    };
  }

  function voterAddresses(endpoint: Endpoint) {
    return nodes.all().flatMap((node) => {
      const address = addressOf(node, endpoint);
      if (address === undefined) return [];
      const { nodeId, host, port } = address;
      return [{ nodeId, listeners: [{ name: "PLAINTEXT", host, port }] }];
    });
  }

  return defineApi({
    request: DescribeQuorumRequest,
    response: DescribeQuorumResponse,
    handle({ topics }, { endpoint }) {
      return {
        errorCode: KAFKA_ERRORS.NONE,
        errorMessage: null,
        topics: topics.map(({ topicName, partitions }) => ({
          topicName,
          partitions: partitions.map(({ partitionIndex }) => describe(topicName, partitionIndex)),
        })),
        // Kafka names the voters of what was asked for, and there are none of anything else.
        nodes: topics.some(({ partitions, topicName }) =>
          partitions.some(({ partitionIndex }) => hasQuorum(topicName, partitionIndex)),
        )
          ? voterAddresses(endpoint)
          : [],
      };
    },
  });
}

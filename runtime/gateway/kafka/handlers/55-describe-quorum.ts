import { NO_TOPIC_ID } from "../../../wire/kafka/primitives.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
} from "../../../wire/kafka/messages/55-describe-quorum.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * DescribeQuorum, versions 0-2 (KIP-595, KIP-836): a quorum of one. The lab keeps its catalogue in a file,
 * not in a log, so the offsets are 0 and the voter has always caught up.
 */

const METADATA_TOPIC = "__cluster_metadata";
const LEADER_EPOCH = 1;

const hasQuorum = (topicName: string, partitionIndex: number): boolean =>
  topicName === METADATA_TOPIC && partitionIndex === 0;

export function describeQuorum({ clock }: Gateway): KafkaApi {
  function describe(topicName: string, partitionIndex: number, nodeId: number) {
    const exists = hasQuorum(topicName, partitionIndex);
    const nowMs = clock.nowMs();
    const voter = {
      replicaId: nodeId,
      replicaDirectoryId: NO_TOPIC_ID,
      logEndOffset: 0,
      lastFetchTimestamp: nowMs,
      lastCaughtUpTimestamp: nowMs,
    };
    return {
      partitionIndex,
      errorCode: exists ? KAFKA_ERRORS.NONE : KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
      errorMessage: exists ? null : `Only ${METADATA_TOPIC}-0 has a quorum.`,
      leaderId: exists ? nodeId : 0,
      leaderEpoch: exists ? LEADER_EPOCH : 0,
      highWatermark: 0,
      currentVoters: exists ? [voter] : [],
      observers: [],
    };
  }

  return defineApi({
    request: DescribeQuorumRequest,
    response: DescribeQuorumResponse,
    handle({ topics }, { endpoint }) {
      const { nodeId, host, port } = endpoint;
      return {
        errorCode: KAFKA_ERRORS.NONE,
        errorMessage: null,
        topics: topics.map(({ topicName, partitions }) => ({
          topicName,
          partitions: partitions.map(({ partitionIndex }) =>
            describe(topicName, partitionIndex, nodeId),
          ),
        })),
        // Kafka names the voters of what was asked for, and there are none of anything else.
        nodes: topics.some(({ partitions, topicName }) =>
          partitions.some(({ partitionIndex }) => hasQuorum(topicName, partitionIndex)),
        )
          ? [{ nodeId, listeners: [{ name: "PLAINTEXT", host, port }] }]
          : [],
      };
    },
  });
}

import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from "../../../wire/kafka/messages/23-offset-for-leader-epoch.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { leadershipError } from "../leadership-checks.ts";

/*
 * OffsetForLeaderEpoch, versions 2-4 (KIP-320): where the largest epoch at or below the one asked for
 * ended, as the leader of the partition knows it.
 */

export function offsetForLeaderEpoch({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: OffsetForLeaderEpochRequest,
    response: OffsetForLeaderEpochResponse,
    handle: ({ topics }, { endpoint }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition: index, currentLeaderEpoch, leaderEpoch }) => {
          const partition = broker.partition(topic, index);
          if (partition === undefined) {
            return { partition: index, errorCode: KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION };
          }
          const { log, placement } = partition;
          const { nodeId } = endpoint;
          const errorCode = leadershipError(placement, nodeId, currentLeaderEpoch, "leader");
          if (errorCode !== KAFKA_ERRORS.NONE) return { partition: index, errorCode };
          const { epoch, endOffset } = log.endOfLeaderEpoch(leaderEpoch);
          return { partition: index, errorCode, leaderEpoch: epoch, endOffset };
        }),
      })),
    }),
  });
}

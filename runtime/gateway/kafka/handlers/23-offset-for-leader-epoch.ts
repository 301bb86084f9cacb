import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from "../../../wire/kafka/messages/23-offset-for-leader-epoch.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * OffsetForLeaderEpoch, versions 2-4 (KIP-320). There has only ever been leader epoch 0, which ends where
 * the log ends; nothing is known of any other.
 */

const LEADER_EPOCH = 0;

export function offsetForLeaderEpoch({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: OffsetForLeaderEpochRequest,
    response: OffsetForLeaderEpochResponse,
    handle: ({ topics }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition: index, currentLeaderEpoch, leaderEpoch }) => {
          const partition = broker.partition(topic, index);
          if (partition === undefined) {
            return { partition: index, errorCode: KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION };
          }
          if (currentLeaderEpoch > LEADER_EPOCH) {
            return { partition: index, errorCode: KAFKA_ERRORS.UNKNOWN_LEADER_EPOCH };
          }
          const known =
            leaderEpoch === LEADER_EPOCH ? { leaderEpoch, endOffset: partition.log.endOffset } : {};
          return { partition: index, errorCode: KAFKA_ERRORS.NONE, ...known };
        }),
      })),
    }),
  });
}

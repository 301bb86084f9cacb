import type { Partition } from "../../../broker/partition.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  ListOffsetsRequest,
  ListOffsetsResponse,
} from "../../../wire/kafka/messages/02-list-offsets.ts";
import { readableEnd } from "../committed-records.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { leadershipError } from "../leadership-checks.ts";

/*
 * ListOffsets, versions 1-11. By time it answers the first record with a timestamp at or after the
 * one asked for, also inside a compressed batch, and -1/-1 when there is none. For a reader of committed
 * records the log ends at the last stable offset.
 */

type Log = Partition["log"];

const READ_COMMITTED = 1;
/** Asks any replica; the leader of a partition is asked otherwise. */
const DEBUGGING_REPLICA = -2;
const NONE = { offset: -1, timestamp: -1 };

/** What the negative timestamps of the protocol mean (KIP-32, KIP-734, KIP-405, KIP-1005, KIP-1023). */
const SPECIAL: ReadonlyMap<
  number,
  (log: Log, end: number) => { offset: number; timestamp: number }
> = new Map<number, (log: Log, end: number) => { offset: number; timestamp: number }>([
  [-1, (_log, end) => ({ offset: end, timestamp: -1 })],
  [-2, (log) => ({ offset: log.startOffset, timestamp: -1 })],
  [-3, (log, end) => found(log.maxTimestamp(), end)],
  [-4, (log) => ({ offset: log.startOffset, timestamp: -1 })],
  // Nothing is tiered, and nothing waits to be.
  [-5, () => NONE],
  [-6, () => NONE],
]);

function found(hit: { offset: number; timestampMs: number } | undefined, end: number) {
  return hit === undefined || hit.offset >= end
    ? NONE
    : { offset: hit.offset, timestamp: hit.timestampMs };
}

/** The first version in which each of them may be asked for. */
const SPECIAL_SINCE_VERSION: ReadonlyMap<number, number> = new Map([
  [-1, 1],
  [-2, 1],
  [-3, 7],
  [-4, 8],
  [-5, 9],
  [-6, 11],
]);

/** Whether a timestamp means something in this version. */
function isMeaningful(timestamp: number, version: number): boolean {
  return timestamp >= 0 || version >= (SPECIAL_SINCE_VERSION.get(timestamp) ?? Infinity);
}

function lookUp(log: Log, timestamp: number, end: number) {
  const special = SPECIAL.get(timestamp);
  return special === undefined ? found(log.offsetForTime(timestamp), end) : special(log, end);
}

export function listOffsets({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: ListOffsetsRequest,
    response: ListOffsetsResponse,
    handle: ({ replicaId, topics, isolationLevel }, { version, endpoint }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, currentLeaderEpoch, timestamp }) => {
          const error = (errorCode: number) => ({ ...NONE, partitionIndex, errorCode });
          if (!isMeaningful(timestamp, version)) return error(KAFKA_ERRORS.UNSUPPORTED_VERSION);
          const partition = broker.partition(name, partitionIndex);
          if (partition === undefined) return error(KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION);
          const { log, placement } = partition;
          const reader = replicaId === DEBUGGING_REPLICA ? "replica" : "leader";
          const moved = leadershipError(placement, endpoint.nodeId, currentLeaderEpoch, reader);
          if (moved !== KAFKA_ERRORS.NONE) return error(moved);
          const end = readableEnd(log, isolationLevel === READ_COMMITTED);
          const hit = lookUp(log, timestamp, end);
          const leaderEpoch = hit.offset < 0 ? -1 : log.leaderEpochAt(hit.offset);
          return { ...hit, partitionIndex, errorCode: KAFKA_ERRORS.NONE, leaderEpoch };
        }),
      })),
    }),
  });
}

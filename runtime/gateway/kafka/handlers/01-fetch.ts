import { randomInt } from "node:crypto";
import type { Partition } from "../../../broker/partition.ts";
import { waitForData } from "../../../broker/wait.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type FetchRequest as Request,
  FetchRequest,
  FetchResponse,
} from "../../../wire/kafka/messages/01-fetch.ts";
import { abortedWithin, batchesBefore, readableEnd } from "../committed-records.ts";
import { defineApi, type Gateway, type KafkaApi, type RequestContext } from "../api.ts";
import type { FetchPartition, FetchTopic } from "../fetch-session.ts";
import { FetchSessions } from "../fetch-sessions.ts";
import { LIMITS } from "../limits.ts";

/*
 * Fetch, versions 4-18. A long poll: it answers when `minBytes` are there, when a partition has an
 * error, or after `maxWaitMs`. Batches are sent as they lie in the log, whole, the one that contains
 * the asked offset first; the first non-empty partition always gets at least one batch (KIP-74).
 * In a session (KIP-227) a request names only what differs from the one before, and its answer holds
 * only what is new. A reader of committed records gets what is before the last stable offset, and the
 * list of aborted transactions within (KIP-98).
 */

const READ_COMMITTED = 1;
const NO_BYTES = Buffer.alloc(0);

/** One partition of the request, resolved. */
interface Wanted {
  readonly topicIndex: number;
  readonly request: FetchPartition;
  readonly partition: Partition | undefined;
  readonly unknown: number;
}

function errorOf({ partition, request, unknown }: Wanted): number {
  if (partition === undefined || partition.closed) return unknown;
  if (request.currentLeaderEpoch > 0) return KAFKA_ERRORS.UNKNOWN_LEADER_EPOCH;
  const { startOffset, endOffset } = partition.log;
  const inRange = request.fetchOffset >= startOffset && request.fetchOffset <= endOffset;
  return inRange ? KAFKA_ERRORS.NONE : KAFKA_ERRORS.OFFSET_OUT_OF_RANGE;
}

/** Bytes that a read would find, a few kilobytes too many or too few. */
function readableBytes({ partition, request }: Wanted, committed: boolean): number {
  if (partition === undefined) return 0;
  const { log } = partition;
  const end = readableEnd(log, committed);
  if (request.fetchOffset >= end) return 0;
  return Math.max(1, log.bytesFrom(request.fetchOffset) - log.bytesFrom(end));
}

function readPartition(
  wanted: Wanted,
  budget: { bytes: number; empty: boolean },
  committed: boolean,
  context: RequestContext,
) {
  const { partition, request } = wanted;
  const errorCode = errorOf(wanted);
  let records: Buffer = NO_BYTES;
  if (partition !== undefined && errorCode === KAFKA_ERRORS.NONE) {
    const maxBytes = Math.min(request.partitionMaxBytes, budget.bytes);
    const end = readableEnd(partition.log, committed);
    if (request.fetchOffset < end && (maxBytes > 0 || budget.empty)) {
      const read = partition.log.read(
        request.fetchOffset,
        Math.max(0, maxBytes),
        budget.empty,
        (bytes) => context.borrow(bytes),
      );
      if (read.kind === "data") records = committed ? batchesBefore(read.bytes, end) : read.bytes;
    }
  }
  if (records.length > 0) budget.empty = false;
  budget.bytes -= records.length;
  const known = errorCode === KAFKA_ERRORS.NONE ? partition : undefined;
  const isMissing = errorCode !== KAFKA_ERRORS.NONE && errorCode === wanted.unknown;
  const aborted =
    known && abortedWithin(known.log, request.fetchOffset, committed ? records : NO_BYTES);
  return {
    partitionIndex: request.partition,
    errorCode,
    highWatermark: known?.log.endOffset ?? -1,
    lastStableOffset: known?.log.lastStableOffset ?? -1,
    logStartOffset: known?.log.startOffset ?? -1,
    // For a partition that is not there Kafka has an empty list, whatever the reader wants.
    abortedTransactions: committed || isMissing ? (aborted ?? []) : null,
    records,
  };
}

export function fetch({ broker, clock }: Gateway): KafkaApi {
  const sessions = new FetchSessions(() => randomInt(1, 2 ** 31));

  function resolve(topics: readonly FetchTopic[], version: number): Wanted[] {
    const byId = version >= 13;
    return topics.flatMap((topic, topicIndex) => {
      const found = byId ? broker.topicById(topic.topicId) : broker.topic(topic.topic);
      const unknown =
        byId && found === undefined
          ? KAFKA_ERRORS.UNKNOWN_TOPIC_ID
          : KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION;
      return topic.partitions.map((partition) => ({
        topicIndex,
        request: partition,
        partition: found?.partitions[partition.partition],
        unknown,
      }));
    });
  }

  /** Waits until the logs have grown by what is missing to `minBytes`, or time is up. */
  async function waitForBytes(wanted: Wanted[], request: Request, context: RequestContext) {
    const partitions = wanted.flatMap(({ partition }) => partition ?? []);
    const committed = request.isolationLevel === READ_COMMITTED;
    const readable = () => wanted.reduce((sum, one) => sum + readableBytes(one, committed), 0);
    const deadlineMs = clock.nowMs() + Math.min(request.maxWaitMs, LIMITS.maxWaitMs);
    while (readable() < request.minBytes) {
      const leftMs = deadlineMs - clock.nowMs();
      if (leftMs <= 0) return;
      const wake = await waitForData(partitions, leftMs, clock, context.signal);
      if (wake !== "data" || partitions.some(({ closed }) => closed)) return;
    }
  }

  return defineApi({
    request: FetchRequest,
    response: FetchResponse,
    async handle(request, context) {
      const { version } = context;
      const session = sessions.begin(request, version, clock.nowMs());
      if (session.kind === "refused") {
        return { throttleTimeMs: 0, errorCode: session.errorCode, sessionId: 0, responses: [] };
      }
      const wanted = resolve(session.topics, version);
      const broken = wanted.some((one) => errorOf(one) !== KAFKA_ERRORS.NONE);
      if (!broken) await waitForBytes(wanted, request, context);
      const mayBytes = Math.min(request.maxBytes, LIMITS.maxFetchBytes, context.freeBytes());
      const budget = { bytes: mayBytes, empty: true };
      const committed = request.isolationLevel === READ_COMMITTED;
      const responses = session.topics.map(({ topic, topicId }) => ({
        topic,
        topicId,
        partitions: [] as ReturnType<typeof readPartition>[],
      }));
      for (const one of wanted) {
        responses[one.topicIndex]?.partitions.push(readPartition(one, budget, committed, context));
      }
      return { throttleTimeMs: 0, ...sessions.end(session, responses, version, clock.nowMs()) };
    },
  });
}

import { randomInt } from "node:crypto";
import type { Partition } from "../../../broker/partition.ts";
import { waitForData } from "../../../broker/wait.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type FetchRequest as Request,
  FetchRequest,
  FetchResponse,
} from "../../../wire/kafka/messages/01-fetch.ts";
import { abortedWithin, readableEnd } from "../committed-records.ts";
import { defineApi, type Gateway, type KafkaApi, type RequestContext } from "../api.ts";
import type { FetchPartition, FetchTopic } from "../fetch-session.ts";
import { FetchSessions } from "../fetch-sessions.ts";
import { leadershipError } from "../leadership-checks.ts";
import { LIMITS } from "../limits.ts";
import { leaderAddresses, leaderOf } from "../node-addresses.ts";

/*
 * Fetch, versions 4-18. A long poll: it answers when `minBytes` are there, when a partition has an
 * error, or after `maxWaitMs`. Batches are sent as they lie in the log, whole, the one that contains
 * the asked offset first; the first non-empty partition always gets at least one batch (KIP-74).
 * In a session (KIP-227) a request names only what differs from the one before, and its answer holds
 * only what is new. A reader of committed records gets what is before the last stable offset, and the
 * list of aborted transactions within (KIP-98). From version 11 on a consumer may fetch from any replica
 * (KIP-392), which here all have the same records. A node that cannot be fetched from says who leads, from
 * version 16 on (KIP-951). Not done: `lastFetchedEpoch`, which is for followers; logs here never diverge.
 */

const READ_COMMITTED = 1;
const FROM_REPLICAS_SINCE_VERSION = 11;
const LEADER_SINCE_VERSION = 16;
/** Errors after which a client looks for another leader. */
const MOVED: ReadonlySet<number> = new Set([
  KAFKA_ERRORS.NOT_LEADER_OR_FOLLOWER,
  KAFKA_ERRORS.FENCED_LEADER_EPOCH,
]);
const NO_BYTES = Buffer.alloc(0);

/** One partition of the request, resolved. */
interface Wanted {
  readonly topicIndex: number;
  readonly request: FetchPartition;
  readonly partition: Partition | undefined;
  readonly unknown: number;
}

function errorOf({ partition, request, unknown }: Wanted, context: RequestContext): number {
  if (partition === undefined || partition.closed) return unknown;
  const moved = leadershipError(
    partition.placement,
    context.endpoint.nodeId,
    request.currentLeaderEpoch,
    context.version >= FROM_REPLICAS_SINCE_VERSION ? "replica" : "leader",
  );
  if (moved !== KAFKA_ERRORS.NONE) return moved;
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
  const errorCode = errorOf(wanted, context);
  let records: Buffer = NO_BYTES;
  if (partition !== undefined && errorCode === KAFKA_ERRORS.NONE) {
    const maxBytes = Math.min(request.partitionMaxBytes, budget.bytes);
    const end = readableEnd(partition.log, committed);
    if (request.fetchOffset < end && (maxBytes > 0 || budget.empty)) {
      const limits = { maxBytes: Math.max(0, maxBytes), atLeastOne: budget.empty, end };
      const read = partition.log.read(request.fetchOffset, limits, (bytes) =>
        context.borrow(bytes),
      );
      if (read.kind === "data") records = read.bytes;
    }
  }
  if (records.length > 0) budget.empty = false;
  budget.bytes -= records.length;
  const known = errorCode === KAFKA_ERRORS.NONE ? partition : undefined;
  const isMissing = errorCode !== KAFKA_ERRORS.NONE && errorCode === wanted.unknown;
  const aborted =
    known && abortedWithin(known.log, request.fetchOffset, committed ? records : NO_BYTES);
  const isMoved = MOVED.has(errorCode) && context.version >= LEADER_SINCE_VERSION;
  return {
    ...(isMoved && partition && { currentLeader: leaderOf(partition.placement) }),
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
  /** Of each node. */
  const sessionsOf = new Map(
    broker.nodes.all().map((node) => [node, new FetchSessions(() => randomInt(1, 2 ** 31))]),
  );

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
      if (wake !== "data" || wanted.some((one) => errorOf(one, context) !== 0)) return;
    }
  }

  return defineApi({
    request: FetchRequest,
    response: FetchResponse,
    async handle(request, context) {
      const { version, endpoint } = context;
      const sessions = sessionsOf.get(endpoint.nodeId);
      if (sessions === undefined) throw new Error(`node ${endpoint.nodeId} has no sessions`);
      const session = sessions.begin(request, version, clock.nowMs());
      if (session.kind === "refused") {
        return { throttleTimeMs: 0, errorCode: session.errorCode, sessionId: 0, responses: [] };
      }
      const wanted = resolve(session.topics, version);
      const broken = wanted.some((one) => errorOf(one, context) !== KAFKA_ERRORS.NONE);
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
      const answers = responses.map(({ partitions }) => partitions);
      const nodeEndpoints = leaderAddresses(answers, endpoint);
      const end = sessions.end(session, responses, version, clock.nowMs());
      return { throttleTimeMs: 0, ...end, nodeEndpoints };
    },
  });
}

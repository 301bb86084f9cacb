import {
  BATCH_HEADER_BYTES,
  batchLength,
  lastOffsetOf,
  maxTimestampOf,
} from "../../record/batch.ts";
import { type Failure, failure } from "../outcome.ts";
import { chunkBytesOf } from "../scan/chunk-size.ts";
import { damaged, notScanned, removedMeanwhile } from "../scan/scan-failure.ts";
import type { ScanOutcome } from "../scan/scanner.ts";
import type { Buckets } from "../scan/task.ts";
import { MAX_STEP_MS, type ResolvedRange, type Step, type SurveyDeps } from "./range.ts";

/** Chunks that are on their way at once: one for each thread, and the next one for each. */
const MAX_IN_FLIGHT = 4;

/** What of a partition was counted in a step. */
export interface PartitionCounts {
  readonly partition: number;
  /** Earlier than the first bucket, each bucket, later than the last. */
  readonly counts: readonly number[];
}

export interface Tally extends Step {
  readonly kind: "tally";
  readonly partitions: readonly PartitionCounts[];
  readonly byHeader: number;
}

/**
 * One step of counting the wanted messages of a range by time, on all threads at once. The partition that
 * is furthest behind in time is counted next, so that what is counted grows in the order of time. A batch
 * that cannot be read fails the step only when nothing was counted before it; else the next one meets it.
 */
export async function tally(
  deps: SurveyDeps,
  range: ResolvedRange,
  task: { readonly buckets: Buckets; readonly exact: boolean },
  signal: AbortSignal,
): Promise<Tally | Failure> {
  const partitions = range.from.map(
    ({ partition, offset }, index) =>
      new CountedPartition(partition, offset, range.end[index]?.offset ?? offset, task.buckets),
  );
  const counting = new Counting(deps, range, task, partitions);
  const fault = await counting.run(signal);
  if (signal.aborted) return failure("cancelled", "The count was cancelled.");
  if (fault !== undefined && partitions.every((each) => !each.hasMoved)) return fault;
  const next = partitions.map(({ partition, nextOffset }) => ({ partition, offset: nextOffset }));
  return {
    ...{ kind: "tally", next, end: range.end, extents: range.extents },
    scanned: partitions.reduce((sum, each) => sum + each.scanned, 0),
    byHeader: partitions.reduce((sum, each) => sum + each.byHeader, 0),
    atEnd: next.every(({ offset }, index) => offset >= (range.end[index]?.offset ?? 0)),
    partitions: partitions.map(({ partition, counts }) => ({ partition, counts })),
  };
}

class CountedPartition {
  readonly partition: number;
  readonly endOffset: number;
  readonly counts: number[];
  scanned = 0;
  byHeader = 0;
  /** Everything below it has been counted. */
  nextOffset: number;
  /** Everything below it has been counted or is on its way. */
  readOffset: number;
  /** Up to which time it has been read. */
  readMs = -Infinity;
  /** Chunks on their way, in order. */
  readonly pending: Promise<ScanOutcome>[] = [];
  readonly #startOffset: number;

  constructor(partition: number, offset: number, endOffset: number, buckets: Buckets) {
    this.partition = partition;
    this.endOffset = endOffset;
    this.nextOffset = offset;
    this.readOffset = offset;
    this.#startOffset = offset;
    this.counts = Array.from({ length: buckets.count + 2 }, () => 0);
  }

  get hasMoved(): boolean {
    return this.nextOffset > this.#startOffset;
  }

  /** Takes in what has been counted, up to the first chunk that could not be. */
  async settle(topic: string): Promise<Failure | undefined> {
    for (const each of this.pending.splice(0)) {
      const outcome = await each;
      if (outcome.kind !== "scanned") return notScanned(outcome);
      const { counts, scanned, byHeader, nextOffset, damage } = outcome.result;
      for (const [place, count] of counts.entries()) {
        this.counts[place] = (this.counts[place] ?? 0) + count;
      }
      this.scanned += scanned;
      this.byHeader += byHeader;
      const isStuck = nextOffset === this.nextOffset;
      this.nextOffset = nextOffset;
      if (damage !== undefined) return damaged(topic, this.partition, nextOffset, damage);
      if (isStuck) {
        const stuck = { reason: "it is not where it should be", behindOffset: nextOffset + 1 };
        return damaged(topic, this.partition, nextOffset, stuck);
      }
    }
    return undefined;
  }
}

class Counting {
  readonly #deps: SurveyDeps;
  readonly #range: ResolvedRange;
  readonly #task: { readonly buckets: Buckets; readonly exact: boolean };
  readonly #partitions: readonly CountedPartition[];
  readonly #inFlight = new Set<Promise<ScanOutcome>>();
  #failed = false;

  constructor(
    deps: SurveyDeps,
    range: ResolvedRange,
    task: { readonly buckets: Buckets; readonly exact: boolean },
    partitions: readonly CountedPartition[],
  ) {
    this.#deps = deps;
    this.#range = range;
    this.#task = task;
    this.#partitions = partitions;
  }

  /** Counts until time is up or nothing is left; the first failure ends it. */
  async run(signal: AbortSignal): Promise<Failure | undefined> {
    const { clock } = this.#deps;
    const untilMs = clock.nowMs() + MAX_STEP_MS;
    let fault: Failure | undefined;
    for (let isFirst = true; isFirst || clock.nowMs() < untilMs; isFirst = false) {
      const partition = this.#furthestBehind();
      if (partition === undefined || signal.aborted || this.#failed) break;
      fault = await this.#dispatch(partition);
      if (fault !== undefined) break;
      while (this.#inFlight.size >= MAX_IN_FLIGHT) await Promise.race(this.#inFlight);
    }
    for (const each of this.#partitions) {
      const failed = await each.settle(this.#range.topic);
      fault ??= failed;
    }
    return fault;
  }

  #furthestBehind(): CountedPartition | undefined {
    let furthest: CountedPartition | undefined;
    for (const each of this.#partitions) {
      if (each.readOffset >= each.endOffset) continue;
      if (furthest === undefined || each.readMs < furthest.readMs) furthest = each;
    }
    return furthest;
  }

  async #dispatch(counted: CountedPartition): Promise<Failure | undefined> {
    const { cluster, scanner } = this.#deps;
    const { topic, filter } = this.#range;
    const { partition, readOffset: fromOffset, endOffset } = counted;
    const chunkBytes = chunkBytesOf(this.#partitions.length);
    const read = await cluster.read(topic, partition, fromOffset, chunkBytes, (bytes) =>
      scanner.allocate(bytes),
    );
    if (read.kind === "failed") return failure("disk", read.message);
    if (read.kind !== "data") return removedMeanwhile(topic, partition, fromOffset);
    const { bytes } = read;
    passOver(bytes, counted);
    const chunk = { bytes, partition, fromOffset, endOffset };
    const scan = scanner.scan({ filter, chunk, task: { kind: "tally", ...this.#task } });
    counted.pending.push(scan);
    void this.#follow(scan);
    return undefined;
  }

  async #follow(scan: Promise<ScanOutcome>): Promise<void> {
    this.#inFlight.add(scan);
    const outcome = await scan;
    this.#inFlight.delete(scan);
    this.#failed ||= outcome.kind !== "scanned" || outcome.result.damage !== undefined;
  }
}

/** Steps over what has been read. Where that makes no sense, who looks at it will say so. */
function passOver(bytes: Buffer, counted: CountedPartition): void {
  const before = counted.readOffset;
  for (let at = 0; at + BATCH_HEADER_BYTES <= bytes.length;) {
    const length = batchLength(bytes, at);
    if (length < BATCH_HEADER_BYTES || at + length > bytes.length) break;
    counted.readOffset = Math.max(counted.readOffset, lastOffsetOf(bytes, at) + 1);
    counted.readMs = Math.max(counted.readMs, maxTimestampOf(bytes, at));
    at += length;
  }
  if (counted.readOffset === before) counted.readOffset = counted.endOffset;
}

import type { Cluster } from "../../cluster/cluster.ts";
import { BATCH_HEADER_BYTES, readBatchHeader } from "../../record/batch.ts";
import { type Failure, failure } from "../outcome.ts";
import type { Buckets } from "../scan/task.ts";
import {
  type Range,
  type ResolvedRange,
  resolveRange,
  type Step,
  type SurveyDeps,
} from "./range.ts";
import { type PartitionCounts, tally } from "./tally.ts";

export interface Times {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface HistogramRequest extends Range {
  /** What the buckets cover; found out when undefined. */
  readonly times: Times | undefined;
  /** Wanted number of buckets, at least 1. */
  readonly buckets: number;
  readonly by: "topic" | "partition";
  /** Looks at every message even where the header of a batch would do. */
  readonly exact: boolean;
  /** Most counts to give: buckets times partitions. */
  readonly maxCounts: number;
}

export interface Series {
  /** Undefined for the whole topic. */
  readonly partition: number | undefined;
  readonly counts: readonly number[];
  readonly earlier: number;
  readonly later: number;
}

export interface Histogram extends Step {
  readonly kind: "histogram";
  readonly times: Times;
  readonly bucketMs: number;
  readonly series: readonly Series[];
  readonly byHeader: number;
}

/** One step of counting the wanted messages of a range in buckets of time. */
export async function histogram(
  deps: SurveyDeps,
  request: HistogramRequest,
  signal: AbortSignal,
): Promise<Histogram | Failure> {
  const range = await resolveRange(deps.cluster, request);
  if (range.kind === "failed") return range;
  const times = request.times ?? (await timesOf(deps.cluster, range));
  const buckets = divide(times, request.buckets);
  if (range.extents.length * buckets.count > request.maxCounts) {
    const most = Math.floor(request.maxCounts / range.extents.length);
    const message = `buckets: expected at most ${most} for ${range.extents.length} partitions.`;
    return failure("bad-request", message);
  }
  const step = await tally(deps, range, { buckets, exact: request.exact }, signal);
  if (step.kind === "failed") return step;
  const { next, end, extents, scanned, atEnd, byHeader } = step;
  const series =
    request.by === "partition"
      ? step.partitions.map(({ partition, counts }) => seriesOf(partition, counts))
      : [seriesOf(undefined, sumOf(step.partitions, buckets.count + 2))];
  return {
    ...{ kind: "histogram", times, bucketMs: buckets.bucketMs, series, byHeader },
    ...{ next, end, extents, scanned, atEnd },
  };
}

/** As many buckets of whole milliseconds as cover the times, at most so many as wanted. */
export function divide({ fromMs, toMs }: Times, wanted: number): Buckets {
  const bucketMs = Math.max(1, Math.ceil((toMs - fromMs) / wanted));
  return { fromMs, toMs, bucketMs, count: Math.max(1, Math.ceil((toMs - fromMs) / bucketMs)) };
}

function seriesOf(partition: number | undefined, counts: readonly number[]): Series {
  const last = counts.length - 1;
  const [earlier = 0, later = 0] = [counts[0], counts[last]];
  return { partition, counts: counts.slice(1, last), earlier, later };
}

function sumOf(partitions: readonly PartitionCounts[], length: number): number[] {
  const sums = Array.from({ length }, () => 0);
  for (const { counts } of partitions) {
    for (const [place, count] of counts.entries()) sums[place] = (sums[place] ?? 0) + count;
  }
  return sums;
}

/** From the first time in the first batch of a partition to the latest one in the last batch of one. */
async function timesOf(cluster: Cluster, range: ResolvedRange): Promise<Times> {
  let [fromMs, lastMs] = [Infinity, -Infinity];
  for (const [index, { partition, offset }] of range.from.entries()) {
    const end = range.end[index]?.offset ?? offset;
    if (end <= offset) continue;
    for (const place of [offset, end - 1]) {
      const read = await cluster.read(range.topic, partition, place, 1);
      if (read.kind !== "data" || read.bytes.length < BATCH_HEADER_BYTES) continue;
      const { baseTimestampMs, maxTimestampMs } = readBatchHeader(read.bytes, 0);
      for (const timeMs of [baseTimestampMs, maxTimestampMs]) {
        // A message without a time has -1.
        if (timeMs < 0) continue;
        fromMs = Math.min(fromMs, timeMs);
        lastMs = Math.max(lastMs, timeMs);
      }
    }
  }
  return lastMs < 0 ? { fromMs: 0, toMs: 1 } : { fromMs, toMs: lastMs + 1 };
}

import type { HistogramResult, TimeSpan } from "../../runtime/api/survey.ts";

/** Volume over time, as far as it has been counted. */
export interface Histogram {
  readonly times: TimeSpan;
  /** Bucket i is from `times.fromMs + i * bucketMs` on; the last may be shorter. */
  readonly bucketMs: number;
  readonly counts: readonly number[];
  readonly scanned: number;
  /** Nothing is left to be counted. */
  readonly isWhole: boolean;
}

/** What one step has counted, added to what those before it have. */
export function added(before: Histogram | undefined, step: HistogramResult): Histogram {
  const length = Math.max(...step.series.map(({ counts }) => counts.length), 0);
  const counts = Array.from({ length }, (_, bucket) =>
    step.series.reduce(
      (sum, series) => sum + (series.counts[bucket] ?? 0),
      before?.counts[bucket] ?? 0,
    ),
  );
  return {
    times: step.times,
    bucketMs: step.bucketMs,
    counts,
    scanned: (before?.scanned ?? 0) + step.scanned,
    isWhole: step.atEnd,
  };
}

/** A run of buckets, `from` up to, not including, `to`. */
export interface Brush {
  readonly from: number;
  readonly to: number;
}

/** The run between two buckets, in whichever order they were touched. */
export function brushBetween(one: number, other: number, buckets: number): Brush {
  const within = (bucket: number) => Math.min(Math.max(0, bucket), Math.max(0, buckets - 1));
  const [first, last] = [within(Math.min(one, other)), within(Math.max(one, other))];
  return { from: first, to: last + 1 };
}

/** With one of its ends so many buckets further; it always holds at least one. */
export function movedEnd(brush: Brush, end: "from" | "to", by: number, buckets: number): Brush {
  if (end === "from") {
    return { ...brush, from: Math.min(Math.max(0, brush.from + by), brush.to - 1) };
  }
  return { ...brush, to: Math.min(Math.max(brush.from + 1, brush.to + by), buckets) };
}

/** The times that a brush covers. */
export function spanOf({ from, to }: Brush, { times, bucketMs }: Histogram): TimeSpan {
  const fromMs = Math.floor(times.fromMs + from * bucketMs);
  const toMs = Math.min(Math.ceil(times.fromMs + to * bucketMs), times.toMs);
  return { fromMs, toMs: Math.max(toMs, fromMs + 1) };
}

/** The brush that covers some times, or all when undefined. */
export function brushOf(span: TimeSpan | undefined, histogram: Histogram): Brush {
  const { times, bucketMs, counts } = histogram;
  if (span === undefined) return { from: 0, to: counts.length };
  const from = Math.floor((span.fromMs - times.fromMs) / bucketMs);
  const to = Math.ceil((Math.min(span.toMs, times.toMs) - times.fromMs) / bucketMs);
  return brushBetween(from, Math.max(from, to - 1), counts.length);
}

/** Messages of the buckets of a brush. */
export function countOf({ from, to }: Brush, { counts }: Histogram): number {
  return counts.slice(from, to).reduce((sum, count) => sum + count, 0);
}

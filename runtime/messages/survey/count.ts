import type { Failure } from "../outcome.ts";
import { ALL_TIMES, type Buckets } from "../scan/task.ts";
import { type Range, resolveRange, type Step, type SurveyDeps } from "./range.ts";
import { tally } from "./tally.ts";

export interface CountRequest extends Range {
  /** Only messages with a timestamp in here; all when undefined. */
  readonly times: { readonly fromMs: number; readonly toMs: number } | undefined;
}

export interface Count extends Step {
  readonly kind: "count";
  readonly count: number;
}

/** One step of counting the wanted messages of a range. Without a filter the headers of batches are enough. */
export async function countMessages(
  deps: SurveyDeps,
  request: CountRequest,
  signal: AbortSignal,
): Promise<Count | Failure> {
  const range = await resolveRange(deps.cluster, request);
  if (range.kind === "failed") return range;
  const buckets = request.times === undefined ? ALL_TIMES : oneBucket(request.times);
  const step = await tally(deps, range, { buckets, exact: true }, signal);
  if (step.kind === "failed") return step;
  const { next, end, extents, scanned, atEnd } = step;
  const count = step.partitions.reduce((sum, { counts }) => sum + (counts[1] ?? 0), 0);
  return { kind: "count", count, next, end, extents, scanned, atEnd };
}

function oneBucket({ fromMs, toMs }: NonNullable<CountRequest["times"]>): Buckets {
  return { fromMs, toMs, bucketMs: toMs - fromMs, count: 1 };
}

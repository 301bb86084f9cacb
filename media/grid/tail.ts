import type { PartitionCursor, PartitionSummary } from "../../runtime/api/model.ts";

/** Messages by which a live grid may fall behind before it goes on nearer to the end. */
export const MAX_BEHIND = 10_000;
/** Messages before the end at which it then goes on. */
export const KEPT_BEHIND = 1_000;

/**
 * How a grid follows the end. `catching-up` reads all that was missed; `following` passes over what
 * comes faster than a person could see, and counts it.
 */
export type TailMode = "off" | "following" | "catching-up" | "paused";

export interface Tail {
  readonly mode: TailMode;
  /** Messages that were passed over since reading began, in offsets. */
  readonly skipped: number;
}

export const NO_TAIL: Tail = { mode: "off", skipped: 0 };

/** Offsets from each cursor to the end of its partition; what retention has taken is not among them. */
export function behindOf(
  next: readonly PartitionCursor[],
  extents: readonly PartitionSummary[],
): number {
  const known = new Map(extents.map((one) => [one.partition, one]));
  return next.reduce((sum, { partition, offset }) => {
    const extent = known.get(partition);
    if (extent === undefined) return sum;
    return sum + Math.max(0, extent.endOffset - Math.max(offset, extent.startOffset));
  }, 0);
}

/** Cursors `count` messages before the end of all partitions together, never before where they were. */
export function nearEnd(
  next: readonly PartitionCursor[],
  extents: readonly PartitionSummary[],
  count: number,
): readonly PartitionCursor[] {
  const known = new Map(extents.map((one) => [one.partition, one]));
  const each = Math.ceil(count / Math.max(1, next.length));
  return next.map(({ partition, offset }) => {
    const end = known.get(partition)?.endOffset ?? offset;
    return { partition, offset: Math.max(offset, end - each) };
  });
}

/** What a tail has come to after a page, and where it goes on. */
export function afterPage(
  tail: Tail,
  next: readonly PartitionCursor[],
  extents: readonly PartitionSummary[],
): { readonly tail: Tail; readonly next: readonly PartitionCursor[] } {
  const behind = behindOf(next, extents);
  if (tail.mode === "catching-up" && behind <= KEPT_BEHIND) {
    return { tail: { ...tail, mode: "following" }, next };
  }
  if (tail.mode !== "following" || behind <= MAX_BEHIND) return { tail, next };
  return jumped(tail, next, extents);
}

/** Goes on near the end, and counts what lies between. */
export function jumped(
  tail: Tail,
  next: readonly PartitionCursor[],
  extents: readonly PartitionSummary[],
): { readonly tail: Tail; readonly next: readonly PartitionCursor[] } {
  const near = nearEnd(next, extents, KEPT_BEHIND);
  const skipped = tail.skipped + behindOf(next, extents) - behindOf(near, extents);
  return { tail: { mode: "following", skipped }, next: near };
}

/** Offsets of these cursors that the partitions do not hold any more: retention was faster than reading. */
export function removedSince(
  cursors: readonly PartitionCursor[],
  extents: readonly PartitionSummary[],
): number {
  const known = new Map(extents.map((one) => [one.partition, one.startOffset]));
  return cursors.reduce(
    (sum, { partition, offset }) => sum + Math.max(0, (known.get(partition) ?? 0) - offset),
    0,
  );
}

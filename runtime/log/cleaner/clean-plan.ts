import type { CompactionConfig } from "../log-config.ts";

/** A segment as far as the decision whether to compact needs it. */
export interface SealedExtent {
  readonly baseOffset: number;
  /** The offset after its last record. */
  readonly nextOffset: number;
  readonly sizeBytes: number;
  readonly maxTimestampMs: number;
}

export interface CleanPlan {
  /** Everything before it has been compacted before. */
  readonly firstDirty: number;
  /** Compaction ends here, at the end of a segment. */
  readonly end: number;
  /** The share of bytes that have not been compacted. */
  readonly ratio: number;
}

/**
 * What of a log may be compacted now, of the segments that are sealed and hold nothing of an open
 * transaction; undefined when there is nothing. `checkpoint` is up to where it was compacted before.
 */
export function planCleaning(
  sealed: readonly SealedExtent[],
  checkpoint: number,
  { minCompactionLagMs }: CompactionConfig,
  nowMs: number,
): CleanPlan | undefined {
  const start = sealed[0]?.baseOffset ?? 0;
  const sealedEnd = sealed.at(-1)?.nextOffset ?? 0;
  // A checkpoint outside of the log is about another one: this is compacted from its beginning.
  const firstDirty = checkpoint < start || checkpoint > sealedEnd ? start : checkpoint;
  let clean = 0;
  let dirty = 0;
  let end = firstDirty;
  for (const { nextOffset, sizeBytes, maxTimestampMs } of sealed) {
    if (nextOffset <= firstDirty) {
      clean += sizeBytes;
      continue;
    }
    if (minCompactionLagMs > 0 && maxTimestampMs > nowMs - minCompactionLagMs) break;
    dirty += sizeBytes;
    end = nextOffset;
  }
  return dirty === 0 ? undefined : { firstDirty, end, ratio: dirty / (clean + dirty) };
}

/**
 * Divides segments into runs that become one segment each, so that what compaction leaves of many does
 * not stay many: at most `maxBytes`, and not more offsets than an index can tell apart.
 */
export function groupSegments<T extends SealedExtent>(
  segments: readonly T[],
  maxBytes: number,
): T[][] {
  const groups: T[][] = [];
  let bytes = 0;
  for (const segment of segments) {
    const group = groups.at(-1);
    const first = group?.[0];
    const fits =
      first !== undefined &&
      bytes + segment.sizeBytes <= maxBytes &&
      segment.nextOffset - first.baseOffset < 2 ** 31;
    if (group !== undefined && fits) {
      group.push(segment);
      bytes += segment.sizeBytes;
    } else {
      groups.push([segment]);
      bytes = segment.sizeBytes;
    }
  }
  return groups;
}

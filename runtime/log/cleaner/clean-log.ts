import type { PartitionLog } from "../partition-log.ts";
import { Segment, SEGMENT_SUFFIX, type SegmentDeps } from "../segment.ts";
import { BatchRules, TransactionTracker } from "./batch-rules.ts";
import { batchesOf, SegmentWriter } from "./batch-stream.ts";
import { type CleanPlan, groupSegments } from "./clean-plan.ts";
import { type CleanStep, Slice, TURN } from "./clean-step.ts";
import { compactBatch, type KeyRules, recordsOf } from "./compact-batch.ts";
import { OffsetMap } from "./offset-map.ts";
import { CLEANED_SUFFIX, cleanedFiles, finishSwap, SWAP_SUFFIX } from "./swap.ts";

/** Memory for the newest offset of each key: some 520,000 keys. More take more than one pass. */
export const MAX_MAP_BYTES = 16 * 1024 * 1024;
interface CleanOptions {
  readonly deps: SegmentDeps;
  readonly deleteRetentionMs: number;
  readonly nowMs: number;
  readonly maxMapBytes: number;
}

/** Finishes replacements that the disk did not let be finished before. Throws StorageError. */
function finishAll(log: PartitionLog, deps: SegmentDeps): void {
  for (const segment of log.stable) {
    if (!segment.isInPlace) finishSwap(log.folder, segment, deps);
  }
}

/**
 * Compacts a log, one pass over it in steps. Between them the log may be appended to and read, but not
 * lose segments. Ended early it leaves a log that is sound and in part compacted. Returns up to where
 * the log is compacted now. Throws StorageError.
 */
export function* cleanLog(
  log: PartitionLog,
  plan: CleanPlan,
  options: CleanOptions,
): Generator<CleanStep, number | undefined, void> {
  finishAll(log, options.deps);
  const segments = log.stable.filter(({ baseOffset }) => baseOffset < plan.end);
  const slice = new Slice();
  const { map, knownUpTo } = yield* learnKeys(log, segments, plan, options, slice);
  // A record goes only once the newer one of its key is on the device, with the marker that commits it.
  yield [...log.recordFilesFrom(plan.firstDirty), log.folder];
  const { nowMs, deleteRetentionMs } = options;
  const aborted = log.abortedTransactions(log.startOffset, plan.end);
  const producers = new Map(log.producers.committed());
  const rules = new BatchRules(aborted, producers, nowMs);
  const keys = {
    newest: (key: Buffer) => map.get(key),
    knownUpTo,
    nowMs,
    deleteRetentionMs,
  };
  const cleanable = segments.filter(({ baseOffset }) => baseOffset < knownUpTo);
  for (const group of groupSegments(cleanable, log.config.segmentBytes)) {
    yield* cleanGroup(log, group, rules, keys, options.deps, slice);
  }
  return knownUpTo;
}

/** Reads what has not been compacted before for the newest offset of each key. */
function* learnKeys(
  log: PartitionLog,
  segments: readonly Segment[],
  { firstDirty, end }: CleanPlan,
  { deps, maxMapBytes }: CleanOptions,
  slice: Slice,
): Generator<CleanStep, { readonly map: OffsetMap; readonly knownUpTo: number }, void> {
  const map = new OffsetMap(end - firstDirty, maxMapBytes);
  const transactions = new TransactionTracker(log.abortedTransactions(firstDirty, end));
  for (const segment of segments.filter(({ nextOffset }) => nextOffset > firstDirty)) {
    for (const { bytes, header } of batchesOf(deps.files, segment)) {
      const isOld = header.baseOffset + header.lastOffsetDelta < firstDirty;
      const counts = !isOld && !header.isControl && !transactions.isAborted(header);
      for (const { key, offset } of (counts ? recordsOf(bytes, header) : undefined) ?? []) {
        if (key === null) continue;
        if (map.isFull && map.get(key) < 0) return { map, knownUpTo: offset };
        map.put(key, offset);
        if (slice.isOver(1, 0)) yield TURN;
      }
      if (slice.isOver(0, header.lengthBytes)) yield TURN;
    }
  }
  return { map, knownUpTo: end };
}

/** Makes one segment of several, without what does not stay, and puts it in their place. */
function* cleanGroup(
  log: PartitionLog,
  group: readonly Segment[],
  rules: BatchRules,
  keys: KeyRules,
  deps: SegmentDeps,
  slice: Slice,
): Generator<CleanStep, void, void> {
  const [first] = group;
  if (first === undefined) return;
  const { folder } = log;
  const suffix = SEGMENT_SUFFIX + CLEANED_SUFFIX;
  const cleaned = new Segment(folder, first.baseOffset, deps, undefined, suffix);
  deps.indexes.pin(cleaned);
  try {
    const changed = yield* writeCleaned(log, group, cleaned, rules, keys, deps, slice);
    if (!changed) return;
    cleaned.writeIndexes(CLEANED_SUFFIX);
    yield [...cleanedFiles(folder, first.baseOffset), folder];
    cleaned.renameTo(SWAP_SUFFIX);
    log.replaceSegments(group, cleaned);
  } finally {
    if (cleaned.path.endsWith(CLEANED_SUFFIX)) {
      deps.indexes.forget(cleaned);
      deps.files.close(cleaned.path);
      for (const file of cleanedFiles(folder, first.baseOffset)) deps.fs.remove(file);
    }
  }
  yield [folder];
  finishSwap(folder, cleaned, deps);
}

/** Writes what stays of the segments; returns whether it is anything else than what there was. */
function* writeCleaned(
  { config }: PartitionLog,
  group: readonly Segment[],
  cleaned: Segment,
  rules: BatchRules,
  keys: KeyRules,
  deps: SegmentDeps,
  slice: Slice,
): Generator<CleanStep, boolean, void> {
  const writer = new SegmentWriter(deps.files, cleaned, config.indexIntervalBytes);
  let changed = group.length > 1;
  for (const segment of group) {
    for (const { bytes, header, isLast } of batchesOf(deps.files, segment)) {
      const fate = rules.decide(header);
      // The last batch of all says where the segment ends: the next one has to begin there.
      const isEnd = isLast && segment === group.at(-1);
      const keepEmpty = fate.keepEmpty || isEnd;
      const left = yield* compactBatch(bytes, header, { ...fate, keepEmpty }, keys, slice);
      changed ||= left !== bytes;
      if (left !== undefined) writer.add(left);
      if (slice.isOver(0, header.lengthBytes)) yield TURN;
    }
  }
  writer.flush();
  return changed;
}

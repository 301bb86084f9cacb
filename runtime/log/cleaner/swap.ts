/** How a compacted segment takes the place of others; the steps are in FORMAT.md, "Compaction". */
import path from "node:path";
import type { Logger } from "../../core/logger.ts";
import type { FileSystem } from "../fs.ts";
import { scanBatches } from "../scan.ts";
import {
  COMPANION_SUFFIXES,
  nameAt,
  OFFSET_INDEX_SUFFIX,
  offsetInName,
  type Segment,
  SEGMENT_SUFFIX,
  type SegmentDeps,
  SNAPSHOT_SUFFIX,
  TIME_INDEX_SUFFIX,
} from "../segment.ts";

/** Of files that are being written; they may go at any time. */
export const CLEANED_SUFFIX = ".cleaned";
/** Of a segment that is whole and takes the place of all segments whose offsets it covers. */
export const SWAP_SUFFIX = `${SEGMENT_SUFFIX}.swap`;

const INDEXES = [OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX];

/** Every file of a replacement that is being written. */
export function cleanedFiles(folder: string, baseOffset: number): string[] {
  return [SEGMENT_SUFFIX, ...INDEXES].map((suffix) =>
    path.join(folder, nameAt(baseOffset, suffix + CLEANED_SUFFIX)),
  );
}

/** Puts a segment that ends in `.swap` in place. Can be done again when the disk refused a part. */
export function finishSwap(folder: string, segment: Segment, deps: SegmentDeps): void {
  removeReplaced(folder, deps.fs, segment.baseOffset, segment.nextOffset);
  segment.renameTo(SEGMENT_SUFFIX);
  try {
    placeIndexes(folder, deps.fs, segment.baseOffset);
  } finally {
    deps.indexes.unpin(segment);
  }
}

/**
 * Finishes replacements that a crash interrupted and removes those that had not got as far as `.swap`.
 * Returns what is in the folder then. Throws StorageError.
 */
export function recoverSwaps(
  folder: string,
  deps: SegmentDeps & { readonly logger: Logger },
): readonly string[] {
  const { fs } = deps;
  const names = fs.list(folder);
  const isLeft = (name: string) => name.endsWith(SWAP_SUFFIX) || name.endsWith(CLEANED_SUFFIX);
  if (!names.some(isLeft)) return names;
  for (const name of names) {
    const baseOffset = offsetInName(name, SWAP_SUFFIX);
    if (baseOffset === undefined) continue;
    const file = path.join(folder, name);
    const end = endOfSound(file, deps);
    if (end === undefined) {
      deps.logger.warn(`${file} is damaged: the segments it was made from are kept`);
      fs.remove(file);
      continue;
    }
    removeReplaced(folder, fs, baseOffset, end);
    fs.rename(file, path.join(folder, nameAt(baseOffset, SEGMENT_SUFFIX)));
    placeIndexes(folder, fs, baseOffset);
  }
  for (const name of fs.list(folder)) {
    if (name.endsWith(CLEANED_SUFFIX)) fs.remove(path.join(folder, name));
  }
  return fs.list(folder);
}

/** The offset after the last batch, or undefined unless every byte is as it should be. */
function endOfSound(file: string, deps: SegmentDeps): number | undefined {
  const open = deps.files.use(file);
  const size = open.size();
  let next: number | undefined;
  const { end } = scanBatches(open, {
    from: 0,
    to: size,
    crcFrom: 0,
    visit: ({ baseOffset, lastOffsetDelta }) => {
      next = baseOffset + lastOffsetDelta + 1;
      return true;
    },
  });
  deps.files.close(file);
  return end === size ? next : undefined;
}

/** Removes the segments after `baseOffset` and before `end` with all that is beside them, and the indexes of the first. */
function removeReplaced(folder: string, fs: FileSystem, baseOffset: number, end: number): void {
  for (const name of fs.list(folder)) {
    const isReplaced = [SEGMENT_SUFFIX, ...COMPANION_SUFFIXES].some((suffix) => {
      const offset = offsetInName(name, suffix);
      if (offset === baseOffset) return suffix !== SEGMENT_SUFFIX && suffix !== SNAPSHOT_SUFFIX;
      return offset !== undefined && offset > baseOffset && offset < end;
    });
    if (isReplaced) fs.remove(path.join(folder, name));
  }
}

function placeIndexes(folder: string, fs: FileSystem, baseOffset: number): void {
  const names = new Set(fs.list(folder));
  for (const suffix of INDEXES) {
    const name = nameAt(baseOffset, suffix);
    if (!names.has(name + CLEANED_SUFFIX)) continue;
    fs.rename(path.join(folder, name + CLEANED_SUFFIX), path.join(folder, name));
  }
}

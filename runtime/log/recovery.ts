import path from "node:path";
import type { Logger } from "../core/logger.ts";
import { decodeProducers, encodeProducers } from "./producer-snapshot.ts";
import { ProducerState } from "./producer-state.ts";
import { scanBatches } from "./scan.ts";
import {
  nameAt,
  OFFSET_INDEX_SUFFIX,
  offsetInName,
  Segment,
  SEGMENT_SUFFIX,
  type SegmentDeps,
  SNAPSHOT_SUFFIX,
  TIME_INDEX_SUFFIX,
} from "./segment.ts";

/** Up to where a log is known to be sound, from the checkpoint file. */
export interface RecoveryPoint {
  readonly segmentOffset: number;
  /** Bytes of that segment that were on the device. */
  readonly position: number;
}

export interface RecoveredLog {
  /** In order of offset, at least one. The last one grows. */
  readonly segments: Segment[];
  readonly producers: ProducerState;
}

interface RecoveryDeps extends SegmentDeps {
  readonly logger: Logger;
}

const COMPANIONS = [OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX, SNAPSHOT_SUFFIX];
const TEMPORARY = /^\..*\.tmp$/;

/**
 * Finds the segments of a log, cuts off what a crash left half-written at its end, and rebuilds the
 * last segment's indexes and the producer state. Numbered steps are in FORMAT.md, "Recovery". Throws
 * StorageError.
 */
export function recoverLog(
  folder: string,
  deps: RecoveryDeps,
  indexIntervalBytes: number,
  known: RecoveryPoint | undefined,
): RecoveredLog {
  const names = deps.fs.list(folder);
  const offsets = offsetsOf(names, SEGMENT_SUFFIX);
  const pointOffset = known?.segmentOffset ?? 0;
  const doubtful = offsets.filter((offset) => offset >= pointOffset);
  const goesOnAt = Math.max(pointOffset, offsetsOf(names, SNAPSHOT_SUFFIX).at(-1) ?? 0);
  const producers = readSnapshot(folder, doubtful[0] ?? goesOnAt, deps);
  const segments = takeAsTheyAre(
    folder,
    deps,
    offsets.filter((offset) => offset < pointOffset),
    doubtful[0] ?? goesOnAt,
  );
  if (doubtful.length === 0) {
    segments.push(new Segment(folder, goesOnAt, deps));
  } else {
    segments.push(...readAgain(folder, deps, doubtful, indexIntervalBytes, known, producers));
  }
  removeStrays(folder, deps, names, segments);
  return { segments, producers };
}

/** Offsets in the names with this suffix, in order. */
function offsetsOf(names: readonly string[], suffix: string): number[] {
  return names.flatMap((name) => offsetInName(name, suffix) ?? []).sort((a, b) => a - b);
}

function takeAsTheyAre(
  folder: string,
  deps: SegmentDeps,
  offsets: readonly number[],
  end: number,
): Segment[] {
  return offsets.map((offset, i) => {
    const sizeBytes = deps.files.use(path.join(folder, nameAt(offset, SEGMENT_SUFFIX))).size();
    return new Segment(folder, offset, deps, { sizeBytes, nextOffset: offsets[i + 1] ?? end });
  });
}

/** Reads segments that may not be whole, and gives up those that come after the first hole. */
function readAgain(
  folder: string,
  deps: RecoveryDeps,
  offsets: readonly number[],
  indexIntervalBytes: number,
  known: RecoveryPoint | undefined,
  producers: ProducerState,
): Segment[] {
  const segments: Segment[] = [];
  let isWhole = true;
  for (const offset of offsets) {
    const previous = segments.at(-1);
    if (previous !== undefined) {
      if (previous.nextOffset !== offset) break;
      previous.writeIndexes();
      deps.indexes.unpin(previous);
    }
    const segment = new Segment(folder, offset, deps);
    // The one on disk may not have reached the device before a power cut.
    if (previous !== undefined) segment.writeSnapshot(encodeProducers(producers));
    deps.indexes.pin(segment);
    segments.push(segment);
    const crcFrom = known?.segmentOffset === offset ? known.position : 0;
    isWhole = replay(segment, deps, crcFrom, indexIntervalBytes, producers);
    if (!isWhole) break;
  }
  const dropped = offsets.slice(segments.length);
  for (const offset of dropped) {
    deps.logger.warn(
      `${folder}: dropped the segment at offset ${offset}, which does not follow what is before it`,
    );
    new Segment(folder, offset, deps).remove();
  }
  const last = segments.at(-1);
  if (last !== undefined && (!isWhole || dropped.length > 0)) {
    // Or a power cut could bring it back, after other records have got the same offsets.
    deps.fs.syncNow([last.path, folder]);
  }
  return segments;
}

/**
 * Reads a segment's headers, and its contents past `crcFrom`, and truncates it where they end. Returns
 * whether nothing had to be cut off.
 */
function replay(
  segment: Segment,
  deps: RecoveryDeps,
  crcFrom: number,
  indexIntervalBytes: number,
  producers: ProducerState,
): boolean {
  const file = deps.files.use(segment.path);
  const size = file.size();
  const { end, fault } = scanBatches(file, {
    from: 0,
    to: size,
    crcFrom,
    visit: (header, position) => {
      if (header.baseOffset < segment.nextOffset) return false;
      segment.add(header, position, indexIntervalBytes);
      producers.add(header, header.baseOffset);
      producers.commit();
      return true;
    },
  });
  if (end === size) return true;
  file.truncate(end);
  const why = fault ?? "its offset does not follow";
  deps.logger.warn(
    `${segment.path}: dropped the last ${size - end} bytes (${why}); the log ends at offset ${segment.nextOffset}`,
  );
  return false;
}

function readSnapshot(folder: string, offset: number, deps: RecoveryDeps): ProducerState {
  const file = path.join(folder, nameAt(offset, SNAPSHOT_SUFFIX));
  const bytes = deps.fs.readFile(file);
  if (bytes === undefined) return new ProducerState();
  const state = decodeProducers(bytes);
  if (state !== undefined) return state;
  deps.logger.warn(`${file} is damaged: idempotent producers start anew`);
  return new ProducerState();
}

/** Removes indexes and snapshots that belong to no segment, and what interrupted replacements left. */
function removeStrays(
  folder: string,
  deps: SegmentDeps,
  names: readonly string[],
  segments: readonly Segment[],
): void {
  const bases = new Set(segments.map(({ baseOffset }) => baseOffset));
  for (const name of names) {
    const isStray = COMPANIONS.some((suffix) => {
      const offset = offsetInName(name, suffix);
      return offset !== undefined && !bases.has(offset);
    });
    if (isStray || TEMPORARY.test(name)) deps.fs.remove(path.join(folder, name));
  }
}

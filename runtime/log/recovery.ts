import path from "node:path";
import type { Logger } from "../core/logger.ts";
import type { BatchHeader } from "../record/batch.ts";
import { MAX_CONTROL_BATCH_BYTES, readEndMarker } from "../record/control.ts";
import { recoverSwaps } from "./cleaner/swap.ts";
import type { OpenFile } from "./fs.ts";
import { LeaderEpochs, readLeaderEpochs } from "./leader-epochs.ts";
import { decodeProducers, encodeProducers, type ProducerSnapshot } from "./producer-snapshot.ts";
import { ProducerState } from "./producer-state.ts";
import { scanBatches } from "./scan.ts";
import {
  COMPANION_SUFFIXES,
  nameAt,
  offsetInName,
  Segment,
  SEGMENT_SUFFIX,
  type SegmentDeps,
  SNAPSHOT_SUFFIX,
} from "./segment.ts";
import { OpenTransactions } from "./transactions.ts";

/** Up to where a log is known to be sound, from the checkpoint file. */
export interface RecoveryPoint {
  readonly segmentOffset: number;
  /** Bytes of that segment that were on the device. */
  readonly position: number;
}

export interface RecoveredLog extends ProducerSnapshot {
  /** In order of offset, at least one. The last one grows. */
  readonly segments: Segment[];
  /** Files that were there. */
  readonly names: readonly string[];
  readonly epochs: LeaderEpochs;
}

/** What is learned from the headers of batches. */
interface LearnedState extends ProducerSnapshot {
  readonly epochs: LeaderEpochs;
}

interface RecoveryDeps extends SegmentDeps {
  readonly logger: Logger;
}

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
  const names = recoverSwaps(folder, deps);
  const offsets = offsetsOf(names, SEGMENT_SUFFIX);
  const pointOffset = known?.segmentOffset ?? 0;
  const doubtful = offsets.filter((offset) => offset >= pointOffset);
  const goesOnAt = Math.max(pointOffset, offsetsOf(names, SNAPSHOT_SUFFIX).at(-1) ?? 0);
  const segments = takeAsTheyAre(
    folder,
    deps,
    offsets.filter((offset) => offset < pointOffset),
    doubtful[0] ?? goesOnAt,
  );
  const epochs =
    readLeaderEpochs(deps.fs, folder, names, deps.logger) ?? learnEpochs(segments, deps);
  const producers =
    readSnapshot(folder, names, doubtful[0] ?? goesOnAt, deps) ?? learnAgain(segments, deps);
  const state = { ...producers, epochs };
  if (doubtful.length === 0) {
    segments.push(new Segment(folder, goesOnAt, deps));
  } else {
    segments.push(...readAgain(folder, deps, doubtful, indexIntervalBytes, known, state));
  }
  removeStrays(folder, deps, names, segments);
  epochs.truncate(segments.at(-1)?.nextOffset ?? goesOnAt);
  return { segments, names, ...state };
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
  state: LearnedState,
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
    if (previous !== undefined) segment.writeSnapshot(encodeProducers(state));
    deps.indexes.pin(segment);
    segments.push(segment);
    const crcFrom = known?.segmentOffset === offset ? known.position : 0;
    isWhole = replay(segment, deps, crcFrom, indexIntervalBytes, state);
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
  { producers, transactions, epochs }: LearnedState,
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
      epochs.assign(header.partitionLeaderEpoch, header.baseOffset);
      const aborted = transactions.add(header, endMarkerAt(file, header, position));
      if (aborted !== undefined) segment.addAborted(aborted);
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

/** What the control batch at `position` says; it is read only when it is one. */
function endMarkerAt(file: OpenFile, header: BatchHeader, position: number) {
  if (!header.isControl || header.lengthBytes > MAX_CONTROL_BATCH_BYTES) return undefined;
  const bytes = Buffer.alloc(header.lengthBytes);
  file.readAt(bytes, position);
  return readEndMarker(bytes, 0);
}

/** Reads the headers of whole segments for what a lost snapshot would have said of their producers. */
function learnAgain(segments: readonly Segment[], deps: RecoveryDeps): ProducerSnapshot {
  const producers = new ProducerState();
  const transactions = new OpenTransactions();
  for (const segment of segments) {
    const file = deps.files.use(segment.path);
    scanBatches(file, {
      from: 0,
      to: segment.sizeBytes,
      crcFrom: Infinity,
      visit: (header, position) => {
        producers.add(header, header.baseOffset);
        producers.commit();
        transactions.add(header, endMarkerAt(file, header, position));
        return true;
      },
    });
  }
  return { producers, transactions };
}

/** Reads the headers of whole segments for what a lost file would have said of leader epochs. */
function learnEpochs(segments: readonly Segment[], deps: RecoveryDeps): LeaderEpochs {
  const epochs = LeaderEpochs.unknown();
  for (const segment of segments) {
    scanBatches(deps.files.use(segment.path), {
      from: 0,
      to: segment.sizeBytes,
      crcFrom: Infinity,
      visit: ({ partitionLeaderEpoch, baseOffset }) => {
        epochs.assign(partitionLeaderEpoch, baseOffset);
        return true;
      },
    });
  }
  return epochs;
}

function readSnapshot(
  folder: string,
  names: readonly string[],
  offset: number,
  deps: RecoveryDeps,
): ProducerSnapshot | undefined {
  const name = nameAt(offset, SNAPSHOT_SUFFIX);
  if (!names.includes(name)) return undefined;
  const file = path.join(folder, name);
  const bytes = deps.fs.readFile(file);
  if (bytes === undefined) return undefined;
  const state = decodeProducers(bytes);
  if (state !== undefined) return state;
  deps.logger.warn(`${file} is damaged: producers are learned from the segments before it`);
  return undefined;
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
    const isStray = COMPANION_SUFFIXES.some((suffix) => {
      const offset = offsetInName(name, suffix);
      return offset !== undefined && !bases.has(offset);
    });
    if (isStray || TEMPORARY.test(name)) deps.fs.remove(path.join(folder, name));
  }
}

import type { Logger } from "../core/logger.ts";
import { offsetInName, nameAt, Segment, SEGMENT_SUFFIX, type SegmentDeps } from "./segment.ts";
import path from "node:path";
import { ProducerState } from "./producer-state.ts";
import { decodeProducers } from "./producer-snapshot.ts";
import { scanBatches } from "./scan.ts";
import { storageError } from "./storage-error.ts";

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

export const SNAPSHOT_SUFFIX = ".snapshot";

/**
 * Finds the segments of a log, cuts off what a crash left half-written at its end, and rebuilds the
 * last segment's indexes and the producer state. Numbered steps are in FORMAT.md, "Recovery".
 */
export function recoverLog(
  folder: string,
  deps: SegmentDeps,
  indexIntervalBytes: number,
  known: RecoveryPoint | undefined,
  logger: Logger,
): RecoveredLog {
  const names = deps.fs.list(folder);
  const offsets = names
    .flatMap((name) => offsetInName(name, SEGMENT_SUFFIX) ?? [])
    .sort((a, b) => a - b);
  const lastOffset = offsets.at(-1);
  if (lastOffset === undefined) {
    const first = newestSnapshot(names) ?? 0;
    return { segments: [new Segment(folder, first, deps)], producers: new ProducerState() };
  }
  const trusted = offsets.filter((offset) => offset < (known?.segmentOffset ?? 0));
  const segments = trusted.map((offset, i) => {
    const file = deps.files.use(path.join(folder, nameAt(offset, SEGMENT_SUFFIX)));
    const nextOffset = offsets[i + 1] ?? offset;
    return new Segment(folder, offset, deps, { sizeBytes: file.size(), nextOffset });
  });
  const doubtful = offsets.slice(trusted.length);
  // The checkpoint can only name a segment that is gone when files were taken away by hand.
  const [first = lastOffset] = doubtful;
  const producers = readSnapshot(folder, first, deps, logger);
  for (const offset of doubtful) {
    const crcFrom = known?.segmentOffset === offset ? known.position : 0;
    const segment = new Segment(folder, offset, deps);
    const sound = replay(segment, deps, crcFrom, indexIntervalBytes, producers, logger);
    segments.push(segment);
    if (!sound) {
      dropAfter(offset, doubtful, folder, deps, logger);
      break;
    }
    if (offset !== lastOffset) {
      segment.writeIndexes();
      deps.indexes.touch(segment);
    }
  }
  return { segments, producers };
}

/** After a hole nothing can be offered any more: offsets would not follow. */
function dropAfter(
  offset: number,
  doubtful: readonly number[],
  folder: string,
  deps: SegmentDeps,
  logger: Logger,
): void {
  for (const later of doubtful.filter((one) => one > offset)) {
    logger.warn(`${folder}: dropped the segment at offset ${later}, which follows a damaged one`);
    new Segment(folder, later, deps).remove();
  }
}

/**
 * Reads a segment's headers, and its contents past `crcFrom`, and truncates it where they end. Returns
 * whether nothing had to be cut off.
 */
function replay(
  segment: Segment,
  deps: SegmentDeps,
  crcFrom: number,
  indexIntervalBytes: number,
  producers: ProducerState,
  logger: Logger,
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
      return true;
    },
  });
  producers.commit();
  if (end === size) return true;
  file.truncate(end);
  const why = fault ?? "its offset does not follow";
  logger.warn(
    `${segment.path}: dropped the last ${size - end} bytes (${why}); the log ends at offset ${segment.nextOffset}`,
  );
  return false;
}

function readSnapshot(
  folder: string,
  offset: number,
  deps: SegmentDeps,
  logger: Logger,
): ProducerState {
  const file = path.join(folder, nameAt(offset, SNAPSHOT_SUFFIX));
  const bytes = deps.fs.readFile(file);
  if (bytes === undefined) return new ProducerState();
  const state = decodeProducers(bytes);
  if (state !== undefined) return state;
  const damaged = storageError("read", file, new Error("the producer snapshot is damaged"));
  logger.warn(`${damaged.message} Idempotent producers start anew.`);
  return new ProducerState();
}

/** Where an emptied log went on: its snapshot stays when every segment is gone. */
function newestSnapshot(names: readonly string[]): number | undefined {
  const offsets = names.flatMap((name) => offsetInName(name, SNAPSHOT_SUFFIX) ?? []);
  return offsets.length === 0 ? undefined : Math.max(...offsets);
}

import {
  BATCH_HEADER_BYTES,
  baseOffsetOf,
  batchLength,
  lastOffsetOf,
  maxTimestampOf,
  recordCountOf,
} from "../record/batch.ts";
import { RecordFormatError, readRecords } from "../record/records.ts";
import type { OpenFile } from "./fs.ts";
import type { OpenFiles } from "./open-files.ts";
import type { Segment } from "./segment.ts";
import { storageError } from "./storage-error.ts";

/** Lends a buffer of at least so many bytes. */
export type Allocate = (bytes: number) => Buffer;

const NOTHING = Buffer.alloc(0);
/** Least read at once, so that a small request needs no second read to step over a few batches. */
const MIN_READ_BYTES = 16 * 1024;
/** Most bytes a batch may unfold to while a timestamp is looked for in it. */
const MAX_UNFOLDED_BYTES = 256 * 1024 * 1024;

/** How much of a log a reader wants. */
export interface ReadLimits {
  /** Whole batches of so many bytes together at most. */
  readonly maxBytes: number;
  /** One batch is returned however large it is. */
  readonly atLeastOne: boolean;
  /** Batches that begin here or later are not wanted. */
  readonly end?: number;
}

export interface SegmentRead {
  readonly bytes: Buffer;
  /** Position of the first byte after what was read. */
  readonly end: number;
  /** Offset after the last record that was read. */
  readonly nextOffset: number;
}

/** What was written and checked is not there any more: somebody else changed the file. */
function damaged(segment: Segment, position: number): Error {
  return storageError("read", segment.path, new Error(`there is no batch at byte ${position}`));
}

/** A stretch of a segment, read again further on as often as need be. */
class Stretch {
  readonly #segment: Segment;
  readonly #file: OpenFile;
  readonly #leastBytes: number;
  readonly #allocate: Allocate;
  #bytes: Buffer = NOTHING;
  #start = 0;

  constructor(segment: Segment, file: OpenFile, leastBytes: number, allocate: Allocate) {
    this.#segment = segment;
    this.#file = file;
    this.#leastBytes = leastBytes;
    this.#allocate = allocate;
  }

  /** Makes `bytes` bytes from `position` on available; returns where in `bytes` they begin. Throws StorageError. */
  need(position: number, bytes: number): number {
    const at = position - this.#start;
    if (at >= 0 && at + bytes <= this.#bytes.length) return at;
    const { sizeBytes } = this.#segment;
    const length = Math.min(Math.max(bytes, this.#leastBytes), sizeBytes - position);
    const target = this.#allocate(length).subarray(0, length);
    this.#bytes = target.subarray(0, this.#file.readAt(target, position));
    this.#start = position;
    if (this.#bytes.length < bytes) throw damaged(this.#segment, position);
    return 0;
  }

  /** What is there; valid until the next `need`. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Length of the batch at `position`, whose header is made available. */
  batchAt(position: number): { readonly at: number; readonly length: number } {
    const at = this.need(position, BATCH_HEADER_BYTES);
    const length = batchLength(this.#bytes, at);
    if (length < BATCH_HEADER_BYTES || position + length > this.#segment.sizeBytes) {
      throw damaged(this.#segment, position);
    }
    return { at, length };
  }
}

/**
 * Reads whole batches from a segment, the first being the one that contains `offset` or, in a log with
 * gaps, the next one. `position` is at or before it. Buffers come from `allocate`, mostly one. Throws
 * StorageError.
 */
export function readSegment(
  files: OpenFiles,
  segment: Segment,
  position: number,
  offset: number,
  { maxBytes, atLeastOne, end = Infinity }: ReadLimits,
  allocate: Allocate,
): SegmentRead {
  const leastBytes = Math.max(maxBytes, MIN_READ_BYTES);
  const stretch = new Stretch(segment, files.use(segment.path), leastBytes, allocate);
  for (let start = position; start < segment.sizeBytes;) {
    const { at, length } = stretch.batchAt(start);
    if (lastOffsetOf(stretch.bytes, at) < offset) {
      start += length;
      continue;
    }
    const isWanted = baseOffsetOf(stretch.bytes, at) < end && (length <= maxBytes || atLeastOne);
    if (!isWanted) return { bytes: NOTHING, end: start, nextOffset: offset };
    const first = stretch.need(start, length);
    return wholeBatches(stretch.bytes, start, first, Math.max(maxBytes, length), end);
  }
  return { bytes: NOTHING, end: segment.sizeBytes, nextOffset: offset };
}

/** The batches from `first` on that lie whole within `bytes` and `maxBytes`, up to `endOffset`. The first one does. */
function wholeBatches(
  bytes: Buffer,
  start: number,
  first: number,
  maxBytes: number,
  endOffset: number,
): SegmentRead {
  const limit = Math.min(bytes.length, first + maxBytes);
  let end = first;
  let last = first;
  while (end + BATCH_HEADER_BYTES <= limit) {
    const length = batchLength(bytes, end);
    if (length < BATCH_HEADER_BYTES || end + length > limit) break;
    if (baseOffsetOf(bytes, end) >= endOffset) break;
    last = end;
    end += length;
  }
  return {
    bytes: bytes.subarray(first, end),
    end: start + end - first,
    nextOffset: lastOffsetOf(bytes, last) + 1,
  };
}

/** Whether any of these whole batches has a record; compaction may leave a batch none. */
export function hasRecords(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += batchLength(bytes, at)) {
    if (recordCountOf(bytes, at) > 0) return true;
  }
  return false;
}

/** The first record from `position` on that is at or after `least` in time and offset. Throws StorageError. */
export function findTimestamp(
  files: OpenFiles,
  segment: Segment,
  position: number,
  least: { readonly timestampMs: number; readonly offset: number },
): { readonly offset: number; readonly timestampMs: number } | undefined {
  const file = files.use(segment.path);
  const stretch = new Stretch(segment, file, MIN_READ_BYTES, (bytes) => Buffer.allocUnsafe(bytes));
  for (let start = position; start < segment.sizeBytes;) {
    const { at, length } = stretch.batchAt(start);
    const isCandidate =
      maxTimestampOf(stretch.bytes, at) >= least.timestampMs &&
      lastOffsetOf(stretch.bytes, at) >= least.offset;
    if (isCandidate) {
      const batch = stretch.need(start, length);
      const hit = firstRecordFrom(stretch.bytes, batch, least);
      if (hit !== undefined) return hit;
    }
    start += length;
  }
  return undefined;
}

function firstRecordFrom(
  bytes: Buffer,
  at: number,
  least: { readonly timestampMs: number; readonly offset: number },
) {
  try {
    for (const record of readRecords(bytes, at, MAX_UNFOLDED_BYTES)) {
      if (record.timestampMs >= least.timestampMs && record.offset >= least.offset) {
        return { offset: record.offset, timestampMs: record.timestampMs };
      }
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof RecordFormatError)) throw error;
    // A producer may seal nonsense with a right CRC. Its header is all there is to go by.
    const offset = Math.max(baseOffsetOf(bytes, at), least.offset);
    return { offset, timestampMs: maxTimestampOf(bytes, at) };
  }
}

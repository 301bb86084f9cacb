import {
  BATCH_HEADER_BYTES,
  BATCH_PREFIX_BYTES,
  batchLength,
  lastOffsetOf,
  maxTimestampOf,
} from "../record/batch.ts";
import { readRecords } from "../record/records.ts";
import type { OpenFiles } from "./open-files.ts";
import type { Segment } from "./segment.ts";

/** Lends a buffer of at least so many bytes. */
export type Allocate = (bytes: number) => Buffer;

const NOTHING = Buffer.alloc(0);
/** Least read at once, so that a small request needs no second read to step over a few batches. */
const MIN_READ_BYTES = 16 * 1024;
/** Most bytes a batch may unfold to while a timestamp is looked for in it. */
const MAX_UNFOLDED_BYTES = 256 * 1024 * 1024;

/** Length of the batch at `at` if its header is there, else undefined. */
function lengthAt(bytes: Buffer, at: number): number | undefined {
  return at + BATCH_HEADER_BYTES <= bytes.length ? batchLength(bytes, at) : undefined;
}

export interface SegmentRead {
  readonly bytes: Buffer;
  /** Position of the first byte after what was read. */
  readonly end: number;
}

/**
 * Reads whole batches from a segment, the first being the one that contains `offset` or, in a log with
 * gaps, the next one. `position` is at or before it. At most `maxBytes`, but one batch at least when
 * `atLeastOne`.
 */
export function readSegment(
  files: OpenFiles,
  segment: Segment,
  position: number,
  offset: number,
  limits: { readonly maxBytes: number; readonly atLeastOne: boolean },
  allocate: Allocate,
): SegmentRead {
  const { maxBytes, atLeastOne } = limits;
  const file = files.use(segment.path);
  const fill = (from: number, bytes: number): Buffer => {
    const length = Math.min(bytes, segment.sizeBytes - from);
    const target = allocate(length).subarray(0, length);
    return target.subarray(0, file.readAt(target, from));
  };
  let start = position;
  let bytes = fill(start, Math.max(maxBytes, MIN_READ_BYTES));
  let at = 0;
  for (;;) {
    const length = lengthAt(bytes, at);
    if (length === undefined) {
      if (start + at + BATCH_HEADER_BYTES > segment.sizeBytes)
        return { bytes: NOTHING, end: start + at };
      start += at;
      at = 0;
      bytes = fill(start, Math.max(maxBytes, MIN_READ_BYTES));
      continue;
    }
    if (lastOffsetOf(bytes, at) >= offset) break;
    at += length;
    if (at > bytes.length) {
      start += at;
      at = 0;
      bytes = fill(start, Math.max(maxBytes, MIN_READ_BYTES));
    }
  }
  let end = at;
  for (let length = lengthAt(bytes, end); length !== undefined; length = lengthAt(bytes, end)) {
    if (end + length > bytes.length || end + length - at > maxBytes) break;
    end += length;
  }
  if (end > at) return { bytes: bytes.subarray(at, end), end: start + end };
  if (!atLeastOne) return { bytes: NOTHING, end: start + at };
  const first = batchLength(bytes, at);
  const whole =
    at + first <= bytes.length ? bytes.subarray(at, at + first) : fill(start + at, first);
  return { bytes: whole, end: start + at + first };
}

/** The first record from `position` on whose timestamp is at or after `timestampMs`. */
export function findTimestamp(
  files: OpenFiles,
  segment: Segment,
  position: number,
  timestampMs: number,
): { readonly offset: number; readonly timestampMs: number } | undefined {
  const file = files.use(segment.path);
  const header = Buffer.allocUnsafe(BATCH_HEADER_BYTES);
  for (let at = position; at + BATCH_PREFIX_BYTES < segment.sizeBytes;) {
    file.readAt(header, at);
    const length = batchLength(header, 0);
    if (maxTimestampOf(header, 0) >= timestampMs) {
      const batch = Buffer.allocUnsafe(length);
      file.readAt(batch, at);
      for (const record of readRecords(batch, 0, MAX_UNFOLDED_BYTES)) {
        if (record.timestampMs >= timestampMs) {
          return { offset: record.offset, timestampMs: record.timestampMs };
        }
      }
    }
    at += length;
  }
  return undefined;
}

/** The two index files beside a segment, in Apache Kafka's own layout (see FORMAT.md). */
import { readInt64, writeInt64 } from "../record/batch.ts";
import { SparseIndex } from "./sparse-index.ts";

const OFFSET_ENTRY_BYTES = 8;
const TIME_ENTRY_BYTES = 12;

/** What is known of a segment beside its bytes. */
export interface SegmentIndexes {
  /** Last offset of a batch to the position of the batch. */
  readonly offsets: SparseIndex;
  /** Largest timestamp so far to the offset of the batch that has it. */
  readonly times: SparseIndex;
}

export function emptyIndexes(): SegmentIndexes {
  return { offsets: new SparseIndex(), times: new SparseIndex() };
}

export function encodeOffsetIndex(index: SparseIndex, baseOffset: number): Buffer {
  const bytes = Buffer.allocUnsafe(index.length * OFFSET_ENTRY_BYTES);
  for (let i = 0; i < index.length; i++) {
    bytes.writeInt32BE(index.keyAt(i) - baseOffset, i * OFFSET_ENTRY_BYTES);
    bytes.writeInt32BE(index.valueAt(i), i * OFFSET_ENTRY_BYTES + 4);
  }
  return bytes;
}

export function encodeTimeIndex(index: SparseIndex, baseOffset: number): Buffer {
  const bytes = Buffer.allocUnsafe(index.length * TIME_ENTRY_BYTES);
  for (let i = 0; i < index.length; i++) {
    writeInt64(bytes, i * TIME_ENTRY_BYTES, index.keyAt(i));
    bytes.writeInt32BE(index.valueAt(i) - baseOffset, i * TIME_ENTRY_BYTES + 8);
  }
  return bytes;
}

/** Undefined when the bytes cannot be an offset index of a segment of this size. */
export function decodeOffsetIndex(
  bytes: Buffer,
  baseOffset: number,
  segmentBytes: number,
): SparseIndex | undefined {
  if (bytes.length % OFFSET_ENTRY_BYTES !== 0) return undefined;
  const index = new SparseIndex(Math.max(1, bytes.length / OFFSET_ENTRY_BYTES));
  let lastOffset = baseOffset - 1;
  let lastPosition = -1;
  for (let at = 0; at < bytes.length; at += OFFSET_ENTRY_BYTES) {
    const offset = baseOffset + bytes.readInt32BE(at);
    const position = bytes.readInt32BE(at + 4);
    if (offset <= lastOffset || position <= lastPosition || position >= segmentBytes) {
      return undefined;
    }
    index.append(offset, position);
    lastOffset = offset;
    lastPosition = position;
  }
  return index;
}

/** Undefined when the bytes cannot be a time index. */
export function decodeTimeIndex(bytes: Buffer, baseOffset: number): SparseIndex | undefined {
  if (bytes.length % TIME_ENTRY_BYTES !== 0) return undefined;
  const index = new SparseIndex(Math.max(1, bytes.length / TIME_ENTRY_BYTES));
  let lastTime = -Infinity;
  for (let at = 0; at < bytes.length; at += TIME_ENTRY_BYTES) {
    const timestampMs = readInt64(bytes, at);
    const offset = baseOffset + bytes.readInt32BE(at + 8);
    if (timestampMs <= lastTime || offset < baseOffset) return undefined;
    index.append(timestampMs, offset);
    lastTime = timestampMs;
  }
  return index;
}

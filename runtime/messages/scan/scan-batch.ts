import { BATCH_HEADER_BYTES, type BatchHeader, readBatchHeader } from "../../record/batch.ts";
import { decompress } from "../../record/compression.ts";
import type { RecordCursor } from "../../record/record-cursor.ts";
import { RecordFormatError } from "../../record/varint.ts";
import { MAX_UNFOLDED_BATCH_BYTES } from "../partition-reader.ts";

/** The header of the batch at `at`, which lies there as a whole. Throws RecordFormatError where it does not. */
export function wholeBatchAt(bytes: Buffer, at: number): BatchHeader {
  if (at + BATCH_HEADER_BYTES > bytes.length) throw new RecordFormatError("it is cut short");
  const header = readBatchHeader(bytes, at);
  if (header.lengthBytes < BATCH_HEADER_BYTES || at + header.lengthBytes > bytes.length) {
    throw new RecordFormatError("it is cut short");
  }
  return header;
}

/** The offset behind the last record of a batch. */
export function batchEnd(header: BatchHeader): number {
  return header.baseOffset + header.lastOffsetDelta + 1;
}

/** The records of the batch at `at`, unfolded. Throws RecordFormatError or CompressionError. */
export function unfold(bytes: Buffer, at: number, header: BatchHeader): Buffer {
  if (header.codec === undefined) throw new RecordFormatError("the batch has an unknown codec");
  const stored = bytes.subarray(at + BATCH_HEADER_BYTES, at + header.lengthBytes);
  return decompress(header.codec, stored, MAX_UNFOLDED_BATCH_BYTES);
}

/** Brings a cursor before the first of the unfolded records of a batch. */
export function beginBatch(cursor: RecordCursor, header: BatchHeader, records: Buffer): void {
  cursor.begin(records, {
    baseOffset: header.baseOffset,
    baseTimestampMs: header.baseTimestampMs,
    recordCount: header.recordCount,
    appendTimeMs: header.timestampType === "append" ? header.maxTimestampMs : undefined,
  });
}

import {
  BATCH_HEADER_BYTES,
  BATCH_PREFIX_BYTES,
  batchLength,
  computeCrc,
  CURRENT_MAGIC,
  magicOf,
  readBatchHeader,
} from "./batch.ts";

/** What can be wrong with the bytes of a batch. */
export type BatchFault =
  | "truncated"
  | "bad-length"
  | "bad-magic"
  | "bad-crc"
  | "bad-codec"
  | "bad-count"
  | "bad-times"
  | "bad-producer"
  | "control-batch"
  | "more-than-one-batch";

/** Fewest bytes of an uncompressed record, which bounds how many a batch can claim. */
export const MIN_RECORD_BYTES = 7;
const MAX_BATCH_BYTES = 2 ** 31 - 1;

/**
 * Checks that a sound batch lies at `at` and ends at or before `end`. Without `withCrc` only what
 * reading from batch to batch needs is checked.
 */
export function checkBatch(
  buffer: Buffer,
  at: number,
  end: number,
  withCrc: boolean,
): BatchFault | undefined {
  if (end - at < BATCH_PREFIX_BYTES) return "truncated";
  const length = batchLength(buffer, at);
  if (length < BATCH_HEADER_BYTES || length > MAX_BATCH_BYTES) return "bad-length";
  if (at + length > end) return "truncated";
  if (magicOf(buffer, at) !== CURRENT_MAGIC) return "bad-magic";
  const header = readBatchHeader(buffer, at);
  if (header.baseOffset < 0 || header.lastOffsetDelta < 0) return "bad-count";
  return withCrc && computeCrc(buffer, at) !== header.crc ? "bad-crc" : undefined;
}

/**
 * Checks what a producer sent for one partition: exactly one batch, of format v2, with as many records
 * as it has offsets (KIP-98), a known codec, and nothing that only a broker may write.
 */
export function checkProduced(batch: Buffer): BatchFault | undefined {
  if (batch.length < BATCH_HEADER_BYTES) return "truncated";
  if (magicOf(batch, 0) !== CURRENT_MAGIC) return "bad-magic";
  const header = readBatchHeader(batch, 0);
  if (header.lengthBytes < BATCH_HEADER_BYTES) return "bad-length";
  if (header.lengthBytes > batch.length) return "truncated";
  if (header.lengthBytes < batch.length) return "more-than-one-batch";
  if (computeCrc(batch, 0) !== header.crc) return "bad-crc";
  if (header.codec === undefined) return "bad-codec";
  if (header.recordCount < 1 || header.recordCount !== header.lastOffsetDelta + 1)
    return "bad-count";
  const storedBytes = header.lengthBytes - BATCH_HEADER_BYTES;
  if (header.codec === "none" && header.recordCount * MIN_RECORD_BYTES > storedBytes)
    return "bad-count";
  if (header.isControl) return "control-batch";
  if (header.timestampType === "append" || header.maxTimestampMs < -1) return "bad-times";
  const idempotent = header.producerId >= 0;
  if (idempotent && (header.producerEpoch < 0 || header.baseSequence < 0)) return "bad-producer";
  return undefined;
}

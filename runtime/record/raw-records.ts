import { BATCH_HEADER_BYTES, type BatchHeader, type Codec, resealBatch } from "./batch.ts";
import { compress, CompressionError, decompress } from "./compression.ts";
import { RecordFormatError, RecordReader, RecordWriter } from "./varint.ts";

/** A record as it is stored, for who has to leave some out of a batch without changing the others. */
export interface RawRecord {
  readonly offset: number;
  readonly key: Buffer | null;
  readonly hasValue: boolean;
  readonly attributes: number;
  readonly timestampDelta: number;
  /** Everything after the timestamp: offset delta, key, value and headers. */
  readonly rest: Buffer;
}

/** The records of the batch at the start of `batch`. Throws RecordFormatError when they make no sense. */
export function rawRecords(batch: Buffer, header: BatchHeader, maxBytes: number): RawRecord[] {
  if (header.codec === undefined) throw new RecordFormatError("the batch has an unknown codec");
  const bytes = unfold(
    header.codec,
    batch.subarray(BATCH_HEADER_BYTES, header.lengthBytes),
    maxBytes,
  );
  const reader = new RecordReader(bytes, 0);
  const records: RawRecord[] = [];
  for (let i = 0; i < header.recordCount; i++) {
    const length = reader.varint();
    const end = reader.at + length;
    const attributes = reader.int8();
    const timestampDelta = reader.varlong();
    const restAt = reader.at;
    const offset = header.baseOffset + reader.varint();
    const key = reader.bytes();
    const hasValue = reader.bytes() !== null;
    if (length < 0 || reader.at > end) {
      throw new RecordFormatError(`record ${i} of the batch does not end where it says`);
    }
    // Headers are kept as they are, and are not looked at.
    reader.skipTo(end);
    const rest = bytes.subarray(restAt, end);
    records.push({ offset, key, hasValue, attributes, timestampDelta, rest });
  }
  return records;
}

function unfold(codec: Codec, stored: Buffer, maxBytes: number): Buffer {
  try {
    return decompress(codec, stored, maxBytes);
  } catch (error) {
    if (error instanceof CompressionError) throw new RecordFormatError(error.message);
    throw error;
  }
}

/**
 * The batch with these of its records only, at least one. Offsets, sequence and producer stay; with
 * `deleteHorizonMs` the base timestamp becomes that time, as KIP-534 has it.
 */
export function withRecords(
  batch: Buffer,
  header: BatchHeader,
  kept: readonly RawRecord[],
  deleteHorizonMs: number | undefined,
): Buffer {
  const baseTimestampMs = deleteHorizonMs ?? header.baseTimestampMs;
  const shift = header.baseTimestampMs - baseTimestampMs;
  const all = new RecordWriter();
  const head = new RecordWriter();
  let maxTimestampMs = -1;
  for (const { attributes, timestampDelta, rest } of kept) {
    maxTimestampMs = Math.max(maxTimestampMs, header.baseTimestampMs + timestampDelta);
    head.clear();
    head.int8(attributes);
    head.varint(timestampDelta + shift);
    const start = head.view();
    all.varint(start.length + rest.length);
    all.raw(start);
    all.raw(rest);
  }
  const { codec, payload } = refold(header.codec ?? "none", all.view());
  const result = Buffer.concat([batch.subarray(0, BATCH_HEADER_BYTES), payload]);
  resealBatch(result, {
    codec,
    baseTimestampMs,
    maxTimestampMs: header.timestampType === "append" ? header.maxTimestampMs : maxTimestampMs,
    recordCount: kept.length,
    hasDeleteHorizon: deleteHorizonMs !== undefined || header.deleteHorizonMs !== undefined,
  });
  return result;
}

/** A Node.js that cannot compress with zstd (before 22.15) still reads it: the records are kept plain. */
function refold(codec: Codec, bytes: Buffer): { readonly codec: Codec; readonly payload: Buffer } {
  try {
    return { codec, payload: compress(codec, bytes) };
  } catch (error) {
    if (!(error instanceof CompressionError)) throw error;
    return { codec: "none", payload: bytes };
  }
}

/** The batch without its records: what is left are its offsets, its producer and its sequence. */
export function withoutRecords(batch: Buffer, header: BatchHeader): Buffer {
  const result = Buffer.from(batch.subarray(0, BATCH_HEADER_BYTES));
  resealBatch(result, {
    codec: "none",
    baseTimestampMs: -1,
    maxTimestampMs: header.maxTimestampMs,
    recordCount: 0,
    hasDeleteHorizon: false,
  });
  return result;
}

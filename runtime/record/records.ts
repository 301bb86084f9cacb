import { BATCH_HEADER_BYTES, batchLength, readBatchHeader } from "./batch.ts";
import { CompressionError, decompress } from "./compression.ts";
import { MIN_RECORD_BYTES } from "./validate.ts";
import { RecordFormatError, RecordReader } from "./varint.ts";

export { RecordFormatError } from "./varint.ts";

export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

/** One record. Key, value and header values are views of the (decompressed) batch. */
export interface RecordView {
  readonly offset: number;
  /** Milliseconds since the Unix epoch; -1 when the record has none. */
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In the producer's order, with duplicate keys. */
  readonly headers: readonly RecordHeader[];
}

/**
 * Yields the records of the batch at `at` in offset order. Throws RecordFormatError when the batch is
 * damaged, was compressed with an unknown codec, or unfolds to more than `maxBytes`.
 */
export function* readRecords(
  buffer: Buffer,
  at: number,
  maxBytes: number,
): Generator<RecordView, void, void> {
  if (at + BATCH_HEADER_BYTES > buffer.length || at + batchLength(buffer, at) > buffer.length) {
    throw new RecordFormatError("the batch is cut short");
  }
  const header = readBatchHeader(buffer, at);
  if (header.lengthBytes < BATCH_HEADER_BYTES) {
    throw new RecordFormatError(`a batch of ${header.lengthBytes} bytes has no header`);
  }
  const stored = buffer.subarray(at + BATCH_HEADER_BYTES, at + header.lengthBytes);
  if (header.codec === undefined) throw new RecordFormatError("the batch has an unknown codec");
  const bytes = unfold(header.codec, stored, maxBytes);
  if (header.recordCount < 0 || header.recordCount * MIN_RECORD_BYTES > bytes.length) {
    throw new RecordFormatError(
      `${header.recordCount} records do not fit into ${bytes.length} bytes`,
    );
  }
  const reader = new RecordReader(bytes, 0);
  const appendTimeMs = header.timestampType === "append" ? header.maxTimestampMs : undefined;
  for (let i = 0; i < header.recordCount; i++) {
    const length = reader.varint();
    const end = reader.at + length;
    reader.int8();
    const timestampDelta = reader.varlong();
    const offsetDelta = reader.varint();
    if (offsetDelta < 0 || offsetDelta > header.lastOffsetDelta) {
      throw new RecordFormatError(`record ${i} has an offset outside of its batch`);
    }
    const record = {
      offset: header.baseOffset + offsetDelta,
      timestampMs: appendTimeMs ?? header.baseTimestampMs + timestampDelta,
      key: reader.bytes(),
      value: reader.bytes(),
      headers: readHeaders(reader, end),
    };
    if (reader.at !== end) {
      throw new RecordFormatError(`record ${i} of the batch does not end where it says`);
    }
    yield record;
  }
  if (reader.at !== bytes.length) {
    throw new RecordFormatError(`${bytes.length - reader.at} bytes follow the batch's last record`);
  }
}

function unfold(codec: Parameters<typeof decompress>[0], stored: Buffer, maxBytes: number): Buffer {
  try {
    return decompress(codec, stored, maxBytes);
  } catch (error) {
    if (error instanceof CompressionError) throw new RecordFormatError(error.message);
    throw error;
  }
}

function readHeaders(reader: RecordReader, end: number): RecordHeader[] {
  const count = reader.varint();
  if (count < 0 || count * 2 > end - reader.at) {
    throw new RecordFormatError(`a record claims ${count} headers`);
  }
  const headers: RecordHeader[] = [];
  for (let i = 0; i < count; i++) {
    const key = reader.bytes();
    if (key === null) throw new RecordFormatError("a header has no key");
    headers.push({ key: key.toString("utf8"), value: reader.bytes() });
  }
  return headers;
}

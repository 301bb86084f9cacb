import { BATCH_HEADER_BYTES, type Codec, writeBatchHeader } from "./batch.ts";
import { compress } from "./compression.ts";
import { RecordWriter } from "./varint.ts";

/** A record that has no offset yet. */
export interface NewRecord {
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
}

export interface BuildOptions {
  readonly codec?: Codec;
  /** An idempotent producer's id, epoch and the sequence of the first record. */
  readonly producer?: {
    readonly id: number;
    readonly epoch: number;
    readonly baseSequence: number;
  };
  /** Part of the producer's open transaction. */
  readonly transactional?: boolean;
  /** Of the broker itself; see control.ts. */
  readonly control?: boolean;
}

function writeRecord(
  body: RecordWriter,
  record: NewRecord,
  timestampDelta: number,
  i: number,
): void {
  body.clear();
  body.int8(0);
  body.varint(timestampDelta);
  body.varint(i);
  body.bytes(record.key);
  body.bytes(record.value);
  body.varint(record.headers.length);
  for (const { key, value } of record.headers) {
    body.bytes(Buffer.from(key, "utf8"));
    body.bytes(value);
  }
}

/**
 * Builds one batch with base offset 0 from at least one record. Throws CompressionError when this
 * Node.js cannot compress with the codec (zstd before 22.15).
 */
export function buildBatch(records: readonly NewRecord[], options: BuildOptions = {}): Buffer {
  const [first] = records;
  if (first === undefined) throw new RangeError("a batch has at least one record");
  const all = new RecordWriter();
  const body = new RecordWriter();
  let maxTimestampMs = first.timestampMs;
  records.forEach((record, i) => {
    maxTimestampMs = Math.max(maxTimestampMs, record.timestampMs);
    writeRecord(body, record, record.timestampMs - first.timestampMs, i);
    const bytes = body.view();
    all.varint(bytes.length);
    all.raw(bytes);
  });
  const { codec = "none", producer } = options;
  const payload = compress(codec, all.view());
  const batch = Buffer.allocUnsafe(BATCH_HEADER_BYTES + payload.length);
  batch.set(payload, BATCH_HEADER_BYTES);
  writeBatchHeader(batch, {
    lengthBytes: batch.length,
    codec,
    isTransactional: options.transactional ?? false,
    isControl: options.control ?? false,
    lastOffsetDelta: records.length - 1,
    baseTimestampMs: first.timestampMs,
    maxTimestampMs,
    producerId: producer?.id ?? -1,
    producerEpoch: producer?.epoch ?? -1,
    baseSequence: producer?.baseSequence ?? -1,
    recordCount: records.length,
  });
  return batch;
}

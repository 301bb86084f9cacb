/** The file that keeps producer state over a restart; its layout is in FORMAT.md. */
import { readInt64, writeInt64 } from "../record/batch.ts";
import { crc32c } from "../record/crc32c.ts";
import { ProducerState, type SequencedBatch } from "./producer-state.ts";
import { OpenTransactions } from "./transactions.ts";

/** Version 1 has no transactions. */
const VERSION = 2;
const HEADER_BYTES = 10;
const PRODUCER_BYTES = 19;
const BATCH_BYTES = 16;
const COUNT_BYTES = 4;
const TRANSACTION_BYTES = 16;

/** What has to be known of the records before a segment to go on with it. */
export interface ProducerSnapshot {
  readonly producers: ProducerState;
  readonly transactions: OpenTransactions;
}

/** Encodes what is committed. */
export function encodeProducers({ producers, transactions }: ProducerSnapshot): Buffer {
  const entries = producers.committed();
  const open = transactions.entries;
  let size = HEADER_BYTES + COUNT_BYTES + open.size * TRANSACTION_BYTES;
  for (const { batches } of entries.values()) {
    size += PRODUCER_BYTES + batches.length * BATCH_BYTES;
  }
  const bytes = Buffer.alloc(size);
  bytes.writeUInt16BE(VERSION, 4);
  bytes.writeUInt32BE(entries.size, 6);
  let at = HEADER_BYTES;
  for (const [producerId, { epoch, batches, lastTimestampMs }] of entries) {
    writeInt64(bytes, at, producerId);
    bytes.writeInt16BE(epoch, at + 8);
    writeInt64(bytes, at + 10, lastTimestampMs);
    bytes.writeUInt8(batches.length, at + 18);
    at += PRODUCER_BYTES;
    for (const { firstSequence, lastSequence, baseOffset } of batches) {
      bytes.writeInt32BE(firstSequence, at);
      bytes.writeInt32BE(lastSequence, at + 4);
      writeInt64(bytes, at + 8, baseOffset);
      at += BATCH_BYTES;
    }
  }
  bytes.writeUInt32BE(open.size, at);
  at += COUNT_BYTES;
  for (const [producerId, firstOffset] of open) {
    writeInt64(bytes, at, producerId);
    writeInt64(bytes, at + 8, firstOffset);
    at += TRANSACTION_BYTES;
  }
  bytes.writeUInt32BE(crc32c(bytes.subarray(4)), 0);
  return bytes;
}

/** The state a snapshot holds, or undefined when the bytes are damaged or of another version. */
export function decodeProducers(bytes: Buffer): ProducerSnapshot | undefined {
  if (bytes.length < HEADER_BYTES || crc32c(bytes.subarray(4)) !== bytes.readUInt32BE(0)) {
    return undefined;
  }
  const version = bytes.readUInt16BE(4);
  if (version < 1 || version > VERSION) return undefined;
  const producers = new ProducerState();
  const transactions = new OpenTransactions();
  let at = HEADER_BYTES;
  for (let left = bytes.readUInt32BE(6); left > 0; left--) {
    const producerId = readInt64(bytes, at);
    const epoch = bytes.readInt16BE(at + 8);
    const lastTimestampMs = readInt64(bytes, at + 10);
    const count = bytes.readUInt8(at + 18);
    at += PRODUCER_BYTES;
    const batches: SequencedBatch[] = [];
    for (let i = 0; i < count; i++, at += BATCH_BYTES) {
      batches.push({
        firstSequence: bytes.readInt32BE(at),
        lastSequence: bytes.readInt32BE(at + 4),
        baseOffset: readInt64(bytes, at + 8),
      });
    }
    producers.restore(producerId, { epoch, batches, lastTimestampMs });
  }
  if (version === 1) return { producers, transactions };
  for (let left = bytes.readUInt32BE(at); left > 0; left--) {
    transactions.restore(
      readInt64(bytes, at + COUNT_BYTES),
      readInt64(bytes, at + COUNT_BYTES + 8),
    );
    at += TRANSACTION_BYTES;
  }
  return { producers, transactions };
}

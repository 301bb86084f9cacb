/** Batches as producers send them, and as they should not. */
import { computeCrc } from "../../../../runtime/record/batch.ts";
import { buildBatch, type BuildOptions } from "../../../../runtime/record/build.ts";

/** A batch with a record per word, each a millisecond later. */
export function batch(words: readonly string[], timeMs: number, options?: BuildOptions): Buffer {
  const records = words.map((word, i) => ({
    timestampMs: timeMs + i,
    key: Buffer.from(word),
    value: Buffer.from(`value of ${word}`),
    headers: [{ key: "n", value: Buffer.from(String(i)) }],
  }));
  return buildBatch(records, options);
}

/** One whose second record has no key, as a compacted topic refuses it. */
export function keyless(timeMs: number): Buffer {
  const record = { timestampMs: timeMs, value: Buffer.from("v"), headers: [] };
  return buildBatch([
    { ...record, key: Buffer.from("k") },
    { ...record, key: null },
  ]);
}

/** Places in a batch, in bytes from its start. */
const LENGTH = 8;
const MAGIC = 16;
const CRC = 17;
const ATTRIBUTES = 21;
const LAST_OFFSET_DELTA = 23;
const MAX_TIMESTAMP = 35;
const PRODUCER_EPOCH = 51;
const RECORD_COUNT = 57;

function altered(bytes: Buffer, alter: (copy: Buffer) => void, sealed = true): Buffer {
  const copy = Buffer.from(bytes);
  alter(copy);
  if (sealed) copy.writeUInt32BE(computeCrc(copy, 0), CRC);
  return copy;
}

const attribute = (bit: number) => (bytes: Buffer) =>
  altered(bytes, (copy) => copy.writeInt16BE(copy.readInt16BE(ATTRIBUTES) | bit, ATTRIBUTES));

/** What can be wrong with a batch of two records. */
export const FAULTS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  "bad checksum": (bytes) => altered(bytes, (copy) => copy.writeInt8(1, CRC), false),
  "magic 0": (bytes) => altered(bytes, (copy) => copy.writeInt8(0, MAGIC), false),
  "magic 1": (bytes) => altered(bytes, (copy) => copy.writeInt8(1, MAGIC), false),
  "magic 9": (bytes) => altered(bytes, (copy) => copy.writeInt8(9, MAGIC), false),
  "cut short": (bytes) => bytes.subarray(0, bytes.length - 3),
  "cut in the header": (bytes) => bytes.subarray(0, 40),
  "of 10 bytes": (bytes) => bytes.subarray(0, 10),
  "of no bytes": (bytes) => bytes.subarray(0, 0),
  "with bytes after it": (bytes) => Buffer.concat([bytes, Buffer.alloc(5)]),
  "with a second one": (bytes) => Buffer.concat([bytes, bytes]),
  "short length": (bytes) => altered(bytes, (copy) => copy.writeInt32BE(20, LENGTH), false),
  "negative length": (bytes) => altered(bytes, (copy) => copy.writeInt32BE(-5, LENGTH), false),
  "long length": (bytes) => altered(bytes, (copy) => copy.writeInt32BE(5_000, LENGTH), false),
  "last offset too high": (bytes) =>
    altered(bytes, (copy) => copy.writeInt32BE(4, LAST_OFFSET_DELTA)),
  "last offset too low": (bytes) =>
    altered(bytes, (copy) => copy.writeInt32BE(0, LAST_OFFSET_DELTA)),
  "no records": (bytes) => altered(bytes, (copy) => copy.writeInt32BE(0, RECORD_COUNT)),
  "a record too many": (bytes) =>
    altered(bytes, (copy) => {
      copy.writeInt32BE(2, LAST_OFFSET_DELTA);
      copy.writeInt32BE(3, RECORD_COUNT);
    }),
  "a record too few": (bytes) =>
    altered(bytes, (copy) => {
      copy.writeInt32BE(0, LAST_OFFSET_DELTA);
      copy.writeInt32BE(1, RECORD_COUNT);
    }),
  "damaged record": (bytes) => altered(bytes, (copy) => copy.writeInt8(-3, copy.length - 5)),
  "unknown codec": attribute(7),
  "codec that is not so": attribute(1),
  "control batch": attribute(0x20),
  "flag of append time": attribute(0x08),
  transactional: attribute(0x10),
  "epoch without a producer": (bytes) =>
    altered(bytes, (copy) => copy.writeInt16BE(3, PRODUCER_EPOCH)),
  "older max timestamp": (bytes) =>
    altered(bytes, (copy) =>
      copy.writeBigInt64BE(copy.readBigInt64BE(MAX_TIMESTAMP) - 500n, MAX_TIMESTAMP),
    ),
};

/**
 * Record batch v2, the unit in which Kafka produces, stores and fetches. The layout is that of
 * Kafka's "Record Batch" message format; positions are bytes from the start of the batch. Offsets and
 * times are 64-bit on the wire and plain numbers here, exact up to 2^53.
 */
import { crc32c } from "./crc32c.ts";

const BASE_OFFSET = 0;
const LENGTH = 8;
const LEADER_EPOCH = 12;
const MAGIC = 16;
const CRC = 17;
/** What the CRC covers begins here, so that offset and epoch can be stamped without touching it. */
const ATTRIBUTES = 21;
const LAST_OFFSET_DELTA = 23;
const BASE_TIMESTAMP = 27;
const MAX_TIMESTAMP = 35;
const PRODUCER_ID = 43;
const PRODUCER_EPOCH = 51;
const BASE_SEQUENCE = 53;
const RECORD_COUNT = 57;

/** Bytes before the first record. */
export const BATCH_HEADER_BYTES = 61;
/** Bytes of base offset and length, which the length does not count. */
export const BATCH_PREFIX_BYTES = 12;
export const CURRENT_MAGIC = 2;

const CODEC_MASK = 0x07;
const LOG_APPEND_TIME_BIT = 0x08;
const TRANSACTIONAL_BIT = 0x10;
const CONTROL_BIT = 0x20;
const DELETE_HORIZON_BIT = 0x40;

const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
export type Codec = (typeof CODECS)[number];

export interface BatchHeader {
  readonly baseOffset: number;
  /** The whole batch, with base offset and length. */
  readonly lengthBytes: number;
  readonly partitionLeaderEpoch: number;
  readonly magic: number;
  readonly crc: number;
  readonly attributes: number;
  /** Undefined for a number Kafka has not given out. */
  readonly codec: Codec | undefined;
  readonly timestampType: "create" | "append";
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly lastOffsetDelta: number;
  readonly baseTimestampMs: number;
  /** From when on tombstones and markers in the batch may go (KIP-534); it is the base timestamp then. */
  readonly deleteHorizonMs: number | undefined;
  readonly maxTimestampMs: number;
  /** -1 for a producer without idempotence. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** A signed 64-bit integer as a number; exact up to 2^53. */
export function readInt64(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4);
}

export function writeInt64(buffer: Buffer, at: number, value: number): void {
  const high = Math.floor(value / 2 ** 32);
  buffer.writeInt32BE(high, at);
  buffer.writeUInt32BE(value - high * 2 ** 32, at + 4);
}

/** Bytes of the batch at `at`, with its prefix, as it claims them. */
export function batchLength(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at + LENGTH) + BATCH_PREFIX_BYTES;
}

export function baseOffsetOf(buffer: Buffer, at: number): number {
  return readInt64(buffer, at + BASE_OFFSET);
}

/** The offset of the batch's last record. */
export function lastOffsetOf(buffer: Buffer, at: number): number {
  return baseOffsetOf(buffer, at) + buffer.readInt32BE(at + LAST_OFFSET_DELTA);
}

export function maxTimestampOf(buffer: Buffer, at: number): number {
  return readInt64(buffer, at + MAX_TIMESTAMP);
}

export function recordCountOf(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at + RECORD_COUNT);
}

export function magicOf(buffer: Buffer, at: number): number {
  return buffer.readInt8(at + MAGIC);
}

/** The codec's number in the attributes: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. -1 when the batch is cut short. */
export function codecNumberOf(buffer: Buffer, at: number): number {
  if (buffer.length < at + LAST_OFFSET_DELTA) return -1;
  return buffer.readInt16BE(at + ATTRIBUTES) & CODEC_MASK;
}

export function codecNumber(codec: Codec): number {
  return CODECS.indexOf(codec);
}

/** Gives a batch the form of one that the broker keeps for itself, which readers step over. Its CRC does not fit any more. */
export function markControl(buffer: Buffer, at: number): void {
  buffer.writeInt16BE(buffer.readInt16BE(at + ATTRIBUTES) | CONTROL_BIT, at + ATTRIBUTES);
}

/** Reads every field of the header. The caller has made sure that the 61 bytes are there. */
export function readBatchHeader(buffer: Buffer, at: number): BatchHeader {
  const attributes = buffer.readInt16BE(at + ATTRIBUTES);
  const baseTimestampMs = readInt64(buffer, at + BASE_TIMESTAMP);
  return {
    baseOffset: baseOffsetOf(buffer, at),
    lengthBytes: batchLength(buffer, at),
    partitionLeaderEpoch: buffer.readInt32BE(at + LEADER_EPOCH),
    magic: magicOf(buffer, at),
    crc: buffer.readUInt32BE(at + CRC),
    attributes,
    codec: CODECS[attributes & CODEC_MASK],
    timestampType: (attributes & LOG_APPEND_TIME_BIT) === 0 ? "create" : "append",
    isTransactional: (attributes & TRANSACTIONAL_BIT) !== 0,
    isControl: (attributes & CONTROL_BIT) !== 0,
    lastOffsetDelta: buffer.readInt32BE(at + LAST_OFFSET_DELTA),
    baseTimestampMs,
    deleteHorizonMs: (attributes & DELETE_HORIZON_BIT) === 0 ? undefined : baseTimestampMs,
    maxTimestampMs: maxTimestampOf(buffer, at),
    producerId: readInt64(buffer, at + PRODUCER_ID),
    producerEpoch: buffer.readInt16BE(at + PRODUCER_EPOCH),
    baseSequence: buffer.readInt32BE(at + BASE_SEQUENCE),
    recordCount: buffer.readInt32BE(at + RECORD_COUNT),
  };
}

export interface NewBatchHeader {
  readonly lengthBytes: number;
  readonly codec: Codec;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly lastOffsetDelta: number;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** Writes a header with base offset 0 at the start of `batch`, whose records are in place, and seals it with its CRC. */
export function writeBatchHeader(batch: Buffer, header: NewBatchHeader): void {
  writeInt64(batch, BASE_OFFSET, 0);
  batch.writeInt32BE(header.lengthBytes - BATCH_PREFIX_BYTES, LENGTH);
  batch.writeInt32BE(-1, LEADER_EPOCH);
  batch.writeInt8(CURRENT_MAGIC, MAGIC);
  const transactional = header.isTransactional ? TRANSACTIONAL_BIT : 0;
  const control = header.isControl ? CONTROL_BIT : 0;
  batch.writeInt16BE(codecNumber(header.codec) | transactional | control, ATTRIBUTES);
  batch.writeInt32BE(header.lastOffsetDelta, LAST_OFFSET_DELTA);
  writeInt64(batch, BASE_TIMESTAMP, header.baseTimestampMs);
  writeInt64(batch, MAX_TIMESTAMP, header.maxTimestampMs);
  writeInt64(batch, PRODUCER_ID, header.producerId);
  batch.writeInt16BE(header.producerEpoch, PRODUCER_EPOCH);
  batch.writeInt32BE(header.baseSequence, BASE_SEQUENCE);
  batch.writeInt32BE(header.recordCount, RECORD_COUNT);
  sealBatch(batch, 0);
}

/** Stamps what the broker assigns. Neither field is covered by the CRC. */
export function patchBatch(
  buffer: Buffer,
  at: number,
  baseOffset: number,
  leaderEpoch: number,
): void {
  writeInt64(buffer, at + BASE_OFFSET, baseOffset);
  buffer.writeInt32BE(leaderEpoch, at + LEADER_EPOCH);
}

/** Makes `nowMs` the time of every record (LogAppendTime): the type bit, the maximum, and the CRC again. */
export function setLogAppendTime(buffer: Buffer, at: number, nowMs: number): void {
  const attributes = buffer.readInt16BE(at + ATTRIBUTES);
  buffer.writeInt16BE(attributes | LOG_APPEND_TIME_BIT, at + ATTRIBUTES);
  writeInt64(buffer, at + MAX_TIMESTAMP, nowMs);
  sealBatch(buffer, at);
}

/** What compaction changes in the header of a batch. */
interface CompactedHeader {
  readonly codec: Codec;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly recordCount: number;
  readonly hasDeleteHorizon: boolean;
}

/** Makes the header at the start of `batch` fit other records, which end where the buffer does. */
export function resealBatch(batch: Buffer, header: CompactedHeader): void {
  const kept = batch.readInt16BE(ATTRIBUTES) & ~(CODEC_MASK | DELETE_HORIZON_BIT);
  const horizon = header.hasDeleteHorizon ? DELETE_HORIZON_BIT : 0;
  batch.writeInt16BE(kept | codecNumber(header.codec) | horizon, ATTRIBUTES);
  batch.writeInt32BE(batch.length - BATCH_PREFIX_BYTES, LENGTH);
  writeInt64(batch, BASE_TIMESTAMP, header.baseTimestampMs);
  writeInt64(batch, MAX_TIMESTAMP, header.maxTimestampMs);
  batch.writeInt32BE(header.recordCount, RECORD_COUNT);
  sealBatch(batch, 0);
}

/** The CRC of the batch's bytes as they are now. */
export function computeCrc(buffer: Buffer, at: number): number {
  return crc32c(buffer.subarray(at + ATTRIBUTES, at + batchLength(buffer, at)));
}

function sealBatch(buffer: Buffer, at: number): void {
  buffer.writeUInt32BE(computeCrc(buffer, at), at + CRC);
}

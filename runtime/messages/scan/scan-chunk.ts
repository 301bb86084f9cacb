import type { Message } from "../../api/model.ts";
import { BATCH_HEADER_BYTES, type BatchHeader, readBatchHeader } from "../../record/batch.ts";
import { CompressionError, decompress } from "../../record/compression.ts";
import type { RecordCursor } from "../../record/record-cursor.ts";
import { RecordFormatError } from "../../record/varint.ts";
import type { Filter } from "../filter/filter.ts";
import { type FieldLimit, fieldOf } from "../message.ts";
import { MAX_UNFOLDED_BATCH_BYTES } from "../partition-reader.ts";

/** Whole record batches of one partition, in order, and what is wanted of them. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly partition: number;
  /** Offsets before this one, and from `endOffset` on, are passed over. */
  readonly fromOffset: number;
  readonly endOffset: number;
  /** Most messages wanted. */
  readonly limit: number;
  readonly field: FieldLimit;
}

export interface ScannedChunk {
  /** Those the filter wants, in offset order; their bytes are copies. */
  readonly messages: readonly Message[];
  /** Records looked at. */
  readonly scanned: number;
  /** Where to go on. */
  readonly nextOffset: number;
  /** The latest timestamp of what was looked at; -1 when there was none. */
  readonly maxTimestampMs: number;
  /** Why a batch cannot be read, which lies at `nextOffset`; `behindOffset` is where the next one begins. */
  readonly damage: { readonly reason: string; readonly behindOffset: number } | undefined;
}

/** Looks through record batches. `filter` looks at what `cursor` is at; without one every message is wanted. */
export function scanChunk(
  chunk: Chunk,
  cursor: RecordCursor,
  filter: Filter | undefined,
): ScannedChunk {
  const scan = new ChunkScan(chunk, cursor, filter);
  return scan.run();
}

class ChunkScan {
  readonly #chunk: Chunk;
  readonly #cursor: RecordCursor;
  readonly #filter: Filter | undefined;
  readonly #messages: Message[] = [];
  #scanned = 0;
  #nextOffset: number;
  #maxTimestampMs = -1;

  constructor(chunk: Chunk, cursor: RecordCursor, filter: Filter | undefined) {
    this.#chunk = chunk;
    this.#cursor = cursor;
    this.#filter = filter;
    this.#nextOffset = chunk.fromOffset;
  }

  run(): ScannedChunk {
    const { bytes, limit, endOffset } = this.#chunk;
    let behindOffset = this.#nextOffset + 1;
    try {
      for (let at = 0; at < bytes.length;) {
        if (this.#messages.length >= limit || this.#nextOffset >= endOffset) break;
        const header = headerAt(bytes, at);
        behindOffset = Math.max(behindOffset, header.baseOffset + header.lastOffsetDelta + 1);
        if (behindOffset > this.#nextOffset) this.#scanBatch(header, at);
        at += header.lengthBytes;
      }
      return this.#result(undefined);
    } catch (error) {
      if (!(error instanceof RecordFormatError || error instanceof CompressionError)) throw error;
      return this.#result({ reason: error.message, behindOffset });
    }
  }

  #scanBatch(header: BatchHeader, at: number): void {
    const batchEnd = header.baseOffset + header.lastOffsetDelta + 1;
    if (!header.isControl) {
      if (header.codec === undefined) throw new RecordFormatError("the batch has an unknown codec");
      const stored = this.#chunk.bytes.subarray(at + BATCH_HEADER_BYTES, at + header.lengthBytes);
      const records = decompress(header.codec, stored, MAX_UNFOLDED_BATCH_BYTES);
      this.#maxTimestampMs = Math.max(this.#maxTimestampMs, header.maxTimestampMs);
      const isWhole = header.baseOffset >= this.#nextOffset && batchEnd <= this.#chunk.endOffset;
      if (isWhole && this.#filter?.mayMatch(records) === false) {
        this.#scanned += header.recordCount;
      } else if (!this.#scanRecords(header, records)) {
        return;
      }
    }
    this.#nextOffset = Math.max(this.#nextOffset, batchEnd);
  }

  /** False when enough has been found, or the end reached, within the batch. */
  #scanRecords(header: BatchHeader, records: Buffer): boolean {
    const cursor = this.#cursor;
    const { partition, endOffset, limit } = this.#chunk;
    const isAppendTime = header.timestampType === "append";
    cursor.begin(records, {
      baseOffset: header.baseOffset,
      baseTimestampMs: header.baseTimestampMs,
      recordCount: header.recordCount,
      appendTimeMs: isAppendTime ? header.maxTimestampMs : undefined,
    });
    while (cursor.next()) {
      if (cursor.offset < this.#nextOffset) continue;
      if (cursor.offset >= endOffset) {
        this.#nextOffset = endOffset;
        return false;
      }
      this.#scanned++;
      this.#nextOffset = cursor.offset + 1;
      if (this.#filter !== undefined && !this.#filter.matches(partition)) continue;
      this.#messages.push(this.#message(header.timestampType));
      if (this.#messages.length >= limit) return false;
    }
    return true;
  }

  #message(timestampType: Message["timestampType"]): Message {
    const cursor = this.#cursor;
    const { partition, field } = this.#chunk;
    const part = (start: number, end: number, limit: number) =>
      fieldOf(start < 0 ? null : cursor.bytes.subarray(start, end), limit);
    return {
      partition,
      offset: cursor.offset,
      timestampMs: cursor.timestampMs,
      timestampType,
      key: copied(part(cursor.keyStart, cursor.keyEnd, field.keyBytes)),
      value: copied(part(cursor.valueStart, cursor.valueEnd, field.valueBytes)),
      headers: Array.from(cursor.headers(), ({ key, value }) => ({
        key: key.toString("utf8"),
        value: value && Uint8Array.from(value),
      })),
    };
  }

  #result(damage: ScannedChunk["damage"]): ScannedChunk {
    return {
      messages: this.#messages,
      scanned: this.#scanned,
      nextOffset: this.#nextOffset,
      maxTimestampMs: this.#maxTimestampMs,
      damage,
    };
  }
}

function headerAt(bytes: Buffer, at: number): BatchHeader {
  if (at + BATCH_HEADER_BYTES > bytes.length) throw new RecordFormatError("it is cut short");
  const header = readBatchHeader(bytes, at);
  if (header.lengthBytes < BATCH_HEADER_BYTES || at + header.lengthBytes > bytes.length) {
    throw new RecordFormatError("it is cut short");
  }
  return header;
}

function copied(field: Message["key"]): Message["key"] {
  return field && { ...field, bytes: Uint8Array.from(field.bytes) };
}

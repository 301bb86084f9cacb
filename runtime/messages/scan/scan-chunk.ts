import type { BatchHeader } from "../../record/batch.ts";
import { CompressionError } from "../../record/compression.ts";
import type { RecordCursor } from "../../record/record-cursor.ts";
import { RecordFormatError } from "../../record/varint.ts";
import type { Filter } from "../filter/filter.ts";
import { batchEnd, beginBatch, unfold, wholeBatchAt } from "./scan-batch.ts";
import type { Taker } from "./taker.ts";
import type { FoundMessage } from "./task.ts";

/** Whole record batches of one partition, in order. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly partition: number;
  /** Offsets before this one, and from `endOffset` on, are passed over. */
  readonly fromOffset: number;
  readonly endOffset: number;
}

export interface ScannedChunk {
  /** Those the filter wants, in offset order; their bytes are copies. */
  readonly messages: readonly FoundMessage[];
  /** Of each message, how many records of the chunk had been looked at before it. */
  readonly seenBefore: readonly number[];
  /** How many the filter wants by bucket of time, when they are counted. */
  readonly counts: readonly number[];
  /** Records looked at. */
  readonly scanned: number;
  /** How many of them by the header of their batch alone. */
  readonly byHeader: number;
  /** Wanted records with a null key, where the last of each key is asked for. */
  readonly withoutKey: number;
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
  taker: Taker,
): ScannedChunk {
  return new ChunkScan(chunk, cursor, filter, taker).run();
}

class ChunkScan {
  readonly #chunk: Chunk;
  readonly #cursor: RecordCursor;
  readonly #filter: Filter | undefined;
  readonly #taker: Taker;
  #scanned = 0;
  #nextOffset: number;
  #maxTimestampMs = -1;

  constructor(chunk: Chunk, cursor: RecordCursor, filter: Filter | undefined, taker: Taker) {
    this.#chunk = chunk;
    this.#cursor = cursor;
    this.#filter = filter;
    this.#taker = taker;
    this.#nextOffset = chunk.fromOffset;
  }

  run(): ScannedChunk {
    const { bytes, endOffset } = this.#chunk;
    let behindOffset = this.#nextOffset + 1;
    try {
      for (let at = 0; at < bytes.length;) {
        if (this.#taker.isFull || this.#nextOffset >= endOffset) break;
        const header = wholeBatchAt(bytes, at);
        behindOffset = Math.max(behindOffset, batchEnd(header));
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
    if (!header.isControl) {
      this.#maxTimestampMs = Math.max(this.#maxTimestampMs, header.maxTimestampMs);
      const { fromOffset, endOffset } = this.#chunk;
      const isWhole = header.baseOffset >= fromOffset && batchEnd(header) <= endOffset;
      if (isWhole && this.#filter === undefined && this.#taker.takeBatch(header)) {
        this.#scanned += header.recordCount;
      } else {
        const records = unfold(this.#chunk.bytes, at, header);
        if (isWhole && this.#filter?.mayMatch(records) === false) {
          this.#scanned += header.recordCount;
        } else if (!this.#scanRecords(header, records)) {
          return;
        }
      }
    }
    this.#nextOffset = Math.max(this.#nextOffset, batchEnd(header));
  }

  /** False when enough has been found, or the end reached, within the batch. */
  #scanRecords(header: BatchHeader, records: Buffer): boolean {
    const cursor = this.#cursor;
    const { partition, endOffset } = this.#chunk;
    beginBatch(cursor, header, records);
    while (cursor.next()) {
      if (cursor.offset < this.#nextOffset) continue;
      if (cursor.offset >= endOffset) {
        this.#nextOffset = endOffset;
        return false;
      }
      this.#scanned++;
      this.#nextOffset = cursor.offset + 1;
      if (this.#filter !== undefined && !this.#filter.matches(partition)) continue;
      this.#taker.take(header, this.#scanned - 1);
      if (this.#taker.isFull) return false;
    }
    return true;
  }

  #result(damage: ScannedChunk["damage"]): ScannedChunk {
    const { messages, seenBefore, counts, byHeader } = this.#taker;
    return {
      ...{ messages, seenBefore, counts, byHeader, withoutKey: 0 },
      scanned: this.#scanned,
      nextOffset: this.#nextOffset,
      maxTimestampMs: this.#maxTimestampMs,
      damage,
    };
  }
}

import type { Message } from "../../api/model.ts";
import type { BatchHeader } from "../../record/batch.ts";
import { CompressionError } from "../../record/compression.ts";
import type { RecordCursor } from "../../record/record-cursor.ts";
import { RecordFormatError } from "../../record/varint.ts";
import type { Filter } from "../filter/filter.ts";
import { messageAt } from "./find-taker.ts";
import { batchEnd, beginBatch, unfold, wholeBatchAt } from "./scan-batch.ts";
import type { Chunk, ScannedChunk } from "./scan-chunk.ts";
import type { LatestTask } from "./task.ts";

/**
 * Looks through record batches from the last to the first for the last wanted message of each key. They come
 * from the highest offset down; `nextOffset` is the lowest one that was dealt with, with all above it.
 */
export function scanLatest(
  chunk: Chunk,
  cursor: RecordCursor,
  filter: Filter | undefined,
  task: LatestTask,
): ScannedChunk {
  return new LatestScan(chunk, cursor, filter, task).run();
}

interface Place {
  readonly header: BatchHeader;
  readonly at: number;
}

class LatestScan {
  readonly #chunk: Chunk;
  readonly #cursor: RecordCursor;
  readonly #filter: Filter | undefined;
  readonly #task: LatestTask;
  readonly #messages: Message[] = [];
  readonly #keys = new Set<string>();
  #scanned = 0;
  #withoutKey = 0;
  #nextOffset: number;
  #maxTimestampMs = -1;

  constructor(chunk: Chunk, cursor: RecordCursor, filter: Filter | undefined, task: LatestTask) {
    this.#chunk = chunk;
    this.#cursor = cursor;
    this.#filter = filter;
    this.#task = task;
    this.#nextOffset = chunk.endOffset;
  }

  run(): ScannedChunk {
    let behindOffset = this.#chunk.fromOffset;
    try {
      for (const place of this.#batches().reverse()) {
        behindOffset = place.header.baseOffset;
        this.#scanBatch(place);
        if (this.#messages.length >= this.#task.limit) return this.#result(undefined);
      }
      this.#nextOffset = this.#chunk.fromOffset;
      return this.#result(undefined);
    } catch (error) {
      if (!(error instanceof RecordFormatError || error instanceof CompressionError)) throw error;
      return this.#result({ reason: error.message, behindOffset });
    }
  }

  /** Batches with records in the chunk's range. */
  #batches(): Place[] {
    const { bytes, fromOffset, endOffset } = this.#chunk;
    const places: Place[] = [];
    for (let at = 0; at < bytes.length;) {
      const header = wholeBatchAt(bytes, at);
      if (header.baseOffset >= endOffset) break;
      if (!header.isControl && batchEnd(header) > fromOffset) places.push({ header, at });
      at += header.lengthBytes;
    }
    return places;
  }

  #scanBatch({ header, at }: Place): void {
    const { fromOffset, endOffset } = this.#chunk;
    const records = unfold(this.#chunk.bytes, at, header);
    const start = Math.max(header.baseOffset, fromOffset);
    this.#maxTimestampMs = Math.max(this.#maxTimestampMs, header.maxTimestampMs);
    const isWhole = header.baseOffset >= fromOffset && batchEnd(header) <= endOffset;
    if (isWhole && this.#filter?.mayMatch(records) === false) {
      this.#scanned += header.recordCount;
      this.#nextOffset = start;
      return;
    }
    const { last, withoutKey } = this.#look(header, records);
    const room = this.#task.limit - this.#messages.length;
    const newest = [...last].sort(([, a], [, b]) => b - a).slice(0, room);
    // Where there is no room for all, what lies before the last one taken is left for later.
    const lowest = last.size > room ? (newest.at(-1)?.[1] ?? start) : start;
    for (const [key] of newest) this.#keys.add(key);
    this.#take(header, records, new Set(newest.map(([, offset]) => offset)), lowest);
    this.#withoutKey += withoutKey.filter((offset) => offset >= lowest).length;
    this.#nextOffset = lowest;
  }

  /** The last wanted offset of each key that has not been seen further on, and the wanted ones without a key. */
  #look(header: BatchHeader, records: Buffer) {
    const { partition, fromOffset, endOffset } = this.#chunk;
    const cursor = this.#cursor;
    const last = new Map<string, number>();
    const withoutKey: number[] = [];
    beginBatch(cursor, header, records);
    while (cursor.next()) {
      if (cursor.offset < fromOffset || cursor.offset >= endOffset) continue;
      if (this.#filter !== undefined && !this.#filter.matches(partition)) continue;
      if (cursor.keyStart < 0) {
        withoutKey.push(cursor.offset);
        continue;
      }
      const key = cursor.bytes.toString("latin1", cursor.keyStart, cursor.keyEnd);
      if (!this.#keys.has(key) && !this.#task.known.has(key)) last.set(key, cursor.offset);
    }
    return { last, withoutKey };
  }

  /** Makes messages of these offsets, and counts what has been looked at from `lowest` on. */
  #take(header: BatchHeader, records: Buffer, offsets: ReadonlySet<number>, lowest: number): void {
    const { partition, endOffset } = this.#chunk;
    const cursor = this.#cursor;
    const messages: Message[] = [];
    beginBatch(cursor, header, records);
    while (cursor.next()) {
      const { offset } = cursor;
      if (offset >= lowest && offset < endOffset) this.#scanned++;
      if (!offsets.has(offset)) continue;
      messages.push(messageAt(cursor, partition, header.timestampType, this.#task.field));
    }
    this.#messages.push(...messages.reverse());
  }

  #result(damage: ScannedChunk["damage"]): ScannedChunk {
    return {
      ...{ messages: this.#messages, seenBefore: [], counts: [], byHeader: 0, damage },
      scanned: this.#scanned,
      withoutKey: this.#withoutKey,
      nextOffset: this.#nextOffset,
      maxTimestampMs: this.#maxTimestampMs,
    };
  }
}

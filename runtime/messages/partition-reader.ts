import type { Message } from "../api/model.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { readBatchHeader } from "../record/batch.ts";
import { readRecords } from "../record/records.ts";
import type { PartitionSource } from "./merge.ts";
import { type Failure, failure } from "./outcome.ts";
import { type FieldLimit, messageOf } from "./message.ts";

/** How much of one partition is read at a time; a larger batch is read alone. */
const CHUNK_BYTES = 128 * 1024;
/** Most bytes that the records of one batch may unfold to. */
export const MAX_UNFOLDED_BATCH_BYTES = 128 * 1024 * 1024;

/** Told how many bytes were read, so that the reader of many partitions can give way in time. */
export type OnRead = (bytes: number) => Promise<void>;

export interface PartitionReaderDeps {
  readonly cluster: Cluster;
  readonly topic: string;
  readonly field: FieldLimit;
  readonly onRead: OnRead;
}

/**
 * The messages of one partition from an offset up to an end taken beforehand, one at a time.
 * Control batches (transaction markers) and offsets that compaction has emptied are stepped over.
 */
export class PartitionReader implements PartitionSource {
  readonly partition: number;
  readonly #deps: PartitionReaderDeps;
  readonly #endOffset: number;
  /** The next offset to look at; everything below was given out or holds no message. */
  #offset: number;
  #chunk: Buffer = Buffer.alloc(0);
  #chunkAt = 0;
  #chunkOffset = -1;
  #records: Iterator<Message> | undefined;
  #batchEnd = 0;
  #head: Message | undefined;

  constructor(partition: number, offset: number, endOffset: number, deps: PartitionReaderDeps) {
    this.partition = partition;
    this.#offset = offset;
    this.#endOffset = endOffset;
    this.#deps = deps;
  }

  /** The message that comes next, once `load` has said that there is one. */
  get head(): Message | undefined {
    return this.#head;
  }

  /** Where a later reader goes on: after the last message taken and what was stepped over behind it. */
  get nextOffset(): number {
    return this.#head?.offset ?? this.#offset;
  }

  /** Steps over the head. */
  take(): void {
    if (this.#head !== undefined) this.#offset = this.#head.offset + 1;
    this.#head = undefined;
  }

  /** Makes `head` the next message; it stays undefined at the end. A failure names the place. */
  async load(): Promise<Failure | undefined> {
    while (this.#head === undefined && this.#offset < this.#endOffset) {
      const fault = this.#records === undefined ? await this.#nextBatch() : this.#nextRecord();
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #nextRecord(): Failure | undefined {
    try {
      for (;;) {
        const next = this.#records?.next();
        if (next === undefined || next.done === true) break;
        if (next.value.offset < this.#offset) continue;
        this.#head = next.value;
        return undefined;
      }
    } catch (error) {
      return this.#corrupt(error);
    }
    this.#records = undefined;
    this.#offset = Math.max(this.#offset, this.#batchEnd);
    return undefined;
  }

  async #nextBatch(): Promise<Failure | undefined> {
    if (this.#chunkAt >= this.#chunk.length) {
      const fault = await this.#nextChunk();
      if (fault !== undefined || this.#chunk.length === 0) return fault;
    }
    const at = this.#chunkAt;
    try {
      const header = readBatchHeader(this.#chunk, at);
      this.#chunkAt += header.lengthBytes;
      this.#batchEnd = header.baseOffset + header.lastOffsetDelta + 1;
      if (this.#batchEnd <= this.#offset) return undefined;
      if (header.isControl) {
        this.#offset = this.#batchEnd;
        return undefined;
      }
      const { partition } = this;
      const { field } = this.#deps;
      this.#records = messages(this.#chunk, at, partition, header.timestampType, field);
      return undefined;
    } catch (error) {
      return this.#corrupt(error);
    }
  }

  async #nextChunk(): Promise<Failure | undefined> {
    const { cluster, topic, onRead } = this.#deps;
    // Reading the same place again would go on for ever.
    if (this.#chunkOffset === this.#offset) return this.#corrupt("it is not where it should be");
    this.#chunkOffset = this.#offset;
    const read = await cluster.read(topic, this.partition, this.#offset, CHUNK_BYTES);
    this.#chunk = Buffer.alloc(0);
    this.#chunkAt = 0;
    switch (read.kind) {
      case "data":
        this.#chunk = read.bytes;
        await onRead(read.bytes.length);
        return undefined;
      case "failed":
        return failure("disk", read.message);
      case "unknown-partition":
        return failure("unknown-topic", `Topic ${topic} was deleted while it was being read.`);
      case "end":
      case "out-of-range":
        return failure(
          "offset-out-of-range",
          `Offset ${this.#offset} of partition ${this.partition} of ${topic} was removed while it was being read. Read again.`,
        );
    }
  }

  #corrupt(error: unknown): Failure {
    this.#records = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    return failure(
      "data-format",
      `The record batch at offset ${this.#offset} of partition ${this.partition} of ${this.#deps.topic} ` +
        `cannot be read: ${reason}. Go on behind it, at offset ${Math.max(this.#batchEnd, this.#offset + 1)}.`,
    );
  }
}

function* messages(
  chunk: Buffer,
  at: number,
  partition: number,
  timestampType: "create" | "append",
  field: FieldLimit,
): Generator<Message, undefined> {
  for (const record of readRecords(chunk, at, MAX_UNFOLDED_BATCH_BYTES)) {
    yield messageOf(record, partition, timestampType, field);
  }
}

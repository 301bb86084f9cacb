import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { type BatchHeader, readBatchHeader } from "../record/batch.ts";
import { buildBatch } from "../record/build.ts";
import { readEndMarker, type TransactionResult } from "../record/control.ts";
import { readRecords } from "../record/records.ts";
import { MAX_DECOMPRESSED_BATCH_BYTES } from "./append.ts";
import type { JournalRecord } from "./coordinator/group-coordinator.ts";
import type { Partition } from "./partition.ts";
import type { Topic } from "./topic.ts";

/** How much of the internal topic is read at a time when it is replayed. */
const REPLAY_READ_BYTES = 1024 * 1024;

/** A producer in whose transaction records are written. */
interface JournalProducer {
  readonly producerId: number;
  readonly epoch: number;
}

/** What takes in the records of an internal topic at start, oldest first. */
export interface JournalReader {
  /** `producerId` is set for a record that counts only once its transaction is committed. */
  apply(key: Buffer, value: Buffer | null, offset: number, producerId?: number): void;
  /** A producer's transaction ends here. */
  endTransaction?(producerId: number, result: TransactionResult): void;
}

/** Keeps a coordinator's records in the one partition of an internal topic. */
export class TopicJournal {
  readonly #partition: () => Promise<Partition>;
  readonly #clock: Clock;
  #opening: Promise<Partition> | undefined;

  constructor(partition: () => Promise<Partition>, clock: Clock) {
    this.#partition = partition;
    this.#clock = clock;
  }

  /** Appends the records as one batch, so that they are kept together or not at all. */
  async append(records: readonly JournalRecord[], producer?: JournalProducer): Promise<void> {
    const partition = await this.#open();
    const timestampMs = this.#clock.nowMs();
    const all = records.map((record) => ({ ...record, timestampMs, headers: [] }));
    if (producer === undefined) return accepted(await partition.append(buildBatch(all)));
    const batch = buildBatch(all, {
      producer: { id: producer.producerId, epoch: producer.epoch, baseSequence: -1 },
      transactional: true,
    });
    accepted(await partition.appendOwn(batch));
  }

  #open(): Promise<Partition> {
    this.#opening ??= this.#partition().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Feeds everything in the internal topic to its coordinator. */
  static replay(topic: Topic, reader: JournalReader, logger: Logger): void {
    for (const { log } of topic.partitions) {
      let offset = log.startOffset;
      while (offset < log.endOffset) {
        const limits = { maxBytes: REPLAY_READ_BYTES, atLeastOne: true };
        const read = log.read(offset, limits, (bytes) => Buffer.allocUnsafe(bytes));
        if (read.kind !== "data") break;
        for (let at = 0; at < read.bytes.length;) {
          const header = readBatchHeader(read.bytes, at);
          replayBatch(read.bytes, at, header, reader);
          offset = header.baseOffset + header.lastOffsetDelta + 1;
          at += header.lengthBytes;
        }
      }
      logger.debug(`${topic.name} replayed up to offset ${offset}`);
    }
  }
}

function replayBatch(bytes: Buffer, at: number, header: BatchHeader, reader: JournalReader): void {
  if (header.isControl) {
    const result = readEndMarker(bytes, at);
    if (result !== undefined) reader.endTransaction?.(header.producerId, result);
    return;
  }
  const producerId = header.isTransactional ? header.producerId : undefined;
  for (const record of readRecords(bytes, at, MAX_DECOMPRESSED_BATCH_BYTES)) {
    if (record.key !== null) reader.apply(record.key, record.value, record.offset, producerId);
  }
}

function accepted(result: Awaited<ReturnType<Partition["append"]>>): void {
  if (result.kind === "refused") throw new Error(result.message);
}

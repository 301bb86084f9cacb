import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { buildBatch } from "../record/build.ts";
import { batchLength } from "../record/batch.ts";
import { readRecords } from "../record/records.ts";
import { MAX_DECOMPRESSED_BATCH_BYTES } from "./append.ts";
import type { GroupCoordinator, Journal, JournalRecord } from "./coordinator/group-coordinator.ts";
import type { Partition } from "./partition.ts";
import type { Topic } from "./topic.ts";

/** How much of the internal topic is read at a time when it is replayed. */
const REPLAY_READ_BYTES = 1024 * 1024;

/** Keeps the group coordinator's records in `__consumer_offsets`. */
export class OffsetsJournal implements Journal {
  readonly #partition: () => Promise<Partition>;
  readonly #clock: Clock;
  #opening: Promise<Partition> | undefined;

  constructor(partition: () => Promise<Partition>, clock: Clock) {
    this.#partition = partition;
    this.#clock = clock;
  }

  /** Appends the records as one batch, so that they are kept together or not at all. */
  async append(records: readonly JournalRecord[]): Promise<void> {
    const partition = await this.#open();
    const timestampMs = this.#clock.nowMs();
    const batch = buildBatch(records.map((record) => ({ ...record, timestampMs, headers: [] })));
    const result = await partition.append(batch);
    if (result.kind === "refused") throw new Error(result.message);
  }

  #open(): Promise<Partition> {
    this.#opening ??= this.#partition().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Feeds every record of the internal topic to the coordinator, oldest first. */
  static replay(topic: Topic, groups: GroupCoordinator, logger: Logger): void {
    for (const { log } of topic.partitions) {
      let offset = log.startOffset;
      while (offset < log.endOffset) {
        const read = log.read(offset, REPLAY_READ_BYTES, true, (bytes) =>
          Buffer.allocUnsafe(bytes),
        );
        if (read.kind !== "data") break;
        for (let at = 0; at < read.bytes.length; at += batchLength(read.bytes, at)) {
          for (const record of readRecords(read.bytes, at, MAX_DECOMPRESSED_BATCH_BYTES)) {
            if (record.key !== null) groups.apply(record.key, record.value, record.offset);
            offset = record.offset + 1;
          }
        }
      }
      logger.debug(`${topic.name} replayed up to offset ${offset}`);
    }
  }
}

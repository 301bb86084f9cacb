import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Disposable } from "../core/lifetime.ts";
import type { BatchHeader } from "../record/batch.ts";
import type { LogConfig, PartitionLog } from "../log/partition-log.ts";
import { StorageError } from "../log/storage-error.ts";
import { admit, type AppendResult, refused } from "./append.ts";
import type { Flushable, FlushQueue } from "./flush-queue.ts";
import type { DeleteRecordsOutcome } from "./outcomes.ts";
import type { Placement } from "./placement/placement.ts";
import type { TopicSettings } from "./topic-config.ts";

const DELETED = refused("unknown-partition", "The topic has been deleted.");

interface Waiting {
  readonly resolve: (result: AppendResult) => void;
  readonly result: AppendResult;
}

export interface PartitionDeps {
  /** Opens the log, and recovers it if need be. Throws StorageError. */
  readonly open: () => PartitionLog;
  /** Called once the log is open. */
  readonly onOpened: (log: PartitionLog) => void;
  readonly clock: Clock;
  readonly flushes: FlushQueue;
  readonly logger: Logger;
  /** The owning topic's current settings. */
  readonly settings: () => TopicSettings;
  /** Why the batch may not be part of a transaction now, or be outside of one; undefined when it may. */
  readonly transactionFault: (index: number, header: BatchHeader) => AppendResult | undefined;
  /** Called after records became visible. */
  readonly onChange: () => void;
}

/**
 * One partition of a topic: its log, who waits for acknowledgement, and who waits for data. The log is
 * opened when it is first asked for, so that a lab with many of them is ready at once.
 */
export class Partition implements Flushable {
  readonly index: number;
  readonly #deps: PartitionDeps;
  readonly #listeners = new Set<() => void>();
  #log: PartitionLog | undefined;
  #placement: Placement;
  #waiting: Waiting[] = [];
  #closed = false;
  #refusing = false;

  constructor(index: number, placement: Placement, deps: PartitionDeps) {
    this.index = index;
    this.#placement = placement;
    this.#deps = deps;
  }

  /** Which nodes have the partition, and which leads it. */
  get placement(): Placement {
    return this.#placement;
  }

  /** Moves the partition. What is staged is of the leader before; readers look again. */
  place(placement: Placement): void {
    this.flush();
    this.#placement = placement;
    this.#log?.startLeaderEpoch(placement.epoch);
  }

  /** Too few replicas are in sync for a write that all of them are to acknowledge. */
  get isUnderMinIsr(): boolean {
    const { isr, replicas } = this.#placement;
    return isr.length < Math.min(this.#deps.settings().minInSyncReplicas, replicas.length);
  }

  /** Throws StorageError when it cannot be opened. */
  get log(): PartitionLog {
    return this.#log ?? this.#opened();
  }

  /** Opens the log now, unless it is open or the partition is closed. Throws StorageError. */
  open(): void {
    if (this.#log === undefined && !this.#closed) this.#opened();
  }

  #opened(): PartitionLog {
    // The next log of this name may be another topic's.
    if (this.#closed) throw new Error("a log is opened after its partition was closed");
    const log = this.#deps.open();
    this.#log = log;
    // Nobody leads in an epoch before the one of what has been written.
    const epoch = Math.max(this.#placement.epoch, log.leaderEpoch);
    if (epoch > this.#placement.epoch) this.#placement = { ...this.#placement, epoch };
    log.startLeaderEpoch(epoch);
    this.#deps.onOpened(log);
    return log;
  }

  get isOpen(): boolean {
    return this.#log !== undefined;
  }

  /** Takes the owning topic's new settings. */
  setConfig(config: LogConfig): void {
    this.#log?.setConfig(config);
  }

  /** The topic has been deleted, or the broker is stopping. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Appends one record batch. The result arrives once the batch is written to the log's file; the
   * bytes belong to the partition until then. Offsets follow the order of the calls. With
   * `startsAtZero` the first transactional batch of a producer has to have sequence 0.
   */
  append(batch: Buffer, startsAtZero = false): Promise<AppendResult> {
    return this.#flushed(this.#openFault() ?? this.#stage(batch, startsAtZero));
  }

  /** Appends a batch of the broker itself, such as a marker, as it is. */
  appendOwn(batch: Buffer): Promise<AppendResult> {
    return this.#flushed(this.#openFault() ?? this.#staged(batch, -1));
  }

  /** Why nothing can be appended at all. */
  #openFault(): AppendResult | undefined {
    if (this.#closed) return DELETED;
    try {
      this.open();
      return undefined;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#noteDisk(error);
      return refused("disk", error.message);
    }
  }

  #flushed(outcome: AppendResult): Promise<AppendResult> {
    if (outcome.kind === "refused") return Promise.resolve(outcome);
    return new Promise((resolve) => {
      this.#waiting.push({ resolve, result: outcome });
      this.#deps.flushes.add(this);
    });
  }

  #stage(batch: Buffer, startsAtZero: boolean): AppendResult {
    const nowMs = this.#deps.clock.nowMs();
    const settings = this.#deps.settings();
    const header = admit(batch, settings, nowMs);
    if ("kind" in header) return header;
    const logAppendTimeMs = settings.logAppendTime ? nowMs : -1;
    const startOffset = this.log.startOffset;
    const sequence = this.log.producers.check(header, startsAtZero);
    switch (sequence.kind) {
      case "append":
        return (
          this.#deps.transactionFault(this.index, header) ?? this.#staged(batch, logAppendTimeMs)
        );
      case "duplicate":
        return { kind: "appended", baseOffset: sequence.baseOffset, logAppendTimeMs, startOffset };
      case "out-of-order":
        return refused(
          "out-of-order-sequence",
          `Sequence ${header.baseSequence} of producer ${header.producerId} does not follow its last batch.`,
        );
      case "fenced":
        return refused(
          "producer-fenced",
          `Epoch ${header.producerEpoch} of producer ${header.producerId} is older than the newest one.`,
        );
    }
  }

  #staged(batch: Buffer, logAppendTimeMs: number): AppendResult {
    const { startOffset } = this.log;
    return { kind: "appended", baseOffset: this.log.stage(batch), logAppendTimeMs, startOffset };
  }

  /** Writes what is staged, answers its producers and wakes the readers. Called by the flush queue. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      this.#log?.flush();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#noteDisk(error);
      for (const { resolve } of waiting) resolve(refused("disk", error.message));
      return;
    }
    if (waiting.length > 0) this.#noteDisk(undefined);
    for (const { resolve, result } of waiting) resolve(result);
    for (const listener of [...this.#listeners]) listener();
    this.#deps.onChange();
  }

  /** Deletes the records before `offset`; -1 stands for the end. */
  deleteRecords(offset: number): DeleteRecordsOutcome {
    try {
      const { startOffset, endOffset } = this.log;
      const before = offset === -1 ? endOffset : offset;
      if (before < 0 || before > endOffset) {
        const message = `Offset ${before} is not between ${startOffset} and ${endOffset}.`;
        return { kind: "out-of-range", message };
      }
      this.log.deleteBefore(before);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#deps.logger.error(error.message);
      return { kind: "disk", message: error.message };
    }
    this.#deps.onChange();
    return { kind: "deleted", startOffset: this.log.startOffset };
  }

  /** Says once that the disk refuses this partition's records, and once that it takes them again. */
  #noteDisk(error: StorageError | undefined): void {
    if (this.#refusing === (error !== undefined)) return;
    this.#refusing = error !== undefined;
    if (error === undefined) this.#deps.logger.info(`${this.#log?.folder} takes records again`);
    else this.#deps.logger.error(`Producers are refused until this is mended. ${error.message}`);
  }

  /** Calls `listener` after every flush that made records visible, and when the partition closes. */
  onAppend(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /** Refuses further appends and wakes every reader. What is staged is written first. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.flush();
  }
}

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { silentLogger } from "../../../runtime/core/logger.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { MemoryFileSystem, SimulatedCrash } from "../../../runtime/log/memory-fs.ts";
import type { LogConfig, PartitionLog } from "../../../runtime/log/partition-log.ts";
import { ProducerState } from "../../../runtime/log/producer-state.ts";
import { StorageError } from "../../../runtime/log/storage-error.ts";
import { baseOffsetOf, lastOffsetOf, readBatchHeader } from "../../../runtime/record/batch.ts";
import { batchOf, readAll, SMALL, START_MS } from "../../support/log-files.ts";
import type { Random } from "../wire/random.ts";

const DATA = "/data";
const PRODUCERS = 4;

/** Lets the syncs that the log has begun by itself come to their end. */
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/**
 * One log on a disk that lies, and beside it what the log ought to hold. `acked` has every batch that
 * was ever acknowledged and not lost by a power cut, also those that retention has deleted since.
 */
export class ModelledLog {
  readonly #random: Random;
  readonly #fs: MemoryFileSystem;
  readonly #clock = new FakeClock(START_MS);
  readonly #config: LogConfig;
  readonly #sequences = new Map<number, number>();
  #acked: Buffer[] = [];
  /**
   * Writes of this life that failed, or in which the process died, and what had been acknowledged before
   * each. When the disk refuses even to take back what is there of one, a restart may find it.
   */
  #attempts: { readonly before: readonly Buffer[]; readonly batches: readonly Buffer[] }[] = [];
  #endOfSynced = 0;
  #manager: LogManager;
  #log: PartitionLog;

  constructor(random: Random) {
    this.#random = random;
    this.#fs = new MemoryFileSystem((limit) => random.below(limit));
    this.#fs.makeFolder(DATA);
    this.#config = {
      ...SMALL,
      segmentBytes: 500 + random.below(3000),
      indexIntervalBytes: random.below(600),
      retentionBytes: random.below(2) === 0 ? -1 : random.below(6000),
      retentionMs: random.below(3) === 0 ? 5000 : -1,
    };
    this.#manager = this.#open();
    this.#log = this.#manager.partition("t", 0, this.#config);
  }

  #open(): LogManager {
    const { clock, fs } = { clock: this.#clock, fs: this.#fs };
    return LogManager.open({ dataFolder: DATA, fs, clock, logger: silentLogger });
  }

  /** Does one thing of those that happen to a log; whether the process survived it. */
  async step(): Promise<boolean> {
    const actions: readonly (() => Promise<void> | void)[] = [
      ...Array<() => void>(8).fill(() => this.#append()),
      () => this.#manager.applyRetention(),
      () => this.#clock.advance(this.#random.below(4000)),
      () => this.#sync(),
      () => this.#readSomewhere(),
      () => void (this.#fs.capacityBytes = this.#usedBytes() + this.#random.below(800)),
      () => void (this.#fs.capacityBytes = Infinity),
      () => void (this.#fs.readOnly = this.#random.below(3) === 0),
      () => this.#fs.failAfter(1 + this.#random.below(4)),
    ];
    try {
      await this.#random.pick(actions)();
      await settled();
      // The log's own syncs report to the logger only; a dead process shows at the next call.
      this.#fs.list(DATA);
      return true;
    } catch (error) {
      if (error instanceof SimulatedCrash) return false;
      throw error;
    }
  }

  /** Lets the process die a few changes of the disk from now. */
  crashSoon(): void {
    this.#fs.crashAfter(1 + this.#random.below(12));
  }

  #append(): void {
    const batches = Array.from({ length: 1 + this.#random.below(4) }, () => this.#nextBatch());
    this.#checkDuplicate();
    const endBefore = this.#log.endOffset;
    for (const batch of batches) {
      const header = readBatchHeader(batch, 0);
      assert.equal(this.#log.producers.check(header).kind, "append");
      this.#log.stage(batch);
    }
    const attempt = { before: this.#acked, batches: batches.map((batch) => Buffer.from(batch)) };
    this.#attempts.push(attempt);
    try {
      this.#log.flush();
      this.#attempts.pop();
      this.#acked = [...this.#acked, ...attempt.batches];
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      assert.equal(this.#log.endOffset, endBefore);
      this.#recountSequences();
    }
  }

  #nextBatch(): Buffer {
    const id = this.#random.below(PRODUCERS);
    const count = 1 + this.#random.below(5);
    const timestampMs = this.#clock.nowMs() - this.#random.below(1000);
    const valueBytes = this.#random.below(150);
    if (id === 0) return batchOf({ count, timestampMs, valueBytes });
    // Begins shortly before the end, so that sequences wrap.
    const baseSequence = this.#sequences.get(id) ?? 2 ** 31 - 20;
    this.#sequences.set(id, (baseSequence + count) % 2 ** 31);
    return batchOf({ count, timestampMs, valueBytes, producer: { id, epoch: 0, baseSequence } });
  }

  /** A batch that is sent again gets the answer that it got before. */
  #checkDuplicate(): void {
    const last = this.#acked.at(-1);
    if (last === undefined) return;
    const header = readBatchHeader(last, 0);
    if (header.producerId < 0) return;
    const expected = { kind: "duplicate", baseOffset: header.baseOffset };
    assert.deepEqual(this.#log.producers.check(header), expected);
  }

  async #sync(): Promise<void> {
    const end = this.#log.endOffset;
    try {
      await this.#manager.sync();
      this.#endOfSynced = end;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
  }

  #readSomewhere(): void {
    const { startOffset, endOffset } = this.#log;
    const offset = startOffset + this.#random.below(endOffset - startOffset + 1);
    const expected = this.#acked.filter((batch) => lastOffsetOf(batch, 0) >= offset);
    assert.deepEqual(readAll(this.#log, offset, this.#random.below(2000)), expected);
  }

  /** What a restart finds after `kill -9`: all that was acknowledged, and at most what was in flight. */
  recoverFromKill(): void {
    this.#fs.restart();
    this.#reopen();
    const endOfAcked = endOf(this.#acked);
    assert.ok(this.#log.endOffset >= endOfAcked, "acknowledged records are lost");
    this.#adopt(false);
  }

  /** What a restart finds after a power cut: at least what was synced, and nothing that was never written. */
  recoverFromPowerCut(): void {
    this.#fs.cutPower();
    this.#reopen();
    assert.ok(this.#log.endOffset >= this.#endOfSynced, "synced records are lost");
    this.#adopt(true);
  }

  #reopen(): void {
    this.#fs.capacityBytes = Infinity;
    this.#fs.readOnly = false;
    this.#fs.failAfter(Infinity);
    this.#manager = this.#open();
    this.#log = this.#manager.partition("t", 0, this.#config);
  }

  /** Checks the log against the model, and takes the log's end as the model's from then on. */
  #adopt(powerCut: boolean): void {
    const { startOffset, endOffset } = this.#log;
    const found = readAll(this.#log);
    // Only a power cut brings back what was taken back before something else was acknowledged there.
    const attempts = this.#attempts.filter(({ before }) => powerCut || before === this.#acked);
    const survivals = [this.#acked, ...attempts.map((one) => [...one.before, ...one.batches])].map(
      (batches) => batches.filter((batch) => lastOffsetOf(batch, 0) < endOffset),
    );
    const survived = survivals.find(
      (batches) =>
        endOf(batches) === endOffset &&
        isDeepStrictEqual(
          batches.filter((batch) => baseOffsetOf(batch, 0) >= startOffset),
          found,
        ),
    );
    assert.ok(survived !== undefined, "the log is not what was written, up to some batch");
    this.#acked = survived;
    this.#attempts = [];
    this.#endOfSynced = Math.min(this.#endOfSynced, endOffset);
    this.#checkProducers(!powerCut || startOffset === 0);
    this.#recountSequences();
  }

  /**
   * Compares what is known of producers. A power cut may take a snapshot that was not synced yet; then
   * batches that retention has deleted may be forgotten, and nothing else.
   */
  #checkProducers(allSnapshots: boolean): void {
    const expected = new ProducerState();
    for (const batch of this.#acked) {
      const header = readBatchHeader(batch, 0);
      expected.add(header, header.baseOffset);
    }
    const byId = (state: ProducerState) => [...state.entries].sort(([a], [b]) => a - b);
    if (allSnapshots) {
      assert.deepEqual(byId(this.#log.producers), byId(expected));
      return;
    }
    for (const [id, { batches }] of this.#log.producers.entries) {
      assert.deepEqual(batches, expected.entries.get(id)?.batches.slice(-batches.length));
    }
  }

  #recountSequences(): void {
    this.#sequences.clear();
    for (const batch of this.#acked) {
      const { producerId, baseSequence, recordCount } = readBatchHeader(batch, 0);
      if (producerId >= 0) this.#sequences.set(producerId, (baseSequence + recordCount) % 2 ** 31);
    }
  }

  #usedBytes(): number {
    return this.#fs.files().reduce((sum, file) => sum + (this.#fs.peek(file)?.length ?? 0), 0);
  }
}

function endOf(batches: readonly Buffer[]): number {
  const last = batches.at(-1);
  return last === undefined ? 0 : lastOffsetOf(last, 0) + 1;
}

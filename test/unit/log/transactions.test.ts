import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { silentLogger } from "../../../runtime/core/logger.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { MemoryFileSystem, SimulatedCrash } from "../../../runtime/log/memory-fs.ts";
import type { PartitionLog } from "../../../runtime/log/partition-log.ts";
import { decodeProducers, encodeProducers } from "../../../runtime/log/producer-snapshot.ts";
import { PRODUCER_EXPIRY_MS, ProducerState } from "../../../runtime/log/producer-state.ts";
import { decodeAborted, encodeAborted } from "../../../runtime/log/transaction-index.ts";
import { OpenTransactions } from "../../../runtime/log/transactions.ts";
import { readBatchHeader } from "../../../runtime/record/batch.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { buildEndMarker, type TransactionResult } from "../../../runtime/record/control.ts";
import { crc32c } from "../../../runtime/record/crc32c.ts";
import { seeded } from "../wire/kafka/values.ts";

const CONFIG = {
  segmentBytes: 1_000,
  segmentMs: Infinity,
  retentionMs: -1,
  retentionBytes: -1,
  indexIntervalBytes: 100,
  maxMessageBytes: 1_000,
};

function open(fs: MemoryFileSystem): { readonly logs: LogManager; readonly log: PartitionLog } {
  const clock = new FakeClock();
  const logs = LogManager.open({ dataFolder: "/data", fs, clock, logger: silentLogger });
  return { logs, log: logs.partition("t", 0, CONFIG) };
}

function record(producerId: number, transactional: boolean): Buffer {
  const records = [{ timestampMs: 1, key: null, value: Buffer.from("v"), headers: [] }];
  if (!transactional) return buildBatch(records);
  const producer = { id: producerId, epoch: 0, baseSequence: 0 };
  return buildBatch(records, { producer, transactional: true });
}

const marker = (producerId: number, result: TransactionResult) =>
  buildEndMarker({ producerId, producerEpoch: 0, result }, 1);

/** What the log should say, found by looking at everything that was ever appended. */
class Model {
  readonly open = new Map<number, number>();
  readonly aborted: { producerId: number; firstOffset: number; lastOffset: number }[] = [];
  end = 0;

  data(producerId: number, transactional: boolean): void {
    if (transactional && !this.open.has(producerId)) this.open.set(producerId, this.end);
    this.end++;
  }

  finish(producerId: number, result: TransactionResult): void {
    const firstOffset = this.open.get(producerId);
    if (firstOffset !== undefined && result === "abort") {
      this.aborted.push({ producerId, firstOffset, lastOffset: this.end });
    }
    this.open.delete(producerId);
    this.end++;
  }

  check(log: PartitionLog, from: number, to: number): void {
    assert.equal(log.endOffset, this.end);
    assert.equal(log.lastStableOffset, Math.min(this.end, ...this.open.values()));
    const expected = this.aborted
      .filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < to)
      .sort((a, b) => a.firstOffset - b.firstOffset);
    const found = log
      .abortedTransactions(from, to)
      .map(({ producerId, firstOffset, lastOffset }) => ({ producerId, firstOffset, lastOffset }));
    assert.deepEqual(found, expected);
  }
}

describe("transactions in a log", () => {
  it("keep the sequences of a producer whose records are days old", () => {
    const { log } = open(new MemoryFileSystem());
    const nowMs = 10 * PRODUCER_EXPIRY_MS;
    const batch = (baseSequence: number): Buffer => {
      const records = [{ timestampMs: 1, key: null, value: Buffer.from("v"), headers: [] }];
      const producer = { id: 7, epoch: 0, baseSequence };
      return buildBatch(records, { producer, transactional: true });
    };
    log.stage(batch(0));
    log.flush();
    log.applyRetention(nowMs);
    log.stage(buildEndMarker({ producerId: 7, producerEpoch: 0, result: "commit" }, nowMs));
    log.flush();
    log.applyRetention(nowMs);
    assert.equal(log.producers.check(readBatchHeader(batch(1), 0)).kind, "append");
  });

  for (let seed = 1; seed <= 30; seed++) {
    it(`are what a naive model says, also after restarts (seed ${seed})`, async () => {
      const random = seeded(seed);
      const below = (limit: number) => Math.floor(random() * limit);
      const fs = new MemoryFileSystem(below);
      const model = new Model();
      let { logs, log } = open(fs);
      for (let step = 0; step < 150; step++) {
        const producerId = below(5);
        const action = below(10);
        if (action < 6) {
          const transactional = action > 0;
          log.stage(record(producerId, transactional));
          model.data(producerId, transactional);
        } else if (action < 9) {
          const result = action === 6 ? "commit" : "abort";
          log.stage(marker(producerId, result));
          model.finish(producerId, result);
        } else if (below(3) === 0) {
          const way = below(4);
          if (way < 2) await logs.close();
          else if (way === 2) await logs.sync();
          ({ logs, log } = open(fs));
        }
        log.flush();
        // As a fetch does: up to the last stable offset at most.
        const to = below(log.lastStableOffset + 1);
        model.check(log, below(to + 1), to);
      }
      await logs.close();
    });
  }

  it("stay aborted while any of their records is there, wherever a deletion was cut short", async () => {
    for (let nth = 1, isDone = false; !isDone; nth++) {
      const fs = new MemoryFileSystem();
      const { logs, log } = open(fs);
      log.stage(record(7, true));
      log.stage(marker(7, "abort"));
      log.flush();
      for (let i = 0; i < 20; i++) {
        log.stage(record(-1, false));
        log.flush();
      }
      // What lies before the recovery point is not read again.
      await logs.sync();
      fs.crashAfter(nth);
      try {
        log.setConfig({ ...CONFIG, retentionBytes: 0 });
        assert.ok(log.applyRetention(0) > 0);
        isDone = true;
      } catch (error) {
        assert.ok(error instanceof SimulatedCrash);
      }
      fs.restart();
      const again = open(fs).log;
      const aborted = again.abortedTransactions(again.startOffset, again.endOffset);
      assert.equal(aborted.length, again.startOffset === 0 ? 1 : 0, `died at change ${nth}`);
    }
  });

  it("do not end before their marker is written, nor when it cannot be", () => {
    const fs = new MemoryFileSystem();
    const { log } = open(fs);
    log.stage(record(7, true));
    log.flush();
    log.stage(marker(7, "abort"));
    assert.equal(log.lastStableOffset, 0);
    fs.failAfter(1);
    assert.throws(() => log.flush());
    assert.equal(log.lastStableOffset, 0);
    assert.deepEqual(log.abortedTransactions(0, 1), []);
    log.stage(marker(7, "abort"));
    log.flush();
    assert.equal(log.lastStableOffset, 2);
    assert.equal(log.abortedTransactions(0, 2).length, 1);
  });

  it("are learned from the segments when a snapshot is damaged", async () => {
    const fs = new MemoryFileSystem();
    const first = open(fs);
    first.log.stage(record(7, true));
    for (let i = 0; i < 40; i++) {
      first.log.stage(record(-1, false));
      first.log.flush();
    }
    await first.logs.close();
    for (const name of fs.list("/data/t-0").filter((file) => file.endsWith(".snapshot"))) {
      fs.writeFile(`/data/t-0/${name}`, Buffer.from("damaged"));
    }
    assert.equal(open(fs).log.lastStableOffset, 0);
  });
});

describe("files of transactions", () => {
  it("keep open transactions in the producer snapshot", () => {
    const producers = new ProducerState();
    producers.restore(9, { epoch: 3, batches: [], lastTimestampMs: 5 });
    const transactions = new OpenTransactions();
    transactions.restore(9, 1_234);
    const bytes = encodeProducers({ producers, transactions });
    const decoded = decodeProducers(bytes);
    assert.deepEqual([...(decoded?.transactions.entries ?? [])], [[9, 1_234]]);
    assert.equal(decoded?.producers.entries.get(9)?.epoch, 3);
  });

  it("read a snapshot of version 1, which has none", () => {
    const bytes = encodeProducers({
      producers: new ProducerState(),
      transactions: new OpenTransactions(),
    }).subarray(0, 10);
    bytes.writeUInt16BE(1, 4);
    bytes.writeUInt32BE(crc32c(bytes.subarray(4)), 0);
    assert.equal(decodeProducers(bytes)?.transactions.entries.size, 0);
  });

  it("keep aborted ones in Kafka's transaction index", () => {
    const aborted = [{ producerId: 7, firstOffset: 42, lastOffset: 44, lastStableOffset: 45 }];
    const bytes = encodeAborted(aborted);
    const hex = "0000" + "0000000000000007" + "000000000000002a" + "000000000000002c";
    assert.equal(bytes.toString("hex"), `${hex}000000000000002d`);
    assert.deepEqual(decodeAborted(bytes, 42), aborted);
    assert.equal(decodeAborted(bytes.subarray(1), 42), undefined);
  });

  it("have a marker that reads as Kafka's", () => {
    const bytes = marker(7, "commit");
    assert.equal(bytes.subarray(21, 23).toString("hex"), "0030");
    assert.equal(bytes.subarray(61).toString("hex"), "20000000080000000" + "10c00000000000000");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { CLEANING_INTERVAL_MS } from "../../../runtime/log/log-manager.ts";
import { MemoryFileSystem } from "../../../runtime/log/memory-fs.ts";
import { StorageError } from "../../../runtime/log/storage-error.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { seeded } from "../wire/kafka/values.ts";
import {
  CompactionModel,
  CONFIG,
  DELETE_RETENTION_MS,
  open,
  type Opened,
  RandomWriter,
  readFrom,
} from "./compaction-support.ts";

function setUp(seed: number) {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const clock = new FakeClock();
  const fs = new MemoryFileSystem(below);
  const model = new CompactionModel();
  return { below, clock, fs, model, writer: new RandomWriter(below, clock) };
}

/** A disk that never brings records to the device, and everything else. */
class UnsyncedRecords extends MemoryFileSystem {
  override sync(paths: readonly string[]): Promise<void> {
    const isRecords = paths.some((file) => file.endsWith(".log"));
    return isRecords ? Promise.reject(new StorageError("io", "Cannot sync")) : super.sync(paths);
  }
}

/** A disk with a bad spot where the time indexes lie. */
class UnreadableIndexes extends MemoryFileSystem {
  isBroken = false;

  override readFile(file: string): Buffer | undefined {
    if (this.isBroken && file.endsWith(".timeindex")) {
      throw new StorageError("io", `Cannot read ${file}`);
    }
    return super.readFile(file);
  }
}

const stableEnd = ({ log }: Opened) => log.stable.at(-1)?.nextOffset ?? 0;

/** A reader at every offset, or every so many, gets what is left from there on, to the end or to the last stable offset. */
function checkReads(
  { log }: Opened,
  model: CompactionModel,
  maxBytes: number,
  everyOffsets = 1,
): void {
  const expected = model.records();
  for (let from = log.startOffset; from <= log.endOffset; from += everyOffsets) {
    const left = expected.filter(({ offset }) => offset >= from);
    assert.deepEqual(readFrom(log, from, maxBytes), left, `from ${from}`);
    const stable = log.lastStableOffset;
    if (stable === log.endOffset) continue;
    const committed = left.filter(({ offset }) => offset < stable);
    assert.deepEqual(readFrom(log, from, maxBytes, stable), committed, `from ${from} to ${stable}`);
  }
}

/** Readers of committed records can tell what of it was aborted. */
function checkAborted({ log }: Opened, model: CompactionModel): void {
  for (const { records, isAborted, producerId } of model.batches) {
    const [first] = records;
    const end = log.lastStableOffset;
    if (first === undefined || !isAborted || first.offset >= end) continue;
    const found = log.abortedTransactions(first.offset, end);
    assert.ok(found.some((one) => one.producerId === producerId));
  }
}

describe("a compacted log", () => {
  for (let seed = 1; seed <= 20; seed++) {
    it(`holds what a naive model says, whatever happens in between (seed ${seed})`, async () => {
      const { below, clock, fs, model, writer } = setUp(seed);
      let opened = open(fs, clock);
      let compacted = 0;
      for (let step = 0; step < 150; step++) {
        const action = below(40);
        if (action === 0) {
          const end = stableEnd(opened);
          await opened.logs.clean();
          // A log without anything new in it is not compacted, whatever time has passed.
          if (end > compacted) model.compact(end, clock.nowMs());
          compacted = end;
          checkReads(opened, model, below(2) === 0 ? 1 : 2_000);
          checkAborted(opened, model);
        } else if (action === 1) clock.advance(below(DELETE_RETENTION_MS));
        else if (action === 2) {
          const { lastStableOffset, endOffset } = opened.log;
          const sequences = [...opened.log.producers.entries];
          if (below(2) === 0) await opened.logs.close();
          if (below(2) === 0) fs.remove("/data/recovery.json");
          opened = open(fs, clock);
          assert.equal(opened.log.lastStableOffset, lastStableOffset);
          assert.equal(opened.log.endOffset, endOffset);
          for (const [producerId, { epoch, batches }] of sequences) {
            const entry = opened.log.producers.entries.get(producerId);
            assert.equal(entry?.epoch, epoch);
            assert.equal(entry.batches.at(-1)?.lastSequence, batches.at(-1)?.lastSequence);
          }
          checkReads(opened, model, 2_000);
        } else writer.step(opened.log, model);
      }
    });
  }

  it("is done in as many passes as its memory takes", async () => {
    const { clock, fs, model, writer } = setUp(7);
    const opened = open(fs, clock, 16 * 24);
    while (opened.log.endOffset < 300) writer.step(opened.log, model);
    const end = stableEnd(opened);
    await opened.logs.clean();
    model.compact(end, clock.nowMs());
    checkReads(opened, model, 2_000);
  });

  it("has few segments left of many", async () => {
    const { clock, fs, model, writer } = setUp(3);
    const opened = open(fs, clock);
    const segments = () => fs.list("/data/t-0").filter((name) => name.endsWith(".log")).length;
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < 50; i++) writer.step(opened.log, model);
      await opened.logs.clean();
    }
    assert.ok(segments() < 60, `${segments()} segments`);
  });
});

describe("the cleaner of a data folder", () => {
  const checkpoint = (fs: MemoryFileSystem) => fs.peek("/data/cleaner.json")?.toString().trim();

  it("looks after its logs every 15 seconds", async () => {
    const { clock, fs, model, writer } = setUp(7);
    const opened = open(fs, clock);
    while (stableEnd(opened) === 0) writer.step(opened.log, model);
    const end = stableEnd(opened);
    clock.advance(CLEANING_INTERVAL_MS - 1);
    assert.equal(checkpoint(fs), undefined);
    clock.advance(1);
    await opened.logs.clean();
    assert.equal(checkpoint(fs), `{"version":1,"partitions":{"t-0":${end}}}`);
    model.compact(end, clock.nowMs());
    checkReads(opened, model, 2_000);
  });

  it("forgets a partition that was deleted before another has its name", async () => {
    const { clock, fs, model, writer } = setUp(7);
    const { logs, log } = open(fs, clock);
    while (log.stable.length === 0) writer.step(log, model);
    await logs.clean();
    logs.destroy("t", 0);
    logs.partition("t", 0, CONFIG);
    assert.equal(checkpoint(fs), `{"version":1,"partitions":{}}`);
  });

  it("takes a damaged checkpoint for none", async () => {
    const { clock, fs, model, writer } = setUp(7);
    const first = open(fs, clock);
    while (first.log.stable.length < 3) writer.step(first.log, model);
    const end = stableEnd(first);
    await first.logs.clean();
    model.compact(end, clock.nowMs());
    await first.logs.close();
    fs.writeFile("/data/cleaner.json", Buffer.from("{"));
    const again = open(fs, clock);
    await again.logs.clean();
    checkReads(again, model, 2_000);
    assert.equal(checkpoint(fs), `{"version":1,"partitions":{"t-0":${end}}}`);
  });

  it("leaves a log to retention where the policy is both", async () => {
    const { clock, fs, model, writer } = setUp(7);
    const { logs, log } = open(fs, clock);
    log.setConfig({ ...CONFIG, retentionMs: 1_000 });
    while (log.stable.length < 3) writer.step(log, model);
    const cleaning = logs.clean();
    clock.advance(10_000);
    logs.applyRetention();
    assert.equal(log.startOffset, 0);
    await cleaning;
    logs.applyRetention();
    assert.equal(log.startOffset, log.endOffset);
    const left = fs.list("/data/t-0").filter((name) => name.endsWith(".log"));
    assert.deepEqual(left, []);
  });
});

describe("compaction that is interrupted", function () {
  this.timeout(30_000);

  /** A log of small segments, which were compacted, and full ones: some of them become one. */
  const twoHalves = async (
    opened: Opened,
    model: CompactionModel,
    writer: RandomWriter,
    clock: FakeClock,
  ) => {
    const { logs, log } = opened;
    for (let i = 0; i < 30; i++) writer.step(log, model);
    const end = stableEnd(opened);
    await logs.clean();
    model.compact(end, clock.nowMs());
    for (let i = 0; i < 20; i++) writer.step(log, model);
    // One sync may have begun before the last records were written.
    await logs.sync();
    await logs.sync();
  };
  const checkSound = (
    opened: Opened,
    before: ReturnType<typeof readFrom>,
    model: CompactionModel,
  ) => {
    const seen = readFrom(opened.log, opened.log.startOffset, 2_000);
    const offsets = seen.map(({ offset }) => offset);
    assert.deepEqual(
      offsets,
      [...new Set(offsets)].sort((a, b) => a - b),
    );
    const all = new Map(before.map((record) => [record.offset, record]));
    for (const record of seen) assert.deepEqual(record, all.get(record.offset));
    const there = new Set(offsets);
    // Whoever begins elsewhere sees the same records, not those of a segment that has been replaced.
    for (let from = opened.log.startOffset; from <= opened.log.endOffset; from += 11) {
      const left = seen.filter(({ offset }) => offset >= from);
      assert.deepEqual(readFrom(opened.log, from, 2_000), left);
    }
    for (const { offset } of model.records()) assert.ok(there.has(offset), `${offset} is lost`);
  };

  for (const way of ["restart", "cutPower"] as const) {
    for (const seed of [1, 3, 5]) {
      it(`loses nothing and shows nothing twice (${way} at every change, seed ${seed})`, async () => {
        for (let crashAt = 1, finished = false; !finished; crashAt++) {
          const { clock, fs, model, writer } = setUp(seed);
          const opened = open(fs, clock);
          await twoHalves(opened, model, writer, clock);
          const before = readFrom(opened.log, 0, 2_000);
          const end = stableEnd(opened);
          const changes = fs.changes;
          fs.crashAfter(crashAt);
          await opened.logs.clean();
          finished = fs.changes < changes + crashAt;
          fs[way]();
          model.compact(end, clock.nowMs());
          const again = open(fs, clock);
          checkSound(again, before, model);
          assert.equal(again.log.endOffset, opened.log.endOffset);
          const left = fs.files().filter((name) => /\.(swap|cleaned)$/.test(name));
          assert.deepEqual(left, []);
          await again.logs.clean();
          checkReads(again, model, 2_000, 11);
        }
      });
    }
  }

  it("goes on after any change that the disk refuses", async () => {
    for (let failAt = 1, finished = false; !finished; failAt++) {
      const { clock, fs, model, writer } = setUp(5);
      const opened = open(fs, clock);
      await twoHalves(opened, model, writer, clock);
      const before = readFrom(opened.log, 0, 2_000);
      const end = stableEnd(opened);
      const changes = fs.changes;
      fs.failAfter(failAt);
      await opened.logs.clean();
      finished = fs.changes < changes + failAt;
      fs.failAfter(Infinity);
      model.compact(end, clock.nowMs());
      checkSound(opened, before, model);
      await opened.logs.clean();
      checkReads(opened, model, 2_000, 11);
      await opened.logs.close();
      checkReads(open(fs, clock), model, 2_000, 11);
    }
  });

  it("keeps a record until the newer one of its key is on the device", async () => {
    const { clock, below } = setUp(5);
    const fs = new UnsyncedRecords(below);
    fs.makeFolder("/data");
    const { logs, log } = open(fs, clock);
    const put = (value: string) => {
      const records = [
        { timestampMs: 1, key: Buffer.from("k"), value: Buffer.from(value), headers: [] },
      ];
      log.stage(buildBatch(records));
      log.flush();
    };
    put("old".padEnd(600));
    fs.syncNow(["/data/t-0/00000000000000000000.log", "/data/t-0", "/data"]);
    put("new".padEnd(600));
    put("newest".padEnd(600));
    await logs.clean();
    fs.cutPower();
    assert.notDeepEqual(readFrom(open(fs, clock).log, 0, 2_000), []);
  });

  it("leaves a log alone that cannot even be looked at, and comes back to it", async () => {
    const { clock, below, model, writer } = setUp(5);
    const fs = new UnreadableIndexes(below);
    const first = open(fs, clock);
    for (let i = 0; i < 40; i++) writer.step(first.log, model);
    await first.logs.close();
    const again = open(fs, clock);
    const end = stableEnd(again);
    fs.isBroken = true;
    const before = fs.changes;
    await again.logs.clean();
    assert.equal(fs.changes, before);
    fs.isBroken = false;
    await again.logs.clean();
    model.compact(end, clock.nowMs());
    checkReads(again, model, 2_000, 11);
  });

  it("ends at once when the topic is deleted or the lab stops", async () => {
    for (const end of ["destroy", "close"] as const) {
      const { clock, fs, model, writer } = setUp(5);
      const { logs, log } = open(fs, clock);
      for (let i = 0; i < 40; i++) writer.step(log, model);
      const cleaning = logs.clean();
      if (end === "destroy") logs.destroy("t", 0);
      else await logs.close();
      await cleaning;
      const left = fs.files().filter((name) => /\.(swap|cleaned)$/.test(name));
      assert.deepEqual(left, []);
      if (end === "destroy") assert.deepEqual(fs.list("/data/t-0"), []);
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemoryFileSystem } from "../../../runtime/log/memory-fs.ts";
import type { PartitionLog } from "../../../runtime/log/partition-log.ts";
import {
  baseOffsetOf,
  type Codec,
  computeCrc,
  lastOffsetOf,
  readBatchHeader,
  setLogAppendTime,
} from "../../../runtime/record/batch.ts";
import { readRecords } from "../../../runtime/record/records.ts";
import { Random, seedOfRun } from "../../fault/wire/random.ts";
import { append, batchOf, openLog, readAll, START_MS } from "../../support/log-files.ts";

const allocate = (bytes: number): Buffer => Buffer.allocUnsafe(bytes);
const CODECS: readonly Codec[] = ["none", "gzip", "lz4", "snappy"];

function readAt(log: PartitionLog, offset: number, maxBytes: number, atLeastOne = true) {
  const read = log.read(offset, { maxBytes, atLeastOne }, allocate);
  return read.kind === "data" ? read.bytes : read.kind;
}

/** A log of many segments, and every batch in it. */
function randomLog(random: Random) {
  const fs = new MemoryFileSystem();
  const log = openLog(fs, {
    segmentBytes: 600 + random.below(2000),
    indexIntervalBytes: random.below(500),
  });
  const batches: Buffer[] = [];
  for (let i = 0; i < 60; i++) {
    const group = Array.from({ length: 1 + random.below(3) }, () =>
      batchOf({
        count: 1 + random.below(6),
        timestampMs: START_MS + i * 10 + random.below(200),
        valueBytes: random.below(20) === 0 ? 20_000 : random.below(100),
        codec: random.pick(CODECS),
      }),
    );
    if (random.below(8) === 0) group.forEach((batch) => setLogAppendTime(batch, 0, START_MS + i));
    append(log, ...group);
    batches.push(...group);
  }
  return { fs, log, batches };
}

describe("partition log: reading", () => {
  const seed = seedOfRun();

  it(`gives what a list of batches gives, at every offset (SEED=${seed})`, () => {
    const random = new Random(seed);
    for (let run = 0; run < 8; run++) {
      const { fs, log, batches } = randomLog(random);
      for (const one of [log, openLog(fs)]) {
        for (let offset = 0; offset < one.endOffset; offset++) {
          const maxBytes = random.below(3000);
          const first = batches.findIndex((batch) => lastOffsetOf(batch, 0) >= offset);
          const expected = batches[first] ?? Buffer.alloc(0);
          const bytes = readAt(one, offset, maxBytes);
          assert.ok(Buffer.isBuffer(bytes), `${String(bytes)} at ${offset}`);
          assert.ok(bytes.subarray(0, expected.length).equals(expected), `at ${offset}`);
          assert.ok(bytes.length <= Math.max(maxBytes, expected.length));
          const rest = Buffer.concat(batches.slice(first));
          assert.ok(rest.subarray(0, bytes.length).equals(bytes));
        }
        assert.equal(readAt(one, one.endOffset, 1000), "empty");
        assert.equal(readAt(one, one.endOffset + 1, 1000), "out-of-range");
        assert.equal(readAt(one, -1, 1000), "out-of-range");
      }
    }
  });

  it("gives nothing rather than too much, unless one batch is a must", () => {
    const log = openLog(new MemoryFileSystem());
    const batch = batchOf({ valueBytes: 5000 });
    append(log, batch);
    assert.equal(readAt(log, 0, batch.length - 1, false), "empty");
    assert.deepEqual(readAt(log, 0, batch.length, false), batch);
    assert.deepEqual(readAt(log, 0, 0, true), batch);
  });

  it("goes on in the next segment for a reader that stopped where one was sealed", () => {
    const log = openLog(new MemoryFileSystem(), { segmentBytes: 150 });
    append(log, batchOf());
    assert.ok(Buffer.isBuffer(readAt(log, 0, 1000)));
    const second = batchOf();
    append(log, second);
    assert.deepEqual(readAt(log, 1, 1000, false), second);
    assert.equal(log.bytesFrom(1), second.length);
  });

  it("counts the bytes from an offset to the end", () => {
    const random = new Random(seed);
    const { log, batches } = randomLog(random);
    // The index is sparse: an entry, and what follows it until the next.
    const slack = 500 + 2 * Math.max(...batches.map(({ length }) => length));
    for (let offset = 0; offset <= log.endOffset; offset += 7) {
      const exact = batches
        .filter((batch) => lastOffsetOf(batch, 0) >= offset)
        .reduce((sum, { length }) => sum + length, 0);
      const counted = log.bytesFrom(offset);
      assert.ok(counted >= exact && counted <= exact + slack, `${counted} for ${exact}`);
    }
    assert.equal(log.bytesFrom(0), log.sizeBytes);
  });

  it("finds records of a batch that claims offsets beyond what an index can hold", () => {
    const fs = new MemoryFileSystem();
    const log = openLog(fs, { segmentBytes: 100_000, indexIntervalBytes: 0 });
    const huge = (): Buffer => {
      const batch = batchOf({ count: 2, codec: "gzip" });
      batch.writeInt32BE(2 ** 31 - 2, 23);
      batch.writeUInt32BE(computeCrc(batch, 0), 17);
      return batch;
    };
    const batches = [huge(), huge(), huge(), batchOf()];
    append(log, ...batches);
    append(log, ...Array.from({ length: 3 }, () => batchOf()));
    assert.equal(log.endOffset, 3 * (2 ** 31 - 1) + 4);
    for (const one of [log, openLog(fs, { segmentBytes: 100_000 })]) {
      for (const batch of batches) {
        const bytes = readAt(one, baseOffsetOf(batch, 0), 0);
        assert.deepEqual(bytes, batch);
      }
      assert.equal(one.offsetForTime(START_MS)?.offset, 0);
    }
  });
});

describe("partition log: times", () => {
  const seed = seedOfRun();

  it(`finds what a walk over all records finds (SEED=${seed})`, () => {
    const random = new Random(seed);
    for (let run = 0; run < 8; run++) {
      const { fs, log, batches } = randomLog(random);
      const records = batches.flatMap((batch) => [...readRecords(batch, 0, 1_000_000)]);
      const max = Math.max(...records.map(({ timestampMs }) => timestampMs));
      for (const one of [log, openLog(fs)]) {
        for (let timestampMs = START_MS - 2; timestampMs <= max + 2; timestampMs += 3) {
          const expected = records.find((record) => record.timestampMs >= timestampMs);
          assert.equal(one.offsetForTime(timestampMs)?.offset, expected?.offset, `${timestampMs}`);
        }
        const newest = records.find(({ timestampMs }) => timestampMs === max);
        assert.deepEqual(one.maxTimestamp(), { offset: newest?.offset, timestampMs: max });
      }
    }
  });

  it("has none to find where no record has one, and goes by the header where records are nonsense", () => {
    const log = openLog(new MemoryFileSystem());
    assert.equal(log.maxTimestamp(), undefined);
    append(log, batchOf({ timestampMs: -1 }));
    assert.equal(log.maxTimestamp(), undefined);
    assert.equal(log.offsetForTime(0), undefined);
    const nonsense = batchOf({ codec: "gzip" });
    nonsense.fill(0xee, 61);
    nonsense.writeUInt32BE(computeCrc(nonsense, 0), 17);
    append(log, nonsense);
    assert.deepEqual(log.offsetForTime(5), { offset: 1, timestampMs: START_MS });
  });
});

describe("partition log: segments and retention", () => {
  it("begins a segment for size, for age, and names it after its first record", () => {
    const fs = new MemoryFileSystem();
    const log = openLog(fs, { segmentBytes: batchOf({ count: 2 }).length + 10, segmentMs: 1000 });
    append(log, batchOf({ count: 2 }));
    append(log, batchOf());
    append(log, batchOf({ timestampMs: START_MS + 5000 }));
    append(log, batchOf({ timestampMs: START_MS + 6001 }));
    const names = fs.files().filter((file) => file.endsWith(".log"));
    const bases = names.map((name) => Number(/(\d+)\.log$/.exec(name)?.[1]));
    assert.deepEqual(bases, [0, 2, 3, 4]);
    for (const base of bases.slice(0, -1)) {
      const stem = `/data/t-0/${String(base).padStart(20, "0")}`;
      assert.ok(fs.peek(`${stem}.index`) !== undefined && fs.peek(`${stem}.timeindex`));
    }
  });

  it("keeps at least the bytes it is told, and never the last segment less", () => {
    const fs = new MemoryFileSystem();
    const one = batchOf().length;
    const log = openLog(fs, { segmentBytes: one, retentionBytes: one * 3 });
    for (let i = 0; i < 10; i++) append(log, batchOf());
    assert.equal(log.applyRetention(START_MS), 7);
    assert.deepEqual([log.startOffset, log.endOffset, log.sizeBytes], [7, 10, one * 3]);
    assert.equal(readAt(log, 6, 1000), "out-of-range");
    assert.equal(openLog(fs).startOffset, 7);
    log.setConfig({ ...log.config, retentionBytes: 0 });
    log.applyRetention(START_MS);
    assert.deepEqual([log.startOffset, log.endOffset], [9, 10]);
  });

  it("deletes by the largest timestamp, in order, and leaves records without time", () => {
    const one = batchOf().length;
    const log = openLog(new MemoryFileSystem(), { segmentBytes: one, retentionMs: 1000 });
    for (const age of [5000, 3000, 100, 4000])
      append(log, batchOf({ timestampMs: START_MS - age }));
    append(log, batchOf({ timestampMs: -1 }));
    assert.equal(log.applyRetention(START_MS), 2);
    assert.equal(log.applyRetention(START_MS), 0);
    assert.equal(log.applyRetention(START_MS + 901), 2);
    assert.equal(log.applyRetention(START_MS + 10 ** 9), 0);
    assert.equal(log.startOffset, 4);
  });

  it("never gives an offset out twice when everything is deleted", () => {
    const fs = new MemoryFileSystem();
    const log = openLog(fs, { retentionMs: 1000 });
    const producer = { id: 7, epoch: 0, baseSequence: 0 };
    append(log, batchOf({ count: 3, producer }));
    assert.equal(log.applyRetention(START_MS + 5000), 1);
    assert.deepEqual([log.startOffset, log.endOffset, log.sizeBytes], [3, 3, 0]);
    const again = openLog(fs);
    assert.deepEqual([again.startOffset, again.endOffset], [3, 3]);
    assert.deepEqual([...again.producers.entries], [...log.producers.entries]);
    assert.equal(append(again, batchOf()), 3);
    assert.equal(openLog(fs).endOffset, 4);
  });

  it("forgets the place where a reader was, once retention has deleted it", () => {
    const one = batchOf().length;
    const log = openLog(new MemoryFileSystem(), { segmentBytes: one * 2, retentionBytes: 0 });
    append(log, batchOf());
    readAt(log, 0, 1000);
    append(log, batchOf());
    for (let i = 0; i < 3; i++) append(log, batchOf());
    log.applyRetention(START_MS);
    assert.equal(readAt(log, 1, 1000), "out-of-range");
    assert.equal(readAll(log).length, log.endOffset - log.startOffset);
  });

  it("reads the same with no index left, and with damaged ones", () => {
    const random = new Random(3);
    const { fs, log, batches } = randomLog(random);
    for (const file of fs.files()) {
      if (file.endsWith("index")) fs.poke(file, random.bytes(random.below(60)));
    }
    const last = Number(/(\d+)\.log$/.exec(fs.files().at(-1) ?? "")?.[1] ?? 0);
    assert.ok(last >= 0);
    assert.deepEqual(readAll(openLog(fs)), batches);
    assert.equal(
      log.endOffset,
      readBatchHeader(batches.at(-1) ?? batchOf(), 0).baseOffset + count(batches),
    );
  });
});

function count(batches: readonly Buffer[]): number {
  const last = batches.at(-1);
  return last === undefined ? 0 : readBatchHeader(last, 0).recordCount;
}

import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { MemoryFileSystem } from "../../../runtime/log/memory-fs.ts";
import type { PartitionLog } from "../../../runtime/log/partition-log.ts";
import { StorageError } from "../../../runtime/log/storage-error.ts";
import { baseOffsetOf, readBatchHeader } from "../../../runtime/record/batch.ts";
import { append, batchOf, openLog, readAll } from "../../support/log-files.ts";

const FIRST = "/data/t-0/00000000000000000000.log";
const allocate = (bytes: number): Buffer => Buffer.allocUnsafe(bytes);

describe("partition log: appending", () => {
  let fs: MemoryFileSystem;
  let log: PartitionLog;
  beforeEach(() => {
    fs = new MemoryFileSystem();
    log = openLog(fs);
  });

  it("makes no file before the first append", () => {
    assert.deepEqual(fs.files(), []);
    assert.deepEqual(log.read(0, { maxBytes: 100, atLeastOne: true }, allocate), { kind: "empty" });
    assert.equal(log.offsetForTime(0), undefined);
    assert.equal(log.maxTimestamp(), undefined);
    append(log, batchOf());
    assert.deepEqual(fs.files(), [FIRST]);
  });

  it("gives offsets when staging and shows records when flushed, with one write", () => {
    assert.equal(log.stage(batchOf({ count: 3 })), 0);
    assert.equal(log.stage(batchOf({ count: 2 })), 3);
    assert.equal(log.endOffset, 0);
    assert.deepEqual(log.read(0, { maxBytes: 100, atLeastOne: true }, allocate), { kind: "empty" });
    fs.makeFolder("/data/t-0");
    const before = fs.changes;
    log.flush();
    assert.equal(fs.changes - before, 2, "the file is made, and written once");
    assert.equal(log.endOffset, 5);
    log.flush();
    assert.equal(fs.changes - before, 2, "nothing is staged");
  });

  it("reads into one buffer that it is given", () => {
    for (let i = 0; i < 6; i++) append(log, batchOf());
    const given: Buffer[] = [];
    const read = log.read(2, { maxBytes: 300, atLeastOne: true }, (bytes) => {
      const buffer = Buffer.alloc(bytes + 1000);
      given.push(buffer);
      return buffer;
    });
    assert.ok(read.kind === "data");
    assert.equal(given.length, 1);
    assert.equal(read.bytes.buffer, given[0]?.buffer);
    assert.equal(baseOffsetOf(read.bytes, 0), 2);
  });

  it("reads what its file has lost as an error, and not for ever", () => {
    append(log, batchOf(), batchOf(), batchOf());
    fs.poke(FIRST, fs.peek(FIRST)?.subarray(0, 150) ?? Buffer.alloc(0));
    assert.throws(() => log.read(2, { maxBytes: 100, atLeastOne: true }, allocate), StorageError);
    fs.poke(FIRST, Buffer.alloc(300));
    assert.throws(() => log.read(0, { maxBytes: 100, atLeastOne: true }, allocate), StorageError);
  });

  for (const [kind, breakDisk] of [
    ["disk-full", () => void (fs.capacityBytes = 150)],
    ["read-only", () => void (fs.readOnly = true)],
    ["io", () => fs.failAfter(1)],
  ] as const) {
    it(`takes a failed write back as a whole: ${kind}`, () => {
      const producer = { id: 7, epoch: 0, baseSequence: 0 };
      append(log, batchOf({ producer }));
      const bytes = fs.peek(FIRST);
      const second = batchOf({ producer: { ...producer, baseSequence: 1 } });
      breakDisk();
      log.stage(second);
      log.stage(batchOf());
      assert.throws(
        () => log.flush(),
        (error) => error instanceof StorageError && error.kind === kind,
      );
      assert.equal(log.endOffset, 1);
      assert.equal(log.producers.check(readBatchHeader(second, 0)).kind, "append");
      Object.assign(fs, { capacityBytes: Infinity, readOnly: false });
      assert.equal(append(log, second), 1);
      assert.deepEqual(fs.peek(FIRST), Buffer.concat([bytes ?? Buffer.alloc(0), second]));
      assert.equal(readAll(log).length, 2);
    });
  }

  it("writes a batch that is larger than a segment", () => {
    append(log, batchOf());
    append(log, batchOf({ valueBytes: 5000 }));
    append(log, batchOf());
    assert.deepEqual(
      readAll(log, 0, 10).map((batch) => baseOffsetOf(batch, 0)),
      [0, 1, 2],
    );
  });

  it("begins a segment when the new batches are much younger than its first", () => {
    log = openLog(fs, { segmentMs: 1000 });
    for (const timestampMs of [5000, 5900, 6000, 6001, 6100]) append(log, batchOf({ timestampMs }));
    const segments = fs.files().filter((file) => file.endsWith(".log"));
    assert.deepEqual(
      segments.map((file) => Number(file.slice(-24, -4))),
      [0, 3],
    );
  });
});

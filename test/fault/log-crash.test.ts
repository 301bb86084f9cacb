import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { describe, it } from "mocha";
import { MemoryFileSystem, SimulatedCrash } from "../../runtime/log/memory-fs.ts";
import { nodeFileSystem } from "../../runtime/log/node-fs.ts";
import { PartitionLog } from "../../runtime/log/partition-log.ts";
import { StorageError } from "../../runtime/log/storage-error.ts";
import { patchBatch } from "../../runtime/record/batch.ts";
import { append, batchOf, logDeps, openLog, readAll, SMALL } from "../support/log-files.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { numberedBatch } from "./log/numbered.ts";

const FILE = "/data/t-0/00000000000000000000.log";
const ROOMY = { segmentBytes: 100_000 };

function diskWithLog(): { fs: MemoryFileSystem; log: PartitionLog } {
  const fs = new MemoryFileSystem();
  return { fs, log: openLog(fs, ROOMY) };
}

const isStorageError = (kind: string) => (error: unknown) =>
  error instanceof StorageError && error.kind === kind;

describe("log after a torn write", () => {
  const tails: readonly (readonly [string, (rest: number) => Buffer])[] = [
    ["nothing", () => Buffer.alloc(0)],
    ["zeros", (rest) => Buffer.alloc(rest)],
    ["old contents", (rest) => Buffer.alloc(rest, 0xa7)],
  ];
  for (const [name, rest] of tails) {
    it(`of which any number of bytes is there and then ${name}, ends before it`, () => {
      const { fs, log } = diskWithLog();
      append(log, batchOf({ count: 3 }), batchOf({ count: 2 }));
      const whole = fs.peek(FILE)?.length ?? 0;
      const sound = readAll(log);
      append(log, batchOf({ count: 4, producer: { id: 7, epoch: 0, baseSequence: 0 } }));
      const file = fs.peek(FILE) ?? Buffer.alloc(0);
      for (let cut = whole; cut < file.length; cut++) {
        fs.poke(FILE, Buffer.concat([file.subarray(0, cut), rest(file.length - cut)]));
        const again = openLog(fs, ROOMY);
        const isWhole = fs.peek(FILE)?.equals(file) === true;
        assert.equal(again.endOffset, isWhole ? 9 : 5, `cut at ${cut}`);
        assert.deepEqual(readAll(again).slice(0, 2), sound);
        assert.equal(again.producers.entries.size, isWhole ? 1 : 0);
        append(again, batchOf());
        assert.equal(openLog(fs, ROOMY).endOffset, again.endOffset);
      }
    });
  }
});

describe("log on a disk that refuses", () => {
  it("is as before when the disk is full, at whatever byte, and goes on when there is room", () => {
    const producer = { id: 7, epoch: 0, baseSequence: 0 };
    const lengths = [batchOf({ count: 2 }), batchOf({ producer })].map(({ length }) => length);
    const needed = lengths.reduce((sum, length) => sum + length, 0);
    for (let room = 0; room < needed; room++) {
      const { fs, log } = diskWithLog();
      append(log, batchOf());
      const before = fs.peek(FILE);
      fs.capacityBytes = (before?.length ?? 0) + room;
      log.stage(batchOf({ count: 2 }));
      log.stage(batchOf({ producer }));
      assert.throws(() => log.flush(), isStorageError("disk-full"));
      assert.deepEqual([log.endOffset, log.producers.entries.size], [1, 0]);
      assert.deepEqual(fs.peek(FILE), before);
      fs.capacityBytes = Infinity;
      assert.equal(append(log, batchOf({ producer })), 1);
      assert.equal(readAll(openLog(fs, ROOMY)).length, 2);
    }
  });

  it("says that it is read-only, and can still be read", () => {
    const { fs, log } = diskWithLog();
    append(log, batchOf());
    fs.readOnly = true;
    log.stage(batchOf());
    assert.throws(() => log.flush(), isStorageError("read-only"));
    assert.equal(readAll(log).length, 1);
    assert.equal(openLog(fs, ROOMY).endOffset, 1);
  });

  it("goes on after an I/O error at any change that sealing a segment makes", () => {
    for (let nth = 1; ; nth++) {
      const fs = new MemoryFileSystem();
      const log = openLog(fs, { segmentBytes: 150 });
      append(log, batchOf({ producer: { id: 7, epoch: 0, baseSequence: 0 } }));
      fs.failAfter(nth);
      const before = fs.changes;
      log.stage(batchOf({ producer: { id: 7, epoch: 0, baseSequence: 1 } }));
      let failed = false;
      try {
        log.flush();
      } catch (error) {
        assert.ok(isStorageError("io")(error), String(error));
        assert.equal(log.endOffset, 1);
        failed = true;
        append(log, batchOf({ producer: { id: 7, epoch: 0, baseSequence: 1 } }));
      }
      assert.equal(log.endOffset, 2);
      const changes = fs.changes - before;
      fs.failAfter(Infinity);
      const again = openLog(fs, { segmentBytes: 150 });
      assert.equal(readAll(again).length, 2);
      assert.deepEqual([...again.producers.entries], [...log.producers.entries]);
      if (!failed) {
        assert.ok(changes < nth, "an error was lost");
        return;
      }
    }
  });

  it("has no hole after an I/O error at any change that retention makes", () => {
    for (let nth = 1; ; nth++) {
      const fs = new MemoryFileSystem();
      const config = { segmentBytes: 150, retentionBytes: 120 };
      const log = openLog(fs, config);
      for (let i = 0; i < 5; i++) append(log, batchOf());
      fs.failAfter(nth);
      let failed = false;
      try {
        log.applyRetention(0);
      } catch (error) {
        assert.ok(isStorageError("io")(error), String(error));
        failed = true;
      }
      fs.failAfter(Infinity);
      const expected = log.endOffset - log.startOffset;
      assert.equal(readAll(log).length, expected);
      const again = openLog(fs, config);
      assert.deepEqual([again.startOffset, again.endOffset], [log.startOffset, 5]);
      assert.equal(readAll(again).length, expected);
      log.applyRetention(0);
      assert.equal(log.startOffset, 3);
      if (!failed) return;
    }
  });

  it("is whole again after a crash at any change of a busy life", () => {
    for (let nth = 1; ; nth++) {
      const fs = new MemoryFileSystem((limit) => nth % limit);
      fs.crashAfter(nth);
      let acknowledged = 0;
      try {
        const log = openLog(fs, { segmentBytes: 400, retentionBytes: 600 });
        for (let i = 0; i < 12; i++) {
          append(log, batchOf({ count: 2 }), batchOf());
          acknowledged = log.endOffset;
          log.applyRetention(0);
        }
        return;
      } catch (error) {
        assert.ok(error instanceof SimulatedCrash, String(error));
      }
      fs.restart();
      const log = openLog(fs, { segmentBytes: 400, retentionBytes: 600 });
      assert.ok(log.endOffset >= acknowledged && log.endOffset <= acknowledged + 3);
      readAll(log);
    }
  });
});

describe("log of a process that is killed", function () {
  this.timeout(20_000);

  async function appendUntilKilled(program: string, folder: string, lines: number) {
    const child = spawn(process.execPath, [program, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exit = once(child, "exit");
    let acknowledged = 0;
    let left = lines;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (--left === 0) child.kill("SIGKILL");
    }
    await exit;
    return acknowledged;
  }

  it("has every record that was acknowledged, each at its offset", async () => {
    const temp = tempFolder();
    try {
      const program = path.join(temp.path, "appender.mjs");
      buildSync({
        entryPoints: ["test/fault/log/appender.ts"],
        bundle: true,
        platform: "node",
        format: "esm",
        outfile: program,
        logLevel: "silent",
      });
      const folder = path.join(temp.path, "t-0");
      for (const lines of [1, 40, 150]) {
        const acknowledged = await appendUntilKilled(program, folder, lines);
        const log = PartitionLog.open(folder, logDeps(nodeFileSystem), SMALL);
        assert.ok(acknowledged > 0 && log.endOffset >= acknowledged);
        readAll(log, 0, 100_000).forEach((batch, i) => {
          const expected = numberedBatch(i * 10);
          patchBatch(expected, 0, i * 10, 0);
          assert.ok(batch.equals(expected), `at offset ${i * 10}`);
        });
        log.close();
      }
    } finally {
      temp.dispose();
    }
  });
});

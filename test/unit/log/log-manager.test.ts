import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { createLogger, type LogLine } from "../../../runtime/core/logger.ts";
import { claimFormat } from "../../../runtime/log/format-marker.ts";
import { LogManager, SYNC_INTERVAL_MS } from "../../../runtime/log/log-manager.ts";
import { MemoryFileSystem } from "../../../runtime/log/memory-fs.ts";
import { StorageError } from "../../../runtime/log/storage-error.ts";
import { append, batchOf, readAll, SMALL, START_MS } from "../../support/log-files.ts";

function harness(fs = new MemoryFileSystem()) {
  fs.makeFolder("/data");
  const clock = new FakeClock(START_MS);
  const lines: LogLine[] = [];
  const logger = createLogger(
    "log",
    () => 0,
    (line) => lines.push(line),
  );
  const open = () => LogManager.open({ dataFolder: "/data", fs, clock, logger });
  return { fs, clock, lines, open };
}

const points = (fs: MemoryFileSystem): unknown =>
  JSON.parse(fs.peek("/data/recovery.json")?.toString("utf8") ?? "null");

describe("log manager", () => {
  it("notes after a sync up to where each log is on the device", async () => {
    const { fs, open } = harness();
    const manager = open();
    const log = manager.partition("t", 0, SMALL);
    append(log, batchOf());
    await manager.sync();
    assert.deepEqual(points(fs), { version: 1, partitions: { "t-0": [0, log.sizeBytes] } });
    fs.cutPower();
    assert.equal(readAll(open().partition("t", 0, SMALL)).length, 1);
  });

  it("syncs every half minute, and what was written while it did with the next", async () => {
    const { fs, clock, open } = harness();
    const manager = open();
    const log = manager.partition("t", 0, SMALL);
    append(log, batchOf());
    clock.advance(SYNC_INTERVAL_MS);
    append(log, batchOf());
    await manager.sync();
    assert.deepEqual(points(fs), { version: 1, partitions: { "t-0": [0, log.sizeBytes] } });
  });

  it("says once that syncing fails, and closes all the same", async () => {
    const { fs, clock, lines, open } = harness();
    const manager = open();
    append(manager.partition("t", 0, SMALL), batchOf());
    fs.readOnly = true;
    for (let i = 0; i < 3; i++) {
      clock.advance(SYNC_INTERVAL_MS);
      await assert.rejects(manager.sync(), StorageError);
    }
    assert.equal(lines.filter(({ level }) => level === "error").length, 1);
    await assert.rejects(manager.close(), StorageError);
  });

  it("does not let a deleted log's point speak for the next of that name", async () => {
    const { fs, open } = harness();
    const manager = open();
    for (let i = 0; i < 9; i++)
      append(manager.partition("t", 0, { ...SMALL, segmentBytes: 1 }), batchOf());
    await manager.sync();
    manager.destroy("t", 0);
    const log = manager.partition("t", 0, { ...SMALL, segmentBytes: 1 });
    append(log, batchOf());
    append(log, batchOf());
    // Killed before the next sync.
    const again = open().partition("t", 0, SMALL);
    assert.deepEqual([again.startOffset, again.endOffset], [0, 2]);
    assert.equal(append(again, batchOf()), 2);
    assert.equal(readAll(again).length, 3);
    assert.deepEqual(
      fs.files().filter((file) => file.includes(".deleted")),
      [],
    );
  });

  it("finishes a deletion that was cut short", () => {
    const { fs, open } = harness();
    const manager = open();
    append(manager.partition("t", 0, SMALL), batchOf());
    fs.failAfter(2);
    manager.destroy("t", 0);
    assert.ok(fs.files().length > 0, "nothing was cut short");
    assert.equal(open().partition("t", 0, SMALL).endOffset, 0);
    assert.deepEqual(fs.files(), []);
  });

  it("checks every log from its beginning when the points are damaged", async () => {
    const { fs, lines, open } = harness();
    const manager = open();
    append(manager.partition("t", 0, SMALL), batchOf(), batchOf());
    await manager.close();
    for (const text of ["", "{", '{"version":2}', '{"version":1,"partitions":{"t-0":["x",1]}}']) {
      fs.poke("/data/recovery.json", Buffer.from(text));
      assert.equal(open().partition("t", 0, SMALL).endOffset, 2);
      assert.match(lines.at(-1)?.message ?? "", /recovery.json is damaged/);
    }
  });

  it("believes the checkpoint, and looks for damage only past it", async () => {
    const { fs, open } = harness();
    const manager = open();
    append(manager.partition("t", 0, SMALL), batchOf());
    await manager.sync();
    const file = fs.files().find((name) => name.endsWith(".log")) ?? "";
    const damaged = Buffer.from(fs.peek(file) ?? "");
    damaged.writeUInt8(damaged.readUInt8(80) ^ 1, 80);
    fs.poke(file, damaged);
    assert.equal(open().partition("t", 0, SMALL).endOffset, 1);
    fs.remove("/data/recovery.json");
    assert.equal(open().partition("t", 0, SMALL).endOffset, 0);
  });
});

describe("format marker", () => {
  it("marks a new folder, and knows it again", () => {
    const fs = new MemoryFileSystem();
    claimFormat(fs, "/data");
    assert.equal(fs.peek("/data/format.json")?.toString("utf8"), '{"format":1}\n');
    claimFormat(fs, "/data");
  });

  it("is on the device before anything else is, so that a power cut leaves a whole one or none", () => {
    const fs = new MemoryFileSystem();
    fs.makeFolder("/data");
    claimFormat(fs, "/data");
    fs.cutPower();
    assert.equal(fs.peek("/data/format.json")?.toString("utf8"), '{"format":1}\n');
  });

  for (const text of ['{"format":2}', '{"format":"1"}', " ", "[]", '{"format":1,"x":2}']) {
    it(`refuses ${JSON.stringify(text)} and changes nothing`, () => {
      const fs = new MemoryFileSystem();
      fs.makeFolder("/data");
      fs.writeFile("/data/format.json", Buffer.from(text));
      const before = fs.changes;
      assert.throws(
        () => claimFormat(fs, "/data"),
        (error) => error instanceof StorageError && error.kind === "unknown-format",
      );
      assert.equal(fs.changes, before);
    });
  }

  it("refuses a folder with other things in it, but not what an interrupted start left", () => {
    const fs = new MemoryFileSystem();
    fs.makeFolder("/data");
    for (const name of ["lab.lock", ".format.json.tmp"])
      fs.writeFile(`/data/${name}`, Buffer.from("x"));
    claimFormat(fs, "/data");
    const other = new MemoryFileSystem();
    other.makeFolder("/home");
    other.writeFile("/home/thesis.txt", Buffer.from("x"));
    assert.throws(() => claimFormat(other, "/home"), /thesis.txt/);
    assert.deepEqual(other.files(), ["/home/thesis.txt"]);
  });
});

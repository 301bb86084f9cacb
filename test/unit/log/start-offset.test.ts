import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { systemClock } from "../../../runtime/core/clock.ts";
import { createLogger } from "../../../runtime/core/logger.ts";
import type { LogConfig } from "../../../runtime/log/log-config.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { nodeFileSystem } from "../../../runtime/log/node-fs.ts";
import type { PartitionLog } from "../../../runtime/log/partition-log.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";

const CONFIG: LogConfig = {
  segmentBytes: 300,
  segmentMs: 1e12,
  retentionMs: -1,
  retentionBytes: -1,
  indexIntervalBytes: 4_096,
  maxMessageBytes: 1_000_000,
};
const TIME_MS = 1_000;

describe("log: deleting records from the start", () => {
  let folder: TempFolder;
  let manager: LogManager;
  let log: PartitionLog;
  let lines: string[];

  function open(): void {
    const logger = createLogger(
      "test",
      () => 0,
      ({ message }) => lines.push(message),
    );
    const options = { dataFolder: folder.path, fs: nodeFileSystem, clock: systemClock, logger };
    manager = LogManager.open(options);
    log = manager.partition("t", 0, CONFIG);
  }

  async function restart(): Promise<void> {
    await manager.close();
    open();
  }

  /** Batches of two records; offset and time of a record rise together. */
  function append(batches: number): void {
    for (let i = 0; i < batches; i++) {
      const timestampMs = TIME_MS + log.endOffset;
      const record = { key: null, value: Buffer.alloc(20), headers: [] };
      log.stage(
        buildBatch([
          { ...record, timestampMs },
          { ...record, timestampMs: timestampMs + 1 },
        ]),
      );
      log.flush();
    }
  }

  const file = () => path.join(folder.path, "t-0", "start.json");
  const read = (offset: number) =>
    log.read(offset, { maxBytes: 1_000, atLeastOne: true }, (bytes) => Buffer.alloc(bytes)).kind;

  beforeEach(() => {
    folder = tempFolder();
    lines = [];
    open();
    append(10);
  });
  afterEach(async () => {
    await manager.close();
    folder.dispose();
  });

  for (const offset of [1, 5, 6, 7, 19]) {
    it(`starts at offset ${offset}, also after a restart`, async () => {
      const before = log.sizeBytes;
      log.deleteBefore(offset);
      for (const when of ["before", "after"]) {
        assert.equal(log.startOffset, offset, when);
        assert.equal(log.endOffset, 20, when);
        assert.equal(read(offset - 1), "out-of-range", when);
        assert.equal(read(offset), "data", when);
        assert.deepEqual(log.offsetForTime(0), { offset, timestampMs: TIME_MS + offset }, when);
        assert.ok(log.sizeBytes <= before, when);
        await restart();
      }
    });
  }

  it("removes the files of segments that lie wholly before the offset", () => {
    const first = path.join(folder.path, "t-0", "00000000000000000000.log");
    log.deleteBefore(1);
    assert.ok(existsSync(first));
    log.deleteBefore(19);
    assert.ok(!existsSync(first));
  });

  it("can be emptied, and offsets go on", async () => {
    log.deleteBefore(20);
    assert.equal(log.sizeBytes, 0);
    await restart();
    assert.deepEqual([log.startOffset, log.endOffset], [20, 20]);
    append(1);
    await restart();
    assert.deepEqual([log.startOffset, log.endOffset], [20, 22]);
    assert.equal(read(20), "data");
  });

  it("never moves back", () => {
    log.deleteBefore(7);
    log.deleteBefore(3);
    assert.equal(log.startOffset, 7);
  });

  it("takes a damaged file for none and says so", async () => {
    log.deleteBefore(1);
    await manager.close();
    writeFileSync(file(), "{");
    open();
    assert.equal(log.startOffset, 0);
    assert.match(lines.join(), /start\.json is damaged/);
  });

  it("does not delete what is written where a lost end was", async () => {
    log.deleteBefore(7);
    await manager.close();
    writeFileSync(file(), readFileSync(file(), "utf8").replace("7", "22"));
    open();
    assert.equal(log.startOffset, 20);
    append(2);
    await restart();
    assert.deepEqual([log.startOffset, log.endOffset], [20, 24]);
  });
});

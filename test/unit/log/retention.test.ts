import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemoryFileSystem } from "../../../runtime/log/memory-fs.ts";
import type { LogConfig, PartitionLog } from "../../../runtime/log/partition-log.ts";
import { StorageError } from "../../../runtime/log/storage-error.ts";
import { append, batchOf, openLog, readAll, START_MS } from "../../support/log-files.ts";

/** Ten segments of one batch of 100 bytes, a second apart. */
function tenSegments(fs: MemoryFileSystem, config: Partial<LogConfig>): PartitionLog {
  const log = openLog(fs, { segmentBytes: 100, ...config });
  for (let i = 0; i < 10; i++) {
    append(log, batchOf({ timestampMs: START_MS + i * 1000, valueBytes: 32 }));
  }
  return log;
}

describe("retention", () => {
  it("keeps everything when it has no limits", () => {
    const log = tenSegments(new MemoryFileSystem(), {});
    assert.equal(log.applyRetention(START_MS * 2), 0);
    assert.equal(log.startOffset, 0);
  });

  for (const [ageMs, start] of [
    [3000, 0],
    [3001, 1],
    [7500, 5],
    [12_000, 9],
  ] as const) {
    it(`deletes segments by age: ${ageMs} ms after the first, ${start} of them`, () => {
      const fs = new MemoryFileSystem();
      const log = tenSegments(fs, { retentionMs: 3000 });
      assert.equal(log.applyRetention(START_MS + ageMs), start);
      assert.equal(log.startOffset, start);
      assert.equal(readAll(log).length, 10 - start);
      const left = fs.files().filter((file) => file.endsWith(".log"));
      assert.equal(left.length, 10 - start);
    });
  }

  it("leaves staged batches alone", () => {
    const log = openLog(new MemoryFileSystem(), { retentionMs: 1000 });
    append(log, batchOf());
    log.stage(batchOf());
    assert.equal(log.applyRetention(START_MS + 9000), 0);
    log.flush();
    assert.equal(readAll(log).length, 2);
  });

  it("has no hole when a segment cannot be removed", () => {
    const fs = new MemoryFileSystem();
    const log = tenSegments(fs, { retentionMs: 3000 });
    fs.readOnly = true;
    assert.throws(() => log.applyRetention(START_MS + 7500), StorageError);
    assert.equal(log.startOffset, 0);
    assert.equal(readAll(log).length, 10);
    fs.readOnly = false;
    assert.equal(log.applyRetention(START_MS + 7500), 5);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemoryFileSystem } from "../../../runtime/log/memory-fs.ts";
import { BATCH_HEADER_BYTES, computeCrc } from "../../../runtime/record/batch.ts";
import { readRecords } from "../../../runtime/record/records.ts";
import { Random, seedOfRun } from "../../fault/wire/random.ts";
import { append, batchOf, openLog, readAll } from "../../support/log-files.ts";

const CODECS = ["none", "gzip", "snappy", "lz4"] as const;

describe("look-up by time", () => {
  it("finds what a search through all records finds", () => {
    const seed = seedOfRun();
    const random = new Random(seed);
    for (let run = 0; run < 20; run++) {
      const fs = new MemoryFileSystem();
      const log = openLog(fs, { segmentBytes: 800, indexIntervalBytes: random.below(300) });
      let timestampMs = 1000;
      for (let i = 0; i < 60; i++) {
        // Mostly forwards, sometimes far back, sometimes none at all.
        timestampMs = Math.max(0, timestampMs + random.below(60) - 15);
        const count = 1 + random.below(4);
        const at = random.below(10) === 0 ? -1 : timestampMs;
        append(log, batchOf({ count, timestampMs: at, codec: random.pick(CODECS) }));
      }
      const records = readAll(log).flatMap((batch) => [...readRecords(batch, 0, 100_000)]);
      const reopened = openLog(fs, { segmentBytes: 800 });
      const largest = Math.max(...records.map((record) => record.timestampMs));
      for (let wanted = 0; wanted <= largest + 1; wanted += 1 + random.below(20)) {
        const first = records.find((record) => record.timestampMs >= wanted);
        const expected = first && { offset: first.offset, timestampMs: first.timestampMs };
        assert.deepEqual(log.offsetForTime(wanted), expected, `SEED=${seed}, ${wanted}`);
        assert.deepEqual(reopened.offsetForTime(wanted), expected, `SEED=${seed}, ${wanted}`);
      }
      const newest = records.find((record) => record.timestampMs === largest);
      assert.equal(log.maxTimestamp()?.offset, newest?.offset, `SEED=${seed}`);
    }
  });

  it("finds nothing where no record has a time", () => {
    const log = openLog(new MemoryFileSystem());
    append(log, batchOf({ timestampMs: -1 }));
    assert.equal(log.offsetForTime(0), undefined);
    assert.equal(log.maxTimestamp(), undefined);
  });

  it("goes by the header of a batch that does not unfold", () => {
    const log = openLog(new MemoryFileSystem());
    const nonsense = batchOf({ count: 3, timestampMs: 5000, codec: "gzip" });
    nonsense.fill(0xff, BATCH_HEADER_BYTES);
    nonsense.writeUInt32BE(computeCrc(nonsense, 0), 17);
    append(log, batchOf({ timestampMs: 1000 }), nonsense);
    assert.deepEqual(log.offsetForTime(2000), { offset: 1, timestampMs: 5002 });
  });
});

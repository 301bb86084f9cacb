import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../../runtime/core/clock.ts";
import { createLogger } from "../../../runtime/core/logger.ts";
import { LeaderEpochs, MAX_LEADER_EPOCHS } from "../../../runtime/log/leader-epochs.ts";
import type { LogConfig } from "../../../runtime/log/log-config.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { nodeFileSystem } from "../../../runtime/log/node-fs.ts";
import type { PartitionLog } from "../../../runtime/log/partition-log.ts";
import { readBatchHeader } from "../../../runtime/record/batch.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { readAll } from "../../support/log-files.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";

const WHOLE = { startOffset: 0, endOffset: 40 };

function epochsOf(...starts: readonly (readonly [number, number])[]): LeaderEpochs {
  const epochs = new LeaderEpochs();
  for (const [epoch, startOffset] of starts) epochs.assign(epoch, startOffset);
  return epochs;
}

describe("leader epochs", () => {
  it("end where the next one begins, and the last one at the end of the log", () => {
    const epochs = epochsOf([1, 10], [4, 25]);
    const ends = [-1, 0, 1, 2, 4, 5].map((epoch) => {
      const { epoch: found, endOffset } = epochs.endOf(epoch, WHOLE);
      return [found, endOffset];
    });
    const expected = [
      [-1, -1],
      [0, 10],
      [1, 25],
      [1, 25],
      [4, 40],
      [-1, -1],
    ];
    assert.deepEqual(ends, expected);
  });

  it("are over at the start of the log when their records are gone", () => {
    const epochs = epochsOf([1, 10], [4, 25]);
    const log = { startOffset: 15, endOffset: 40 };
    assert.deepEqual(epochs.endOf(0, log), { epoch: 0, endOffset: 15 });
    assert.deepEqual(epochs.endOf(1, log), { epoch: 1, endOffset: 25 });
    assert.deepEqual(epochs.endOf(2, { ...log, startOffset: 30 }), { epoch: 2, endOffset: 30 });
  });

  it("know in which one a record was written", () => {
    const epochs = epochsOf([1, 10], [4, 25]);
    assert.deepEqual(
      [0, 9, 10, 24, 25, 40].map((offset) => epochs.at(offset)),
      [0, 0, 1, 1, 4, 4],
    );
  });

  it("leave none behind that has no records, and none that is older than the last", () => {
    const epochs = epochsOf([1, 10], [2, 10], [1, 30], [3, 10]);
    const expected = [
      { epoch: 0, startOffset: 0 },
      { epoch: 3, startOffset: 10 },
    ];
    assert.deepEqual(epochs.entries, expected);
  });

  it("are forgotten with the end of the log that they began in", () => {
    const epochs = epochsOf([1, 10], [4, 25]);
    epochs.truncate(24);
    assert.equal(epochs.latest, 1);
    epochs.truncate(0);
    assert.deepEqual(epochs.entries, [{ epoch: 0, startOffset: 0 }]);
  });

  it("are so many at most", () => {
    const epochs = new LeaderEpochs();
    for (let epoch = 1; epoch <= MAX_LEADER_EPOCHS + 5; epoch++) epochs.assign(epoch, epoch);
    assert.equal(epochs.entries.length, MAX_LEADER_EPOCHS);
    assert.equal(epochs.at(MAX_LEADER_EPOCHS + 5), MAX_LEADER_EPOCHS + 5);
  });
});

const CONFIG: LogConfig = {
  segmentBytes: 300,
  segmentMs: 1e12,
  retentionMs: -1,
  retentionBytes: -1,
  indexIntervalBytes: 4_096,
  maxMessageBytes: 1_000_000,
};

describe("log: leader epochs", () => {
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

  const file = () => path.join(folder.path, "t-0", "leader-epoch-checkpoint");

  function append(records: number): void {
    for (let i = 0; i < records; i++) {
      log.stage(
        buildBatch([{ timestampMs: 1_000, key: null, value: Buffer.alloc(20), headers: [] }]),
      );
    }
    log.flush();
  }

  beforeEach(() => {
    folder = tempFolder();
    lines = [];
    open();
  });
  afterEach(async () => {
    await manager.close();
    folder.dispose();
  });

  it("are stamped into the batches, and into a file once there are two", () => {
    append(2);
    assert.equal(existsSync(file()), false);
    log.startLeaderEpoch(3);
    append(1);
    const stamped = readAll(log).map((batch) => readBatchHeader(batch, 0).partitionLeaderEpoch);
    assert.deepEqual(stamped, [0, 0, 3]);
    assert.equal(readFileSync(file(), "utf8"), "0\n2\n0 0\n3 2\n");
  });

  it("come back after a stop, and after a crash", async () => {
    append(4);
    log.startLeaderEpoch(1);
    append(4);
    await manager.close();
    open();
    assert.deepEqual(log.endOfLeaderEpoch(0), { epoch: 0, endOffset: 4 });
    log.startLeaderEpoch(2);
    append(4);
    // What a lab that was killed leaves behind is opened without being closed first.
    open();
    assert.deepEqual(log.endOfLeaderEpoch(1), { epoch: 1, endOffset: 8 });
    assert.equal(log.leaderEpoch, 2);
  });

  for (const [what, harm] of [
    ["lost", (name: string) => rmSync(name)],
    ["damaged", (name: string) => writeFileSync(name, "0\n7\n0 0\n")],
  ] as const) {
    it(`are learned from the batches when the file is ${what} before the log was synced`, () => {
      for (const epoch of [1, 2, 3]) {
        append(5);
        log.startLeaderEpoch(epoch);
      }
      append(5);
      harm(file());
      open();
      const ends = [0, 1, 2, 3].map((epoch) => log.endOfLeaderEpoch(epoch).endOffset);
      assert.deepEqual(ends, [5, 10, 15, 20]);
      assert.equal(lines.filter((line) => line.includes("damaged")).length, +(what === "damaged"));
    });
  }

  it("are learned from the sealed segments too when the file is damaged later on", async () => {
    append(5);
    log.startLeaderEpoch(1);
    append(5);
    await manager.close();
    writeFileSync(file(), "nonsense");
    open();
    assert.deepEqual(log.endOfLeaderEpoch(0), { epoch: 0, endOffset: 5 });
    append(1);
    assert.equal(readFileSync(file(), "utf8"), "0\n2\n0 0\n1 5\n");
  });
});

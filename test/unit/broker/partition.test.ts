import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { FlushQueue } from "../../../runtime/broker/flush-queue.ts";
import { Partition } from "../../../runtime/broker/partition.ts";
import { ONLY_NODE } from "../../../runtime/broker/placement/placement.ts";
import { topicSettings } from "../../../runtime/broker/topic-config.ts";
import { waitForData } from "../../../runtime/broker/wait.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { createLogger, silentLogger } from "../../../runtime/core/logger.ts";
import type { FileSystem } from "../../../runtime/log/fs.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { nodeFileSystem } from "../../../runtime/log/node-fs.ts";
import { StorageError } from "../../../runtime/log/storage-error.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";

const settings = topicSettings({});

describe("a partition", () => {
  const clock = new FakeClock();
  let folder: TempFolder;
  let full: boolean;
  let deferred: (() => void)[];
  let lines: string[];
  let partition: Partition;

  /** The real disk, with a switch that makes it full. */
  const fs: FileSystem = {
    ...nodeFileSystem,
    open(path, create) {
      const file = nodeFileSystem.open(path, create);
      return {
        size: () => file.size(),
        readAt: (target, position) => file.readAt(target, position),
        truncate: (sizeBytes) => file.truncate(sizeBytes),
        close: () => file.close(),
        writeAt(chunks, position) {
          if (full) throw new StorageError("disk-full", "the disk is full");
          file.writeAt(chunks, position);
        },
      };
    },
  };

  beforeEach(() => {
    folder = tempFolder();
    full = false;
    deferred = [];
    lines = [];
    const logs = LogManager.open({ dataFolder: folder.path, fs, clock, logger: silentLogger });
    partition = new Partition(0, ONLY_NODE, {
      open: () => logs.partition("t", 0, settings.log),
      onOpened: () => undefined,
      clock,
      flushes: new FlushQueue((action) => deferred.push(action)),
      logger: createLogger(
        "",
        () => 0,
        ({ message }) => lines.push(message),
      ),
      settings: () => settings,
      transactionFault: () => undefined,
      onChange: () => undefined,
    });
  });
  afterEach(() => folder.dispose());

  const runDeferred = () => deferred.splice(0).forEach((action) => action());
  const batch = (sequence?: number) => {
    const record = { timestampMs: clock.nowMs(), key: null, value: Buffer.from("v"), headers: [] };
    const producer =
      sequence === undefined ? undefined : { id: 1, epoch: 0, baseSequence: sequence };
    return buildBatch([record], producer === undefined ? {} : { producer });
  };
  const offsetOf = (result: Awaited<ReturnType<Partition["append"]>>) =>
    result.kind === "appended" ? result.baseOffset : result.reason;

  it("answers appends of one turn together, after one flush, in order", async () => {
    const appends = [batch(), batch(), batch()].map((bytes) => partition.append(bytes));
    assert.equal(partition.log.endOffset, 0);
    assert.equal(deferred.length, 1);
    runDeferred();
    assert.deepEqual((await Promise.all(appends)).map(offsetOf), [0, 1, 2]);
    assert.equal(partition.log.endOffset, 3);
  });

  it("refuses everything of a flush that the disk refused, and goes on when there is room", async () => {
    full = true;
    const appends = [batch(0), batch(1)].map((bytes) => partition.append(bytes));
    runDeferred();
    assert.deepEqual((await Promise.all(appends)).map(offsetOf), ["disk", "disk"]);
    full = false;
    const again = partition.append(batch(0));
    runDeferred();
    assert.equal(offsetOf(await again), 0);
    assert.equal(lines.length, 2, lines.join("\n"));
    assert.match(lines[0] ?? "", /refused.*the disk is full/);
  });

  it("answers a repeated batch only when the first one is written", async () => {
    const first = partition.append(batch(0));
    const second = partition.append(batch(0));
    full = true;
    runDeferred();
    assert.deepEqual((await Promise.all([first, second])).map(offsetOf), ["disk", "disk"]);
  });

  it("wakes a waiting reader on data, on time, and on abort", async () => {
    const { signal } = new AbortController();
    const woken = waitForData([partition], 1_000, clock, signal);
    void partition.append(batch());
    runDeferred();
    assert.equal(await woken, "data");
    const late = waitForData([partition], 1_000, clock, signal);
    clock.advance(1_000);
    assert.equal(await late, "timeout");
    const aborting = new AbortController();
    const aborted = waitForData([partition], 1_000, clock, aborting.signal);
    aborting.abort();
    assert.equal(await aborted, "aborted");
    assert.equal(await waitForData([partition], 1_000, clock, aborting.signal), "aborted");
  });

  it("refuses appends and wakes readers once it is closed", async () => {
    const staged = partition.append(batch());
    const woken = waitForData([partition], 1_000, clock, new AbortController().signal);
    partition.close();
    assert.equal(offsetOf(await staged), 0);
    assert.equal(await woken, "data");
    assert.equal(offsetOf(await partition.append(batch())), "unknown-partition");
  });
});

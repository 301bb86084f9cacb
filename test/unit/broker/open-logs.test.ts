import assert from "node:assert/strict";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { Broker } from "../../../runtime/broker/broker.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { createLogger } from "../../../runtime/core/logger.ts";
import type { FileSystem } from "../../../runtime/log/fs.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { nodeFileSystem } from "../../../runtime/log/node-fs.ts";
import { StorageError } from "../../../runtime/log/storage-error.ts";
import { Catalogue } from "../../../runtime/meta/catalogue.ts";
import { batchOf } from "../../support/log-files.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";

const PARTITIONS = 4;

describe("the logs of a lab that starts", () => {
  const clock = new FakeClock();
  let folder: TempFolder;
  let deferred: (() => void)[];
  let lines: string[];
  let unreadable: string;
  let running: (() => Promise<void>)[];

  beforeEach(() => {
    folder = tempFolder();
    deferred = [];
    lines = [];
    unreadable = "";
    running = [];
  });
  afterEach(async () => {
    for (const stop of running.splice(0)) await stop();
    folder.dispose();
  });

  const fs: FileSystem = {
    ...nodeFileSystem,
    list(at) {
      if (path.basename(at) === unreadable) throw new StorageError("io", `Cannot read ${at}`);
      return nodeFileSystem.list(at);
    },
  };

  async function start(): Promise<Broker> {
    const logger = createLogger(
      "",
      () => 0,
      ({ level, message }) => lines.push(`${level} ${message}`),
    );
    const catalogue = await Catalogue.open(path.join(folder.path, "catalogue.json"));
    const logs = LogManager.open({ dataFolder: folder.path, fs, clock, logger });
    const settings = { defaultPartitions: PARTITIONS, foldCase: false };
    const defer = (action: () => void) => void deferred.push(action);
    const broker = Broker.open({ catalogue, logs, clock, logger, defer, ...settings });
    running.push(async () => {
      broker.close();
      await logs.close();
    });
    return broker;
  }

  const turn = async (): Promise<void> => {
    for (const action of deferred.splice(0)) action();
    await new Promise((resolve) => setImmediate(resolve));
  };

  /** A lab that left a record in every partition of a topic. */
  async function leaveRecords(): Promise<void> {
    const broker = await start();
    await broker.createTopic({ name: "t" });
    const partitions = broker.topic("t")?.partitions ?? [];
    const appended = partitions.map((partition) => partition.append(batchOf()));
    await turn();
    await Promise.all(appended);
    await running.pop()?.();
  }

  it("are opened one a turn, and at once where somebody asks", async () => {
    await leaveRecords();
    const broker = await start();
    const partitions = broker.topic("t")?.partitions ?? [];
    const open = () => partitions.filter(({ isOpen }) => isOpen).map(({ index }) => index);
    assert.deepEqual(open(), []);
    assert.equal(partitions[2]?.log.endOffset, 1);
    assert.deepEqual(open(), [2]);
    await turn();
    assert.deepEqual(open(), [0, 2]);
    for (let i = 0; i < PARTITIONS; i++) await turn();
    assert.deepEqual(open(), [0, 1, 2, 3]);
  });

  it("stay closed when their topic goes before they were opened", async () => {
    await leaveRecords();
    const broker = await start();
    const [partition] = broker.topic("t")?.partitions ?? [];
    assert.equal((await broker.deleteTopic("t")).kind, "deleted");
    for (let i = 0; i < 2 * PARTITIONS; i++) await turn();
    assert.equal(partition?.isOpen, false);
    assert.throws(() => partition?.log, /after its partition was closed/);
    assert.deepEqual(
      nodeFileSystem.list(folder.path).filter((name) => name.startsWith("t-")),
      [],
    );
  });

  it("that cannot be opened are named, refuse records, and keep none of the others", async () => {
    await leaveRecords();
    unreadable = "t-1";
    const broker = await start();
    for (let i = 0; i < 2 * PARTITIONS; i++) await turn();
    const partitions = broker.topic("t")?.partitions ?? [];
    assert.deepEqual(
      partitions.map(({ isOpen }) => isOpen),
      [true, false, true, true],
    );
    assert.equal(lines.filter((line) => line.startsWith("error Cannot read")).length, 1);
    const refused = await partitions[1]?.append(batchOf());
    assert.equal(refused?.kind === "refused" && refused.reason, "disk");
    assert.equal(partitions[1]?.deleteRecords(0).kind, "disk");
    unreadable = "";
    const appended = partitions[1]?.append(batchOf());
    await turn();
    assert.equal((await appended)?.kind, "appended");
  });
});

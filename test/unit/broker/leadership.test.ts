import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { Broker } from "../../../runtime/broker/broker.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { silentLogger } from "../../../runtime/core/logger.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { nodeFileSystem } from "../../../runtime/log/node-fs.ts";
import { Catalogue } from "../../../runtime/meta/catalogue.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";

describe("leaders over a restart", () => {
  const clock = new FakeClock();
  let folder: TempFolder;
  let broker: Broker;
  let logs: LogManager;

  beforeEach(() => (folder = tempFolder()));
  afterEach(async () => {
    await close();
    folder.dispose();
  });

  async function open(brokers: number): Promise<void> {
    const catalogue = await Catalogue.open(path.join(folder.path, "catalogue.json"));
    const settings = { defaultPartitions: 1, foldCase: false, brokers };
    const logger = silentLogger;
    logs = LogManager.open({ dataFolder: folder.path, fs: nodeFileSystem, clock, logger });
    const defer = (action: () => void) => void setImmediate(action);
    broker = Broker.open({ catalogue, logs, clock, logger, defer, ...settings });
  }

  async function close(): Promise<void> {
    broker.close();
    await logs.close();
  }

  async function reopen(brokers: number): Promise<void> {
    await close();
    await open(brokers);
  }

  const append = () =>
    broker
      .partition("t", 0)
      ?.append(buildBatch([{ timestampMs: clock.nowMs(), key: null, value: null, headers: [] }]));
  const placement = () => broker.partition("t", 0)?.placement;
  const told = () => {
    const { leader, epoch, replicas } = placement() ?? { leader: 0, epoch: 0, replicas: [] };
    return [leader, epoch, ...replicas];
  };

  it("stay, with their epoch and the end of each epoch", async () => {
    await open(3);
    await broker.createTopic({ name: "t", assignments: [[1, 2]] });
    await append();
    await broker.leadership.stop(1);
    await append();
    await reopen(3);
    assert.deepEqual(told(), [2, 1, 1, 2]);
    assert.deepEqual(broker.partition("t", 0)?.log.endOfLeaderEpoch(0), {
      epoch: 0,
      endOffset: 1,
    });
    assert.equal(broker.nodes.isUp(1), true);
  });

  it("are nodes that exist, and all replicas are back with their nodes", async () => {
    await open(3);
    await broker.createTopic({ name: "t", assignments: [[3, 2]] });
    await append();
    await reopen(1);
    assert.deepEqual(told(), [1, 1, 1]);
    assert.equal((await append())?.kind, "appended");
    await reopen(3);
    assert.deepEqual(told(), [3, 2, 3, 2]);
    assert.equal((await append())?.kind, "appended");
    const log = broker.partition("t", 0)?.log;
    const ends = [0, 1, 2].map((epoch) => log?.endOfLeaderEpoch(epoch).endOffset);
    assert.deepEqual(ends, [1, 2, 3]);
  });

  it("leave no trace in a lab of one node", async () => {
    await open(1);
    await broker.createTopic({ name: "t", partitions: 3 });
    await append();
    await reopen(1);
    assert.deepEqual(told(), [1, 0, 1]);
    const catalogue = readFileSync(path.join(folder.path, "catalogue.json"), "utf8");
    assert.match(catalogue, /"version": 1/);
    assert.equal(catalogue.includes("placements"), false);
  });

  it("are of a topic created while a node is down and up again at the same time", async () => {
    await open(2);
    const creating = broker.createTopic({ name: "t", partitions: 4, replicationFactor: 2 });
    await Promise.all([creating, broker.leadership.stop(1)]);
    const leaders = broker.topic("t")?.partitions.map((one) => one.placement.leader);
    assert.deepEqual(leaders, [2, 2, 2, 2]);
    await broker.leadership.start(1);
    const isr = broker.topic("t")?.partitions.map((one) => one.placement.isr.length);
    assert.deepEqual(isr, [2, 2, 2, 2]);
  });
});

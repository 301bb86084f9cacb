import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Broker } from "../../../runtime/broker/broker.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { silentLogger } from "../../../runtime/core/logger.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { MemoryFileSystem } from "../../../runtime/log/memory-fs.ts";
import { Catalogue } from "../../../runtime/meta/catalogue.ts";
import { batchOf } from "../../support/log-files.ts";

describe("a topic whose files the disk does not let go", () => {
  async function start() {
    const fs = new MemoryFileSystem();
    fs.makeFolder("/data");
    const clock = new FakeClock();
    const storage = { read: () => Promise.resolve(null), write: () => Promise.resolve() };
    const catalogue = await Catalogue.open("catalogue.json", storage);
    const logger = silentLogger;
    const logs = LogManager.open({ dataFolder: "/data", fs, clock, logger });
    const defer = (action: () => void) => void setImmediate(action);
    const settings = { defaultPartitions: 1, foldCase: false };
    const broker = Broker.open({ catalogue, logs, clock, logger, defer, ...settings });
    return { fs, broker };
  }

  async function deletedWithRemains() {
    const { fs, broker } = await start();
    await broker.createTopic({ name: "t", partitions: 2 });
    for (const index of [0, 1]) await broker.partition("t", index)?.append(batchOf());
    fs.readOnly = true;
    assert.equal((await broker.deleteTopic("t")).kind, "deleted");
    assert.equal(broker.topic("t"), undefined);
    return { fs, broker };
  }

  it("is deleted, and cannot be made again before they are gone", async () => {
    const { fs, broker } = await deletedWithRemains();
    assert.equal((await broker.createTopic({ name: "t" })).kind, "disk");
    fs.readOnly = false;
    assert.equal((await broker.createTopic({ name: "t" })).kind, "created");
    assert.equal(broker.partition("t", 0)?.log.endOffset, 0);
  });

  it("has none of the old records in partitions that it gets later", async () => {
    const { fs, broker } = await deletedWithRemains();
    fs.readOnly = false;
    await broker.createTopic({ name: "t", partitions: 1 });
    fs.readOnly = true;
    assert.equal((await broker.growTopic("t", 2, false)).kind, "disk");
    fs.readOnly = false;
    assert.equal((await broker.growTopic("t", 2, false)).kind, "grown");
    assert.equal(broker.partition("t", 1)?.log.endOffset, 0);
  });
});

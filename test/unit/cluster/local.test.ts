import assert from "node:assert/strict";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { Broker } from "../../../runtime/broker/broker.ts";
import { LocalCluster } from "../../../runtime/cluster/local.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { silentLogger } from "../../../runtime/core/logger.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { nodeFileSystem } from "../../../runtime/log/node-fs.ts";
import { Catalogue } from "../../../runtime/meta/catalogue.ts";
import { readBatchHeader } from "../../../runtime/record/batch.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";

describe("LocalCluster", () => {
  let folder: TempFolder;
  let clock: FakeClock;
  let logs: LogManager;
  let broker: Broker;
  let cluster: LocalCluster;
  beforeEach(async () => {
    folder = tempFolder();
    clock = new FakeClock();
    const catalogue = await Catalogue.open(path.join(folder.path, "catalogue.json"));
    logs = LogManager.open({
      dataFolder: folder.path,
      fs: nodeFileSystem,
      clock,
      logger: silentLogger,
    });
    const defer = (action: () => void) => void setImmediate(action);
    const settings = { defaultPartitions: 1, foldCase: false };
    const deps = { catalogue, logs, ...settings, clock, logger: silentLogger, defer };
    broker = Broker.open(deps);
    cluster = new LocalCluster(broker, clock);
    await cluster.createTopic({ name: "t", partitions: 2, configs: {} });
  });
  afterEach(async () => {
    broker.close();
    await logs.close();
    folder.dispose();
  });

  const batch = (...timestamps: number[]) =>
    buildBatch(
      timestamps.map((timestampMs) => ({ timestampMs, key: null, value: null, headers: [] })),
    );

  it("describes topics with their extents and limit", async () => {
    const appended = await cluster.append("t", 1, batch(5, 6));
    assert.deepEqual(appended, { kind: "appended", baseOffset: 0 });
    const topic = await cluster.topic("t");
    assert.equal(topic?.maxBatchBytes, 1_048_588);
    assert.deepEqual(
      topic?.partitions.map(({ startOffset, endOffset }) => [startOffset, endOffset]),
      [
        [0, 0],
        [0, 2],
      ],
    );
    assert.ok((topic?.partitions[1]?.sizeBytes ?? 0) > 61);
    assert.deepEqual(
      (await cluster.topics()).map(({ name }) => name),
      ["t"],
    );
    assert.equal(await cluster.topic("nope"), undefined);
  });

  it("answers verbs that cannot be with a reason", async () => {
    const create = (name: string, partitions = 1, configs = {}) =>
      cluster.createTopic({ name, partitions, configs });
    const reasons = await Promise.all([
      create("t"),
      create("bad name"),
      create("a", 0),
      create("b", 1, { "no.such": "1" }),
      cluster.deleteTopic("nope"),
      cluster.append("t", 2, batch(1)),
      cluster.append("t", 0, Buffer.alloc(70)),
    ]);
    assert.deepEqual(
      reasons.map((outcome) => (outcome.kind === "refused" ? outcome.reason : outcome.kind)),
      [
        "exists",
        "invalid-name",
        "invalid-partitions",
        "invalid-config",
        "unknown",
        "unknown-partition",
        "invalid",
      ],
    );
  });

  it("reads batches as they lie, and finds times", async () => {
    await cluster.append("t", 0, batch(10, 20));
    await cluster.append("t", 0, batch(30));
    const read = await cluster.read("t", 0, 1, 1);
    assert.ok(read.kind === "data");
    assert.equal(readBatchHeader(read.bytes, 0).baseOffset, 0);
    assert.equal(readBatchHeader(read.bytes, 0).recordCount, 2);
    assert.deepEqual(await cluster.read("t", 0, 3, 100), { kind: "end" });
    assert.deepEqual(await cluster.read("t", 0, 4, 100), { kind: "out-of-range" });
    assert.deepEqual(await cluster.read("t", 9, 0, 100), { kind: "unknown-partition" });
    assert.equal(await cluster.offsetForTime("t", 0, 20), 1);
    assert.equal(await cluster.offsetForTime("t", 0, 21), 2);
    assert.equal(await cluster.offsetForTime("t", 0, 31), undefined);
  });

  it("wakes a reader for data, time, abort and the topic's end, and at once when data is there", async () => {
    const abort = new AbortController();
    const cursors = [
      { partition: 0, offset: 0 },
      { partition: 1, offset: 0 },
    ];
    const wait = () => cluster.waitForData("t", cursors, 1_000, abort.signal);

    const timed = wait();
    clock.advance(1_000);
    assert.equal(await timed, "timeout");

    const data = wait();
    await cluster.append("t", 1, batch(1));
    assert.equal(await data, "data");
    assert.equal(await wait(), "data");

    cursors[1] = { partition: 1, offset: 1 };
    const aborted = wait();
    abort.abort();
    assert.equal(await aborted, "aborted");

    const { signal } = new AbortController();
    const gone = cluster.waitForData("t", cursors, 1_000, signal);
    await cluster.deleteTopic("t");
    assert.equal(await gone, "gone");
    assert.equal(await cluster.waitForData("t", cursors, 1_000, signal), "gone");
  });

  it("tells of topics and records", async () => {
    let changes = 0;
    const subscription = cluster.onChange(() => (changes += 1));
    await cluster.createTopic({ name: "new", partitions: undefined, configs: {} });
    assert.equal(changes, 1);
    await cluster.append("new", 0, batch(1));
    assert.equal(changes, 2);
    subscription.dispose();
    await cluster.deleteTopic("new");
    assert.equal(changes, 2);
  });
});

import assert from "node:assert/strict";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { Broker } from "../../../runtime/broker/broker.ts";
import { CommittedCluster } from "../../../runtime/cluster/committed.ts";
import { LocalCluster } from "../../../runtime/cluster/local.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { silentLogger } from "../../../runtime/core/logger.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { nodeFileSystem } from "../../../runtime/log/node-fs.ts";
import { SourceReader } from "../../../runtime/messages/range/source-reader.ts";
import { Catalogue } from "../../../runtime/meta/catalogue.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { buildEndMarker, type TransactionResult } from "../../../runtime/record/control.ts";
import { inlineScanner } from "../../support/inline-scanner.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";

describe("a cluster as readers of committed records see it", () => {
  let folder: TempFolder;
  let logs: LogManager;
  let broker: Broker;
  let cluster: LocalCluster;
  beforeEach(async () => {
    folder = tempFolder();
    const clock = new FakeClock();
    const catalogue = await Catalogue.open(path.join(folder.path, "catalogue.json"));
    const place = { dataFolder: folder.path, fs: nodeFileSystem };
    logs = LogManager.open({ ...place, clock, logger: silentLogger });
    broker = Broker.open({
      ...{ catalogue, logs, clock, logger: silentLogger, defaultPartitions: 1, foldCase: false },
      defer: (action) => void setImmediate(action),
    });
    cluster = new LocalCluster(broker, clock);
    await cluster.createTopic({ name: "t", partitions: 1, configs: {} });
  });
  afterEach(async () => {
    broker.close();
    await logs.close();
    folder.dispose();
  });

  const sequences = new Map<number, number>();
  beforeEach(() => sequences.clear());
  async function append(value: string, producerId?: number): Promise<void> {
    const records = [{ timestampMs: 1, key: null, value: Buffer.from(value), headers: [] }];
    const baseSequence = sequences.get(producerId ?? -1) ?? 0;
    const transaction = { id: producerId ?? -1, epoch: 0, baseSequence };
    if (producerId !== undefined) sequences.set(producerId, baseSequence + 1);
    const batch = buildBatch(
      records,
      producerId === undefined ? {} : { producer: transaction, transactional: true },
    );
    // As the broker does it once the coordinator has said that the transaction is open.
    const result = await broker.partition("t", 0)?.appendOwn(batch);
    assert.equal(result?.kind, "appended", JSON.stringify(result));
  }
  async function end(producerId: number, result: TransactionResult): Promise<void> {
    const marker = buildEndMarker({ producerId, producerEpoch: 0, result }, 1);
    const outcome = await broker.partition("t", 0)?.appendOwn(marker);
    assert.equal(outcome?.kind, "appended", JSON.stringify(outcome));
  }
  async function values(filter?: string): Promise<string[]> {
    const deps = {
      cluster: new CommittedCluster(cluster),
      scanner: inlineScanner(),
      giveWay: () => Promise.resolve(),
    };
    const reader = await SourceReader.open(deps, {
      ...{ kind: "range", topic: "t", from: { kind: "earliest" } },
      filter: filter === undefined ? undefined : { kind: "sql", expression: filter },
    });
    assert.ok(!("kind" in reader));
    const found: string[] = [];
    for (;;) {
      const message = await reader.next();
      if (message === undefined) return found;
      assert.ok(!("kind" in message), JSON.stringify(message));
      found.push(Buffer.from(message.value?.bytes ?? []).toString());
    }
  }

  it("has no record of an aborted transaction, and ends where one is still open", async () => {
    await append("plain");
    await append("committed", 1);
    await append("aborted", 2);
    await append("between");
    await end(2, "abort");
    await end(1, "commit");
    await append("again", 2);
    await end(2, "commit");
    assert.deepEqual(await values(), ["plain", "committed", "between", "again"]);
    assert.deepEqual(await values("value LIKE '%ed'"), ["committed"]);
    await append("open", 3);
    await append("behind");
    assert.deepEqual(await values(), ["plain", "committed", "between", "again"]);
    await end(3, "abort");
    assert.deepEqual(await values(), ["plain", "committed", "between", "again", "behind"]);
  });
});

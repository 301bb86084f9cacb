import assert from "node:assert/strict";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { Broker } from "../../../runtime/broker/broker.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { createLogger } from "../../../runtime/core/logger.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { nodeFileSystem } from "../../../runtime/log/node-fs.ts";
import { encodeTransaction } from "../../../runtime/broker/transactions/transaction-records.ts";
import type { Transaction } from "../../../runtime/broker/transactions/transaction.ts";
import { Catalogue } from "../../../runtime/meta/catalogue.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";

describe("a transaction that a crash interrupted", () => {
  const clock = new FakeClock();
  let folder: TempFolder;
  let lines: string[];

  beforeEach(() => {
    folder = tempFolder();
    lines = [];
  });
  afterEach(() => folder.dispose());

  async function open(): Promise<Broker> {
    const logger = createLogger(
      "",
      () => 0,
      ({ level, message }) => lines.push(`${level} ${message}`),
    );
    const catalogue = await Catalogue.open(path.join(folder.path, "catalogue.json"));
    const logs = LogManager.open({ dataFolder: folder.path, fs: nodeFileSystem, clock, logger });
    const defer = (action: () => void) => void setImmediate(action);
    const settings = { defaultPartitions: 1, foldCase: false };
    return Broker.open({ catalogue, logs, clock, logger, defer, ...settings });
  }

  const batchOf = (id: number, epoch: number) =>
    buildBatch([{ timestampMs: clock.nowMs(), key: null, value: null, headers: [] }], {
      producer: { id, epoch, baseSequence: 0 },
      transactional: true,
    });
  /** As a crash leaves it right after the decision how the transaction ends. */
  async function decide(broker: Broker, transaction: Transaction): Promise<void> {
    const { key, value } = encodeTransaction(transaction);
    const record = { timestampMs: clock.nowMs(), key, value, headers: [] };
    await broker.partition("__transaction_state", 0)?.appendOwn(buildBatch([record]));
  }
  const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

  it("is aborted at start where only a partition knows of it, so that readers need not wait for ever", async () => {
    let broker = await open();
    await broker.createTopic({ name: "t" });
    await broker.partition("t", 0)?.appendOwn(batchOf(77, 0));
    assert.equal(broker.partition("t", 0)?.log.lastStableOffset, 0);
    broker.close();
    broker = await open();
    const partition = broker.partition("t", 0);
    assert.equal(partition?.isOpen, false);
    await new Promise<void>((resolve) => partition?.onAppend(resolve));
    assert.equal(partition?.log.lastStableOffset, 2);
    assert.equal(partition?.log.abortedTransactions(0, 2).length, 1);
    assert.ok(lines.some((line) => line.startsWith("warn t-0: a transaction of producer 77")));
    broker.close();
  });

  it("is left alone while the coordinator has it open", async () => {
    let broker = await open();
    await broker.createTopic({ name: "t" });
    const request = { transactionalId: "id", timeoutMs: 60_000, producer: null };
    const me = await broker.transactions.init(request);
    await broker.transactions.add("id", me, [{ topic: "t", partition: 0 }]);
    const result = await broker.partition("t", 0)?.append(batchOf(me.producerId, me.epoch));
    assert.equal(result?.kind, "appended");
    broker.close();
    broker = await open();
    assert.equal(broker.partition("t", 0)?.log.lastStableOffset, 0);
    await settled();
    assert.equal(broker.partition("t", 0)?.log.lastStableOffset, 0);
    assert.equal((await broker.transactions.end("id", me, "commit", 2)).error, "NONE");
    const log = broker.partition("t", 0)?.log;
    assert.equal(log?.lastStableOffset, 2);
    assert.deepEqual(log?.abortedTransactions(0, 2), []);
    broker.close();
  });

  for (const epochs of ["left", "used up"] as const) {
    it(`is ended at start as it was decided, with the epochs that are ${epochs} (KIP-890)`, async () => {
      let broker = await open();
      await broker.createTopic({ name: "t" });
      const request = { transactionalId: "id", timeoutMs: 60_000, producer: null };
      const { producerId } = await broker.transactions.init(request);
      const epoch = epochs === "left" ? 4 : 32_766;
      const decided: Transaction = {
        transactionalId: "id",
        producerId,
        epoch: epoch + 1,
        lastEpoch: epoch,
        previousProducerId: producerId,
        nextProducerId: epochs === "left" ? -1 : 900,
        clientVersion: 2,
        timeoutMs: 60_000,
        state: "PrepareCommit",
        partitions: new Map([["t", new Set([0])]]),
        startMs: clock.nowMs(),
        updateMs: clock.nowMs(),
      };
      await broker.partition("t", 0)?.appendOwn(batchOf(producerId, epoch));
      await decide(broker, decided);
      broker.close();
      broker = await open();
      // The producer has had no answer, and asks again.
      const ended = await broker.transactions.end("id", { producerId, epoch }, "commit", 2);
      const expected = epochs === "left" ? { producerId, epoch: 5 } : { producerId: 900, epoch: 0 };
      assert.deepEqual(ended, { error: "NONE", ...expected });
      const log = broker.partition("t", 0)?.log;
      assert.equal(log?.lastStableOffset, 2);
      assert.deepEqual(log?.abortedTransactions(0, 2), []);
      assert.equal(log?.producers.entries.get(producerId)?.epoch, epoch + 1);
      const late = await broker.partition("t", 0)?.append(batchOf(producerId, epoch));
      assert.equal(late?.kind === "refused" && late.reason, "producer-fenced");
      broker.close();
    });
  }
});

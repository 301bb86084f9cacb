import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { CoordinatorRecord } from "../../../runtime/broker/coordinator/records.ts";
import { TransactionCoordinator } from "../../../runtime/broker/transactions/transaction-coordinator.ts";
import {
  decodeTransaction,
  encodeTransaction,
} from "../../../runtime/broker/transactions/transaction-records.ts";
import {
  stepTransaction,
  type TransactionEvent,
} from "../../../runtime/broker/transactions/transaction-step.ts";
import type { Transaction } from "../../../runtime/broker/transactions/transaction.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { silentLogger } from "../../../runtime/core/logger.ts";

const ME = { producerId: 7, epoch: 3 };
const P0 = { topic: "t", partition: 0 };
const P1 = { topic: "t", partition: 1 };

function transaction(changes: Partial<Transaction> = {}): Transaction {
  return {
    transactionalId: "id",
    producerId: 7,
    epoch: 3,
    lastEpoch: -1,
    lastProducerId: -1,
    timeoutMs: 1_000,
    state: "Empty",
    partitions: new Map(),
    startMs: -1,
    updateMs: 0,
    ...changes,
  };
}

const open = transaction({
  state: "Ongoing",
  partitions: new Map([["t", new Set([0])]]),
  startMs: 100,
});

const init = (producerId = -1, epoch = -1): TransactionEvent => ({
  kind: "init",
  timeoutMs: 1_000,
  producer: producerId < 0 ? null : { producerId, epoch },
  freshProducerId: 50,
});
const add = (producer = ME): TransactionEvent => ({ kind: "add", producer, partitions: [P1] });
const commit: TransactionEvent = { kind: "end", producer: ME, result: "commit" };
const abort: TransactionEvent = { kind: "end", producer: ME, result: "abort" };

type Row = [string, Transaction | undefined, TransactionEvent, string, Partial<Transaction>?];

const TABLE: readonly Row[] = [
  ["an id begins", undefined, init(), "NONE", { producerId: 50, epoch: 0, state: "Empty" }],
  ["an id goes on", transaction(), init(), "NONE", { producerId: 7, epoch: 4, lastEpoch: -1 }],
  ["an epoch is bumped", transaction(), init(7, 3), "NONE", { epoch: 4, lastEpoch: 3 }],
  [
    "a bump is asked for again",
    transaction({ epoch: 4, lastEpoch: 3 }),
    init(7, 3),
    "NONE",
    { epoch: 4, lastEpoch: 3 },
  ],
  ["an old epoch asks", transaction(), init(7, 1), "PRODUCER_FENCED"],
  ["another producer id asks", transaction(), init(8, 3), "PRODUCER_FENCED"],
  [
    "an open one is fenced",
    open,
    init(),
    "CONCURRENT_TRANSACTIONS",
    { state: "PrepareAbort", epoch: 4 },
  ],
  ["one is ending", transaction({ state: "PrepareCommit" }), init(), "CONCURRENT_TRANSACTIONS"],
  [
    "epochs are used up",
    transaction({ epoch: 32_766 }),
    init(7, 32_766),
    "NONE",
    { producerId: 50, epoch: 0, lastProducerId: 7, lastEpoch: 32_766 },
  ],
  [
    "epochs are used up, asked for again",
    transaction({ producerId: 50, epoch: 0, lastProducerId: 7, lastEpoch: 32_766 }),
    init(7, 32_766),
    "NONE",
    { producerId: 50, epoch: 0 },
  ],
  ["a transaction begins", transaction(), add(), "NONE", { state: "Ongoing", startMs: 500 }],
  [
    "it grows",
    open,
    add(),
    "NONE",
    { partitions: new Map([["t", new Set([0, 1])]]), startMs: 100 },
  ],
  ["it has the partition", open, { kind: "add", producer: ME, partitions: [P0] }, "NONE"],
  ["a stranger adds", open, add({ producerId: 8, epoch: 3 }), "INVALID_PRODUCER_ID_MAPPING"],
  ["nobody adds", undefined, add(), "INVALID_PRODUCER_ID_MAPPING"],
  ["an old epoch adds", open, add({ producerId: 7, epoch: 2 }), "PRODUCER_FENCED"],
  [
    "adding while it ends",
    transaction({ state: "PrepareAbort" }),
    add(),
    "CONCURRENT_TRANSACTIONS",
  ],
  ["it commits", open, commit, "NONE", { state: "PrepareCommit" }],
  ["it aborts", open, abort, "NONE", { state: "PrepareAbort" }],
  ["commit again", transaction({ state: "CompleteCommit" }), commit, "NONE"],
  ["abort again", transaction({ state: "CompleteAbort" }), abort, "NONE"],
  ["abort after commit", transaction({ state: "CompleteCommit" }), abort, "INVALID_TXN_STATE"],
  ["commit after abort", transaction({ state: "CompleteAbort" }), commit, "INVALID_TXN_STATE"],
  [
    "commit while committing",
    transaction({ state: "PrepareCommit" }),
    commit,
    "CONCURRENT_TRANSACTIONS",
  ],
  ["commit of nothing", transaction(), commit, "INVALID_TXN_STATE"],
  [
    "all markers are there",
    { ...open, state: "PrepareCommit" },
    { kind: "completed" },
    "NONE",
    { state: "CompleteCommit", partitions: new Map() },
  ],
  ["time is not up", { ...open, timeoutMs: 401 }, { kind: "tick" }, "NONE"],
  [
    "time is up",
    { ...open, timeoutMs: 400 },
    { kind: "tick" },
    "NONE",
    { state: "PrepareAbort", epoch: 4 },
  ],
];

describe("a transaction", () => {
  for (const [what, before, event, error, changes] of TABLE) {
    it(`${what}: ${error}`, () => {
      const transition = stepTransaction("id", before, event, 500);
      assert.equal(transition.error, error);
      if (changes === undefined) assert.equal(transition.next, undefined);
      else assert.deepEqual({ ...transition.next, ...changes }, transition.next);
    });
  }

  it("is kept in Kafka's own record", () => {
    const { key, value } = encodeTransaction({ ...open, updateMs: 200 });
    assert.equal(key.toString("hex"), "000000026964");
    assert.equal(
      value?.toString("hex"),
      "0000" +
        "0000000000000007" +
        "0003" +
        "000003e8" +
        "01" +
        "00000001" +
        "000174" +
        "00000001" +
        "00000000" +
        "00000000000000c8" +
        "0000000000000064",
    );
    const decoded = decodeTransaction(key, value);
    assert.deepEqual(decoded?.transaction, { ...open, updateMs: 200 });
    const { key: none, value: empty } = encodeTransaction(transaction());
    assert.deepEqual(decodeTransaction(none, empty)?.transaction, transaction());
  });
});

interface Bench {
  readonly coordinator: TransactionCoordinator;
  readonly markers: string[];
  readonly disk: { refuses: boolean; refusesIds: boolean };
  advance(ms: number): Promise<void>;
}

function bench(journal: CoordinatorRecord[] = [], clock = new FakeClock()): Bench {
  const markers: string[] = [];
  const disk = { refuses: false, refusesIds: false };
  let nextId = 100;
  const coordinator = new TransactionCoordinator({
    journal: { append: (records) => Promise.resolve(void journal.push(...records)) },
    endIn: ({ producerId, producerEpoch, result }, { topic, partition }) => {
      if (!disk.refuses) {
        markers.push(`${result} ${producerId}/${producerEpoch} ${topic}-${partition}`);
      }
      return Promise.resolve(!disk.refuses);
    },
    newProducerId: () => Promise.resolve(disk.refusesIds ? undefined : nextId++),
    clock,
    logger: silentLogger,
  });
  for (const { key, value } of journal) coordinator.apply(key, value);
  coordinator.loaded();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    coordinator,
    markers,
    disk,
    async advance(ms) {
      clock.advance(ms);
      await settle();
    },
  };
}

const begin = { transactionalId: "id", timeoutMs: 10_000, producer: null };
const stateOf = ({ coordinator }: Bench) => {
  const found = coordinator.describe("id");
  return typeof found === "string" ? found : found.state;
};

describe("the transaction coordinator", () => {
  it("refuses ids and timeouts that cannot be", async () => {
    const { coordinator } = bench();
    const errorOf = async (change: object) =>
      (await coordinator.init({ ...begin, ...change })).error;
    assert.equal(await errorOf({ transactionalId: "" }), "INVALID_REQUEST");
    assert.equal(await errorOf({ transactionalId: "x".repeat(32_768) }), "INVALID_REQUEST");
    assert.equal(await errorOf({ timeoutMs: 0 }), "INVALID_TRANSACTION_TIMEOUT");
    assert.equal(await errorOf({ timeoutMs: 900_001 }), "INVALID_TRANSACTION_TIMEOUT");
  });

  it("lets a producer ask again while no producer id can be had", async () => {
    const { coordinator, disk } = bench();
    disk.refusesIds = true;
    const refused = await coordinator.init(begin);
    assert.deepEqual(refused, { error: "COORDINATOR_LOAD_IN_PROGRESS", producerId: -1, epoch: -1 });
    disk.refusesIds = false;
    assert.equal((await coordinator.init(begin)).error, "NONE");
  });

  it("writes a marker into every partition, once", async () => {
    const one = bench();
    const { coordinator, markers } = one;
    const me = await coordinator.init(begin);
    assert.equal(await coordinator.add("id", me, [P0, P1]), "NONE");
    assert.equal(coordinator.mayWrite(me, P1), "NONE");
    assert.equal(coordinator.mayWrite(me, { topic: "u", partition: 0 }), "INVALID_TXN_STATE");
    assert.equal(coordinator.mayWrite({ ...me, epoch: 9 }, P1), "PRODUCER_FENCED");
    assert.equal(await coordinator.end("id", me, "commit"), "NONE");
    assert.equal(await coordinator.end("id", me, "commit"), "NONE");
    assert.deepEqual(markers, ["commit 100/0 t-0", "commit 100/0 t-1"]);
    assert.equal(stateOf(one), "CompleteCommit");
    assert.equal(coordinator.mayWrite(me, P1), "INVALID_TXN_STATE");
  });

  it("aborts what a newer producer of the same id finds open", async () => {
    const { coordinator, markers } = bench();
    const old = await coordinator.init(begin);
    await coordinator.add("id", old, [P0]);
    assert.equal((await coordinator.init(begin)).error, "CONCURRENT_TRANSACTIONS");
    assert.deepEqual(markers, ["abort 100/1 t-0"]);
    const now = await coordinator.init(begin);
    assert.deepEqual(now, { error: "NONE", producerId: 100, epoch: 2 });
    assert.equal(await coordinator.end("id", old, "commit"), "PRODUCER_FENCED");
  });

  it("aborts when time is up, and tries again while the disk refuses", async () => {
    const one = bench();
    const me = await one.coordinator.init(begin);
    await one.coordinator.add("id", me, [P0]);
    await one.advance(9_999);
    assert.equal(stateOf(one), "Ongoing");
    one.disk.refuses = true;
    await one.advance(1);
    assert.equal(stateOf(one), "PrepareAbort");
    one.disk.refuses = false;
    await one.advance(1_000);
    assert.equal(stateOf(one), "CompleteAbort");
    assert.deepEqual(one.markers, ["abort 100/1 t-0"]);
    assert.equal(await one.coordinator.end("id", me, "commit"), "PRODUCER_FENCED");
  });

  it("ends at start what was about to end, wherever the last process stopped", async () => {
    const journal: CoordinatorRecord[] = [];
    const { coordinator } = bench(journal);
    const me = await coordinator.init(begin);
    await coordinator.add("id", me, [P0]);
    await coordinator.end("id", me, "commit");
    for (let written = 0; written <= journal.length; written++) {
      const again = bench(journal.slice(0, written));
      await again.advance(0);
      const expected = ["TRANSACTIONAL_ID_NOT_FOUND", "Empty", "Ongoing"][written];
      assert.equal(stateOf(again), expected ?? "CompleteCommit");
      assert.deepEqual(again.markers, written === 3 ? ["commit 100/0 t-0"] : []);
      if (written === 2) {
        assert.equal(await again.coordinator.end("id", me, "commit"), "NONE");
        assert.deepEqual(again.markers, ["commit 100/0 t-0"]);
      }
    }
  });

  it("forgets ids that were idle for a week", async () => {
    const one = bench();
    await one.coordinator.init(begin);
    await one.advance(7 * 24 * 3_600_000 - 1);
    assert.equal(stateOf(one), "Empty");
    await one.advance(3_600_000);
    assert.equal(stateOf(one), "TRANSACTIONAL_ID_NOT_FOUND");
  });
});

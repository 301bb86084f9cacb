import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { CoordinatorRecord } from "../../../../runtime/broker/coordinator/records.ts";
import { encodeTransaction } from "../../../../runtime/broker/transactions/transaction-records.ts";
import type { ProducerIdentity } from "../../../../runtime/broker/transactions/transaction.ts";
import type { WriterKind } from "../../../../runtime/broker/transactions/transaction-writer.ts";
import { bench, type Bench, open, P0, P1, transaction } from "./harness.ts";

const begin = { transactionalId: "id", timeoutMs: 10_000, producer: null };
const U0 = { topic: "u", partition: 0 };

const commit = ({ coordinator }: Bench, me: ProducerIdentity, version: 0 | 2 = 2) =>
  coordinator.end("id", me, "commit", version);
const abort = ({ coordinator }: Bench, me: ProducerIdentity, version: 0 | 2 = 2) =>
  coordinator.end("id", me, "abort", version);
const enlist = (
  { coordinator }: Bench,
  producer: ProducerIdentity,
  where = [P0],
  kind: WriterKind = "adds",
) => coordinator.enlist({ transactionalId: "id", producer, kind }, where);

describe("the transaction coordinator", () => {
  it("refuses ids and timeouts that cannot be", async () => {
    const one = bench();
    const errorOf = async (change: object) =>
      (await one.coordinator.init({ ...begin, ...change })).error;
    assert.equal(await errorOf({ transactionalId: "" }), "INVALID_REQUEST");
    assert.equal(await errorOf({ transactionalId: "x".repeat(32_768) }), "INVALID_REQUEST");
    assert.equal(await errorOf({ timeoutMs: 0 }), "INVALID_TRANSACTION_TIMEOUT");
    assert.equal(await errorOf({ timeoutMs: 900_001 }), "INVALID_TRANSACTION_TIMEOUT");
    const writer = { transactionalId: "", producer: { producerId: 7, epoch: 0 } };
    for (const kind of ["adds", "knows-abortable"] as const) {
      const errors = await one.coordinator.enlist({ ...writer, kind }, [P0]);
      assert.deepEqual(errors, ["INVALID_REQUEST"]);
    }
  });

  it("lets a producer ask again while no producer id can be had", async () => {
    const one = bench();
    one.disk.refusesIds = true;
    const refused = await one.coordinator.init(begin);
    assert.deepEqual(refused, { error: "COORDINATOR_LOAD_IN_PROGRESS", producerId: -1, epoch: -1 });
    one.disk.refusesIds = false;
    assert.equal((await one.coordinator.init(begin)).error, "NONE");
  });

  it("writes a marker into every partition, once", async () => {
    const one = bench();
    const { coordinator, markers } = one;
    const me = await coordinator.init(begin);
    assert.equal(await coordinator.add("id", me, [P0, P1]), "NONE");
    assert.equal(coordinator.mayWrite(me, P1), "NONE");
    assert.equal(coordinator.mayWrite(me, U0), "INVALID_TXN_STATE");
    assert.equal(coordinator.mayWrite({ ...me, epoch: 9 }, P1), "PRODUCER_FENCED");
    assert.equal((await commit(one, me, 0)).error, "NONE");
    assert.equal((await commit(one, me, 0)).error, "NONE");
    assert.deepEqual(markers, ["commit 100/0 t-0", "commit 100/0 t-1"]);
    assert.equal(one.state(), "CompleteCommit");
    assert.equal(coordinator.mayWrite(me, P1), "INVALID_TXN_STATE");
  });

  it("aborts what a newer producer of the same id finds open", async () => {
    const one = bench();
    const { coordinator, markers } = one;
    const old = await coordinator.init(begin);
    await coordinator.add("id", old, [P0]);
    assert.equal((await coordinator.init(begin)).error, "CONCURRENT_TRANSACTIONS");
    assert.deepEqual(markers, ["abort 100/1 t-0"]);
    const now = await coordinator.init(begin);
    assert.deepEqual(now, { error: "NONE", producerId: 100, epoch: 2 });
    assert.equal((await commit(one, old, 0)).error, "PRODUCER_FENCED");
    assert.equal((await commit(one, old)).error, "PRODUCER_FENCED");
    assert.deepEqual(await enlist(one, old), ["INVALID_PRODUCER_EPOCH"]);
  });

  it("aborts when time is up, and tries again while the disk refuses", async () => {
    const one = bench();
    const me = await one.coordinator.init(begin);
    await one.coordinator.add("id", me, [P0]);
    await one.advance(9_999);
    assert.equal(one.state(), "Ongoing");
    one.disk.refuses = true;
    await one.advance(1);
    assert.equal(one.state(), "PrepareAbort");
    assert.deepEqual(await enlist(one, me), ["CONCURRENT_TRANSACTIONS"]);
    assert.equal((await abort(one, me)).error, "CONCURRENT_TRANSACTIONS");
    one.disk.refuses = false;
    await one.advance(1_000);
    assert.equal(one.state(), "CompleteAbort");
    assert.deepEqual(one.markers, ["abort 100/1 t-0"]);
    assert.equal((await commit(one, me, 0)).error, "PRODUCER_FENCED");
  });

  it("lets a producer of version 2 that was too slow abort and go on", async () => {
    const one = bench();
    const me = await one.coordinator.init(begin);
    await enlist(one, me);
    await one.advance(10_000);
    assert.deepEqual(await enlist(one, me), ["INVALID_PRODUCER_EPOCH"]);
    assert.equal((await commit(one, me)).error, "INVALID_TXN_STATE");
    const bumped = { error: "NONE", producerId: 100, epoch: 1 };
    assert.deepEqual(await abort(one, me), bumped);
    assert.deepEqual(await abort(one, me), bumped);
    assert.deepEqual(await enlist(one, bumped), ["NONE"]);
  });

  it("bumps the epoch with every end of version 2", async () => {
    const one = bench();
    const first = await one.coordinator.init(begin);
    assert.deepEqual(await enlist(one, first, [P0, U0]), ["NONE", "NONE"]);
    const second = await commit(one, first);
    assert.deepEqual(second, { error: "NONE", producerId: 100, epoch: 1 });
    // The answer got lost.
    assert.deepEqual(await commit(one, first), second);
    assert.deepEqual(one.markers, ["commit 100/1 t-0", "commit 100/1 u-0"]);
    assert.deepEqual(await enlist(one, first), ["INVALID_PRODUCER_EPOCH"]);
    // Nothing has been written, and it is aborted all the same.
    const third = await abort(one, second);
    assert.deepEqual(third, { error: "NONE", producerId: 100, epoch: 2 });
    assert.equal(one.markers.length, 2);
    assert.equal((await commit(one, third)).error, "INVALID_TXN_STATE");
  });

  it("serves clients of both versions, also in turn on one id", async () => {
    const one = bench();
    const me = await one.coordinator.init(begin);
    await enlist(one, me);
    assert.deepEqual((await commit(one, me, 0)).error, "NONE");
    assert.deepEqual(one.markers, ["commit 100/0 t-0"]);
    await one.coordinator.add("id", me, [P1]);
    assert.equal((await commit(one, me)).epoch, 1);
    assert.deepEqual(one.markers.slice(1), ["commit 100/1 t-1"]);
    assert.equal((await abort(one, me, 0)).error, "PRODUCER_FENCED");
  });

  it("only looks for what clients of version 1 write to", async () => {
    const one = bench();
    const me = await one.coordinator.init(begin);
    await one.coordinator.add("id", me, [P0]);
    const both = await enlist(one, me, [P0, P1], "knows-abortable");
    assert.deepEqual(both, ["NONE", "TRANSACTION_ABORTABLE"]);
    const older = await enlist(one, me, [P0, P1], "knows-invalid-state");
    assert.deepEqual(older, ["NONE", "INVALID_TXN_STATE"]);
    const late = await enlist(one, { ...me, epoch: -1 }, [P0], "knows-abortable");
    assert.deepEqual(late, ["INVALID_PRODUCER_EPOCH"]);
    const stranger = { producerId: 7, epoch: 0 };
    const unknown = await enlist(one, stranger, [P0], "knows-abortable");
    assert.deepEqual(unknown, ["INVALID_PRODUCER_ID_MAPPING"]);
    one.disk.refuses = true;
    await commit(one, me, 0);
    const ending = await enlist(one, me, [P0], "knows-abortable");
    assert.deepEqual(ending, ["CONCURRENT_TRANSACTIONS"]);
  });

  it("adds in the order of the requests", async () => {
    const one = bench();
    const me = await one.coordinator.init(begin);
    const order: string[] = [];
    const write = async (name: string, where = [P0]) => {
      await enlist(one, me, where);
      order.push(name);
    };
    await Promise.all([write("a"), write("b", [P0, P1]), write("c")]);
    assert.deepEqual(order, ["a", "b", "c"]);
  });

  it("goes on with another producer id when epochs are used up", async () => {
    const journal = [encodeTransaction({ ...open, epoch: 32_766, clientVersion: 2 })];
    const one = bench(journal);
    const last = { producerId: 7, epoch: 32_766 };
    one.disk.refusesIds = true;
    assert.equal((await commit(one, last)).error, "COORDINATOR_LOAD_IN_PROGRESS");
    one.disk.refusesIds = false;
    const next = { error: "NONE", producerId: 100, epoch: 0 };
    assert.deepEqual(await commit(one, last), next);
    assert.deepEqual(one.markers, ["commit 7/32767 t-0"]);
    assert.equal(one.coordinator.mayWrite(last, P0), "INVALID_PRODUCER_ID_MAPPING");
    // The answer got lost, and the lab was started again.
    for (const again of [one, bench(journal)]) {
      assert.deepEqual(await commit(again, last), next);
      assert.equal((await abort(again, last)).error, "INVALID_TXN_STATE");
    }
    assert.deepEqual(await enlist(one, next), ["NONE"]);
    assert.equal((await commit(one, last)).error, "INVALID_PRODUCER_ID_MAPPING");
    assert.deepEqual(await enlist(one, last), ["INVALID_PRODUCER_ID_MAPPING"]);
  });

  it("knows of a lost transaction how it ended, also under the producer id before", () => {
    const state = "CompleteCommit";
    const { coordinator } = bench([
      encodeTransaction(transaction({ producerId: 50, epoch: 0, state })),
    ]);
    assert.equal(coordinator.resultOfLost(50, P0), "commit");
    assert.equal(coordinator.resultOfLost(7, P0), "commit");
    assert.equal(coordinator.resultOfLost(8, P0), "abort");
  });

  for (const version of [0, 2] as const) {
    it(`ends at start what was about to end, version ${version}`, async () => {
      const journal: CoordinatorRecord[] = [];
      const first = bench(journal);
      const me = await first.coordinator.init(begin);
      await first.coordinator.add("id", me, [P0], version);
      await commit(first, me, version);
      const marker = `commit 100/${version === 0 ? 0 : 1} t-0`;
      const states = ["TRANSACTIONAL_ID_NOT_FOUND", "Empty", "Ongoing"];
      assert.equal(journal.length, 4);
      for (let written = 0; written <= journal.length; written++) {
        const again = bench(journal.slice(0, written));
        await again.advance(0);
        assert.equal(again.state(), states[written] ?? "CompleteCommit");
        assert.deepEqual(again.markers, written === 3 ? [marker] : []);
        if (written < 2) continue;
        // The producer asks for the end that it has had no answer to.
        const ended = await commit(again, me, version);
        assert.equal(ended.error, "NONE");
        assert.equal(ended.epoch, version === 0 ? -1 : 1);
        assert.deepEqual(again.markers, written === 4 ? [] : [marker]);
      }
    });
  }

  it("forgets ids that were idle for a week", async () => {
    const one = bench();
    await one.coordinator.init(begin);
    await one.advance(7 * 24 * 3_600_000 - 1);
    assert.equal(one.state(), "Empty");
    await one.advance(3_600_000);
    assert.equal(one.state(), "TRANSACTIONAL_ID_NOT_FOUND");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  stepTransaction,
  type TransactionEvent,
} from "../../../../runtime/broker/transactions/transaction-step.ts";
import type { Transaction } from "../../../../runtime/broker/transactions/transaction.ts";
import { CONTEXT, ME, open, P0, P1, transaction } from "./harness.ts";

const init = (producerId = -1, epoch = -1): TransactionEvent => ({
  kind: "init",
  timeoutMs: 1_000,
  producer: producerId < 0 ? null : { producerId, epoch },
});
const add = (producer = ME): TransactionEvent => ({
  kind: "add",
  producer,
  partitions: [P1],
  version: 0,
});
const commit: TransactionEvent = { kind: "end", producer: ME, result: "commit", version: 0 };
const abort: TransactionEvent = { ...commit, result: "abort" };

type Row = [string, Transaction | undefined, TransactionEvent, string, Partial<Transaction>?];

const TABLE: readonly Row[] = [
  [
    "an id begins",
    undefined,
    init(),
    "NONE",
    { producerId: 50, epoch: 0, previousProducerId: 50, state: "Empty" },
  ],
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
    { state: "PrepareAbort", epoch: 4, lastEpoch: 3, clientVersion: 2, startMs: 100 },
  ],
  ["one is ending", transaction({ state: "PrepareCommit" }), init(), "CONCURRENT_TRANSACTIONS"],
  [
    "one is ending, whoever asks",
    transaction({ state: "PrepareCommit" }),
    init(8, 3),
    "CONCURRENT_TRANSACTIONS",
  ],
  [
    "an open one at the last epoch is fenced",
    { ...open, epoch: 32_766 },
    init(),
    "CONCURRENT_TRANSACTIONS",
    { state: "PrepareAbort", epoch: 32_767, nextProducerId: 50 },
  ],
  [
    "epochs are used up",
    transaction({ epoch: 32_766 }),
    init(7, 32_766),
    "NONE",
    { producerId: 50, epoch: 0, previousProducerId: 7, lastEpoch: 32_766 },
  ],
  [
    "epochs are used up, asked for again",
    transaction({ producerId: 50, epoch: 0, previousProducerId: 7, lastEpoch: 32_766 }),
    init(7, 32_766),
    "NONE",
    { producerId: 50, epoch: 0, previousProducerId: 50 },
  ],
  [
    "a transaction begins",
    transaction(),
    add(),
    "NONE",
    { state: "Ongoing", startMs: 500, clientVersion: 0 },
  ],
  [
    "a transaction of version 2 begins after one of version 1",
    transaction({ state: "CompleteCommit", startMs: 100 }),
    { kind: "add", producer: ME, partitions: [P1], version: 2 },
    "NONE",
    { state: "Ongoing", startMs: 500, clientVersion: 2 },
  ],
  [
    "it grows",
    open,
    add(),
    "NONE",
    { partitions: new Map([["t", new Set([0, 1])]]), startMs: 100 },
  ],
  [
    "it has the partition",
    open,
    { kind: "add", producer: ME, partitions: [P0], version: 2 },
    "NONE",
  ],
  ["a stranger adds", open, add({ producerId: 8, epoch: 3 }), "INVALID_PRODUCER_ID_MAPPING"],
  ["nobody adds", undefined, add(), "INVALID_PRODUCER_ID_MAPPING"],
  ["an old epoch adds", open, add({ producerId: 7, epoch: 2 }), "PRODUCER_FENCED"],
  ["a later epoch adds", open, add({ producerId: 7, epoch: 4 }), "PRODUCER_FENCED"],
  [
    "adding while it ends",
    transaction({ state: "PrepareAbort" }),
    add(),
    "CONCURRENT_TRANSACTIONS",
  ],
  ["it commits", open, commit, "NONE", { state: "PrepareCommit", epoch: 3, clientVersion: 0 }],
  ["it aborts", open, abort, "NONE", { state: "PrepareAbort", epoch: 3 }],
  [
    "what version 2 began is ended as of version 1",
    { ...open, clientVersion: 2 },
    commit,
    "NONE",
    { epoch: 3, clientVersion: 0, nextProducerId: -1 },
  ],
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
  ["abort of nothing", transaction(), abort, "INVALID_TXN_STATE"],
  ["an earlier epoch commits", transaction({ epoch: 4 }), commit, "PRODUCER_FENCED"],
  [
    "all markers are there",
    { ...open, state: "PrepareCommit" },
    { kind: "completed" },
    "NONE",
    { state: "CompleteCommit", partitions: new Map(), epoch: 3 },
  ],
  [
    "all markers are there, and epochs are used up",
    { ...open, state: "PrepareAbort", epoch: 32_767, lastEpoch: 32_766, nextProducerId: 50 },
    { kind: "completed" },
    "NONE",
    {
      state: "CompleteAbort",
      producerId: 50,
      epoch: 0,
      previousProducerId: 7,
      nextProducerId: -1,
      lastEpoch: 32_766,
    },
  ],
  ["markers of one that has ended", transaction(), { kind: "completed" }, "NONE"],
  ["time is not up", { ...open, timeoutMs: 401 }, { kind: "tick" }, "NONE"],
  [
    "time is up",
    { ...open, timeoutMs: 400 },
    { kind: "tick" },
    "NONE",
    { state: "PrepareAbort", epoch: 4, lastEpoch: 3, clientVersion: 2 },
  ],
  ["time is up for nobody", transaction(), { kind: "tick" }, "NONE"],
];

describe("a transaction", () => {
  for (const [what, before, event, error, changes] of TABLE) {
    it(`${what}: ${error}`, () => {
      const transition = stepTransaction(before, event, CONTEXT);
      assert.equal(transition.error, error);
      if (changes === undefined) assert.equal(transition.next, undefined);
      else assert.deepEqual({ ...transition.next, ...changes }, transition.next);
    });
  }
});

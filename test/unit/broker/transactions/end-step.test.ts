import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { stepEnd } from "../../../../runtime/broker/transactions/end-step.ts";
import type { Transaction } from "../../../../runtime/broker/transactions/transaction.ts";
import type { TransactionError } from "../../../../runtime/broker/transactions/transaction-errors.ts";
import type { TransactionResult } from "../../../../runtime/record/control.ts";
import { CONTEXT, open, transaction } from "./harness.ts";

const EPOCH = 3;
const RESULTS = ["abort", "commit"] as const;

function end(before: Transaction | undefined, epoch: number, result: TransactionResult, id = 7) {
  const producer = { producerId: id, epoch };
  return stepEnd(before, { kind: "end", producer, result, version: 2 }, CONTEXT);
}

/** The epoch that the producer is told, where it is. */
const TOLD = new Map<string, number>([
  ["BUMP", EPOCH + 1],
  ["NONE", EPOCH],
]);

/** By state: what is answered to an abort and to a commit; "BUMP" is NONE with another epoch. */
type Cells = readonly [abort: TransactionError | "BUMP", commit: TransactionError | "BUMP"];
const REFUSED: Cells = ["PRODUCER_FENCED", "PRODUCER_FENCED"];
const WAITING: Cells = ["CONCURRENT_TRANSACTIONS", "CONCURRENT_TRANSACTIONS"];

/** The rows of TransactionCoordinator's table: the epoch before, the present one, and neither. */
const TABLE: readonly [Transaction["state"], retry: Cells, present: Cells, other: Cells][] = [
  ["Empty", REFUSED, ["BUMP", "INVALID_TXN_STATE"], REFUSED],
  ["Ongoing", REFUSED, ["BUMP", "BUMP"], REFUSED],
  ["PrepareCommit", WAITING, WAITING, WAITING],
  ["PrepareAbort", WAITING, WAITING, WAITING],
  ["CompleteAbort", ["NONE", "INVALID_TXN_STATE"], ["BUMP", "INVALID_TXN_STATE"], REFUSED],
  ["CompleteCommit", ["INVALID_TXN_STATE", "NONE"], ["BUMP", "INVALID_TXN_STATE"], REFUSED],
];

describe("the end of a transaction, version 2", () => {
  for (const [state, ...cells] of TABLE) {
    const before = state === "Ongoing" ? open : transaction({ state, startMs: 100 });
    for (const [at, epochs] of [[EPOCH - 1], [EPOCH], [EPOCH - 2, EPOCH + 1]].entries()) {
      for (const epoch of epochs) {
        for (const [i, result] of RESULTS.entries()) {
          const expected = cells[at]?.[i] ?? "NONE";
          it(`${state} at ${EPOCH}, ${result} by ${epoch}: ${expected}`, () => {
            const { error, next, producer } = end(before, epoch, result);
            assert.equal(error, expected === "BUMP" ? "NONE" : expected);
            assert.equal(next?.epoch, expected === "BUMP" ? EPOCH + 1 : undefined);
            assert.equal(producer?.epoch, TOLD.get(expected));
          });
        }
      }
    }
  }

  it("is decided with the bumped epoch, and begins and ends at once when it is empty", () => {
    const commits = end(open, EPOCH, "commit").next;
    const state = { state: "PrepareCommit", epoch: 4, lastEpoch: 3, clientVersion: 2 } as const;
    assert.deepEqual(commits, { ...open, ...state, updateMs: 500 });
    const empty = end(transaction({ state: "CompleteCommit", startMs: 100 }), EPOCH, "abort").next;
    assert.equal(empty?.state, "PrepareAbort");
    assert.equal(empty?.startMs, 500);
    assert.equal(empty?.partitions.size, 0);
  });

  it("is refused to other producers, and to ids that nobody has", () => {
    const error = "INVALID_PRODUCER_ID_MAPPING";
    assert.equal(end(open, EPOCH, "commit", 8).error, error);
    assert.equal(end(undefined, EPOCH, "commit").error, error);
    assert.equal(end(transaction({ state: "CompleteCommit" }), 2, "commit", 8).error, error);
  });

  describe("when epochs are used up", () => {
    const last = { ...open, epoch: 32_766 };
    const rotated = transaction({
      producerId: 50,
      previousProducerId: 7,
      epoch: 0,
      lastEpoch: 32_766,
      state: "CompleteCommit",
    });

    it("keeps the last one for the marker and tells of another producer id", () => {
      const { next, producer } = end(last, 32_766, "commit");
      assert.deepEqual(producer, { producerId: 50, epoch: 0 });
      assert.equal(next?.producerId, 7);
      assert.equal(next.epoch, 32_767);
      assert.equal(next.nextProducerId, 50);
    });

    it("goes on to the last but one without", () => {
      const { next, producer } = end({ ...open, epoch: 32_765 }, 32_765, "commit");
      assert.deepEqual(producer, { producerId: 7, epoch: 32_766 });
      assert.equal(next?.nextProducerId, -1);
    });

    it("knows the request again by the producer id before", () => {
      const again = end(rotated, 32_766, "commit");
      assert.equal(again.error, "NONE");
      assert.deepEqual(again.producer, { producerId: 50, epoch: 0 });
      assert.equal(again.next, undefined);
      assert.equal(end(rotated, 32_766, "abort").error, "INVALID_TXN_STATE");
      assert.equal(end(rotated, 32_765, "commit").error, "INVALID_PRODUCER_ID_MAPPING");
      const goneOn = { ...open, producerId: 50, previousProducerId: 50, epoch: 0 };
      assert.equal(end(goneOn, 32_766, "commit").error, "INVALID_PRODUCER_ID_MAPPING");
      const fenced = { ...open, producerId: 50, previousProducerId: 7, epoch: 0 };
      assert.equal(end(fenced, 32_766, "commit").error, "PRODUCER_FENCED");
    });
  });
});

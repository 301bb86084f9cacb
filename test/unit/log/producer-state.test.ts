import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { decodeProducers, encodeProducers } from "../../../runtime/log/producer-snapshot.ts";
import {
  PRODUCER_EXPIRY_MS,
  ProducerState,
  type SequenceCheck,
} from "../../../runtime/log/producer-state.ts";
import { type BatchHeader, readBatchHeader } from "../../../runtime/record/batch.ts";
import { batchOf, START_MS } from "../../support/log-files.ts";
import { OpenTransactions } from "../../../runtime/log/transactions.ts";

const LAST = 2 ** 31 - 1;
const NOBODY: ReadonlySet<number> = new Set();

function header(baseSequence: number, count = 1, epoch = 0, id = 7): BatchHeader {
  return readBatchHeader(batchOf({ count, producer: { id, epoch, baseSequence } }), 0);
}

function stateOf(...batches: readonly BatchHeader[]): ProducerState {
  const state = new ProducerState();
  batches.forEach((batch, i) => state.add(batch, i * 100));
  state.commit();
  return state;
}

describe("producer state (KIP-98)", () => {
  const six = [0, 1, 2, 3, 4, 5].map((sequence) => header(sequence));
  const cases: readonly (readonly [string, readonly BatchHeader[], BatchHeader, SequenceCheck])[] =
    [
      ["a producer it does not know, at any sequence", [], header(9), { kind: "append" }],
      ["the batch that follows", [header(0, 3)], header(3), { kind: "append" }],
      ["a gap", [header(0, 3)], header(4), { kind: "out-of-order" }],
      ["a step back that is no repetition", [header(0, 3)], header(1), { kind: "out-of-order" }],
      ["the last batch again", [header(0, 3)], header(0, 3), { kind: "duplicate", baseOffset: 0 }],
      ["the fifth last batch again", six, header(1), { kind: "duplicate", baseOffset: 100 }],
      ["the sixth last batch again", six, header(0), { kind: "out-of-order" }],
      [
        "the same first sequence with more records",
        [header(0, 3)],
        header(0, 4),
        { kind: "out-of-order" },
      ],
      ["an older epoch", [header(0, 1, 2)], header(1, 1, 1), { kind: "fenced" }],
      ["a newer epoch from 0", [header(0, 9, 2)], header(0, 1, 3), { kind: "append" }],
      [
        "a newer epoch from elsewhere",
        [header(0, 9, 2)],
        header(9, 1, 3),
        { kind: "out-of-order" },
      ],
      [
        "the old epoch's batch in the new epoch",
        [header(0, 1, 0), header(0, 2, 1)],
        header(0, 1, 1),
        { kind: "out-of-order" },
      ],
      ["sequence 0 after the last one", [header(LAST)], header(0), { kind: "append" }],
      ["1 after the last one", [header(LAST)], header(1), { kind: "out-of-order" }],
      ["what follows a batch that wraps", [header(LAST - 1, 5)], header(3), { kind: "append" }],
      [
        "a batch that wraps, again",
        [header(LAST - 1, 5)],
        header(LAST - 1, 5),
        { kind: "duplicate", baseOffset: 0 },
      ],
    ];
  for (const [name, before, batch, expected] of cases) {
    it(`answers ${name}: ${expected.kind}`, () => {
      assert.deepEqual(stateOf(...before).check(batch), expected);
    });
  }

  it("takes anything from a producer without id", () => {
    const plain = readBatchHeader(batchOf(), 0);
    const state = stateOf(plain);
    assert.deepEqual([state.check(plain).kind, state.entries.size], ["append", 0]);
  });

  it("undoes what was not committed, for known and unknown producers", () => {
    const state = stateOf(header(0));
    const before = [...state.entries];
    state.add(header(1), 100);
    state.add(header(2), 101);
    state.add(header(0, 1, 0, 8), 102);
    assert.deepEqual([...state.committed()], before);
    state.rollback();
    assert.deepEqual([...state.entries], before);
    assert.equal(state.check(header(1)).kind, "append");
  });

  it("forgets producers after a day without a record, and the oldest beyond ten thousand", () => {
    const state = stateOf(header(0));
    state.expire(START_MS + PRODUCER_EXPIRY_MS, NOBODY);
    assert.equal(state.entries.size, 1);
    state.expire(START_MS + PRODUCER_EXPIRY_MS + 1, NOBODY);
    assert.equal(state.entries.size, 0);
    for (let id = 0; id <= 10_000; id++) state.add(header(0, 1, 0, id), id);
    state.commit();
    assert.deepEqual([state.entries.size, state.entries.has(0)], [10_000, false]);
  });

  it("remembers a producer of old records in its transaction, and while a batch is provisional", () => {
    const later = START_MS + 2 * PRODUCER_EXPIRY_MS;
    const state = stateOf(header(0));
    state.expire(later, new Set([7]));
    assert.equal(state.check(header(1)).kind, "append");
    assert.equal(state.check(header(2)).kind, "out-of-order");
    state.add(header(1), 100);
    state.expire(later, NOBODY);
    assert.equal(state.check(header(3)).kind, "out-of-order");
    state.commit();
    state.expire(later, NOBODY);
    assert.equal(state.entries.size, 0);
  });

  it("comes back from its snapshot, and not from a damaged one", () => {
    const state = stateOf(...six, header(0, 1, 3, 2 ** 40), header(LAST - 1, 5, 1, 9));
    const bytes = encodeProducers({ producers: state, transactions: new OpenTransactions() });
    assert.deepEqual([...(decodeProducers(bytes)?.producers.entries ?? [])], [...state.entries]);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x10, at);
      assert.equal(decodeProducers(damaged), undefined);
      assert.equal(decodeProducers(bytes.subarray(0, at)), undefined);
    }
  });
});

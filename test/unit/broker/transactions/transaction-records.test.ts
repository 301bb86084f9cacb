import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MalformedRecordError } from "../../../../runtime/broker/coordinator/byte-codec.ts";
import {
  decodeTransaction,
  encodeTransaction,
} from "../../../../runtime/broker/transactions/transaction-records.ts";
import type { Transaction } from "../../../../runtime/broker/transactions/transaction.ts";
import { open, transaction } from "./harness.ts";

const KEY = "000000026964";

/** Values as TransactionLog.valueToBytes of Apache Kafka 4.4.0 writes them. */
const VALUES: readonly [string, Transaction, string][] = [
  [
    "empty, of an id that has just begun",
    transaction({ updateMs: 200 }),
    "000100000000000000070003000003e8000000000000000000c8ffffffffffffffff0100080000000000000007",
  ],
  [
    "empty, without a producer before",
    transaction({ updateMs: 200, previousProducerId: -1 }),
    "000100000000000000070003000003e8000000000000000000c8ffffffffffffffff00",
  ],
  [
    "open, version 1",
    { ...open, updateMs: 200 },
    "000100000000000000070003000003e80102027402000000000000000000000000c80000000000000064" +
      "0100080000000000000007",
  ],
  [
    "open, version 2",
    { ...open, updateMs: 200, clientVersion: 2 },
    "000100000000000000070003000003e80102027402000000000000000000000000c80000000000000064" +
      "020008000000000000000702020002",
  ],
  [
    "about to give up its producer id",
    {
      ...open,
      updateMs: 200,
      clientVersion: 2,
      state: "PrepareCommit",
      epoch: 32_767,
      nextProducerId: 50,
    },
    "000100000000000000077fff000003e80202027402000000000000000000000000c80000000000000064" +
      "03000800000000000000070108000000000000003202020002",
  ],
  [
    "with another producer id",
    transaction({
      updateMs: 200,
      startMs: 100,
      clientVersion: 2,
      state: "CompleteCommit",
      producerId: 50,
      epoch: 0,
    }),
    "000100000000000000320000000003e8040100000000000000c80000000000000064" +
      "020008000000000000000702020002",
  ],
];

describe("the records of transactions", () => {
  for (const [what, value, hex] of VALUES) {
    it(`are Kafka's own: ${what}`, () => {
      const record = encodeTransaction(value);
      assert.equal(record.key.toString("hex"), KEY);
      assert.equal(record.value?.toString("hex"), hex);
      const decoded = decodeTransaction(record.key, Buffer.from(hex, "hex"));
      assert.deepEqual(decoded, { transactionalId: "id", transaction: value });
    });
  }

  it("are read as transaction version 1 wrote them", () => {
    const old =
      "000000000000000000070003000003e80100000001000174000000010000000000000000000000c80000000000000064";
    const decoded = decodeTransaction(Buffer.from(KEY, "hex"), Buffer.from(old, "hex"));
    assert.deepEqual(decoded?.transaction, { ...open, updateMs: 200, previousProducerId: -1 });
  });

  it("are refused when they are of another version or cut short", () => {
    const key = Buffer.from(KEY, "hex");
    const value = encodeTransaction({ ...open, clientVersion: 2 }).value ?? key;
    assert.throws(() => decodeTransaction(key, Buffer.from("0002", "hex")), MalformedRecordError);
    for (let length = 0; length < value.length; length++) {
      assert.throws(() => decodeTransaction(key, value.subarray(0, length)), MalformedRecordError);
    }
  });
});

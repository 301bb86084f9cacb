import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { computeCrc, writeInt64 } from "../../../runtime/record/batch.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { type BatchFault, checkBatch, checkProduced } from "../../../runtime/record/validate.ts";

const IDEMPOTENT = { producer: { id: 7, epoch: 0, baseSequence: 0 } };

function two(): Buffer {
  const record = { timestampMs: 1, key: null, value: Buffer.from("v"), headers: [] };
  return buildBatch([record, record], IDEMPOTENT);
}

function seal(batch: Buffer): Buffer {
  batch.writeUInt32BE(computeCrc(batch, 0), 17);
  return batch;
}

describe("batch checks", () => {
  it("find nothing wrong with a sound batch", () => {
    const batch = two();
    assert.equal(checkProduced(batch), undefined);
    assert.equal(checkBatch(batch, 0, batch.length, true), undefined);
  });

  it("see a batch that is cut off at any byte", () => {
    const batch = two();
    for (let end = 0; end < batch.length; end++) {
      assert.equal(checkBatch(batch, 0, end, true), "truncated", `at ${end}`);
      assert.equal(checkProduced(batch.subarray(0, end)), "truncated", `at ${end}`);
    }
  });

  it("see every flipped bit that the CRC covers", () => {
    for (let at = 17; at < two().length; at++) {
      const batch = two();
      batch.writeUInt8(batch.readUInt8(at) ^ 0x10, at);
      assert.equal(checkBatch(batch, 0, batch.length, true), "bad-crc", `at ${at}`);
    }
  });

  it("do not look at the CRC when only hopping", () => {
    const batch = two();
    batch.writeUInt8(99, batch.length - 1);
    assert.equal(checkBatch(batch, 0, batch.length, false), undefined);
  });

  const cases: readonly (readonly [BatchFault, string, (batch: Buffer) => Buffer])[] = [
    ["bad-magic", "an old format", (batch) => (batch.writeInt8(1, 16), batch)],
    ["bad-length", "a length below a header's", (batch) => (batch.writeInt32BE(48, 8), batch)],
    ["bad-length", "a negative length", (batch) => (batch.writeInt32BE(-2, 8), batch)],
    [
      "truncated",
      "a length beyond the end",
      (batch) => (batch.writeInt32BE(2 ** 31 - 1, 8), batch),
    ],
    ["more-than-one-batch", "a second batch", (batch) => Buffer.concat([batch, two()])],
    ["bad-codec", "codec 5", (batch) => (batch.writeInt16BE(5, 21), seal(batch))],
    [
      "bad-count",
      "fewer records than offsets",
      (batch) => (batch.writeInt32BE(1, 57), seal(batch)),
    ],
    ["bad-count", "no records", (batch) => (batch.writeInt32BE(0, 57), seal(batch))],
    ["bad-count", "-1 as last offset", (batch) => (batch.writeInt32BE(-1, 23), seal(batch))],
    ["control-batch", "the control bit", (batch) => (batch.writeInt16BE(0x20, 21), seal(batch))],
    ["bad-times", "the append time bit", (batch) => (batch.writeInt16BE(0x08, 21), seal(batch))],
    ["bad-times", "a maximum below -1", (batch) => (writeInt64(batch, 35, -2), seal(batch))],
    ["bad-producer", "an id without epoch", (batch) => (batch.writeInt16BE(-1, 51), seal(batch))],
    [
      "bad-producer",
      "an id without sequence",
      (batch) => (batch.writeInt32BE(-1, 53), seal(batch)),
    ],
  ];
  for (const [fault, what, damage] of cases) {
    it(`refuse what a producer sends with ${what}: ${fault}`, () =>
      assert.equal(checkProduced(damage(two())), fault));
  }
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  computeCrc,
  patchBatch,
  readBatchHeader,
  readInt64,
  setLogAppendTime,
  writeInt64,
} from "../../../runtime/record/batch.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { readRecords } from "../../../runtime/record/records.ts";
import { checkBatch } from "../../../runtime/record/validate.ts";

/** The worked example of runtime/log/FORMAT.md. */
const EXAMPLE =
  "000000000000002a0000003e0000000002021a0f340000000000000000018bcfe568000000018bcfe568000000000000" +
  "0000070000000000000000000118000000026b0a68656c6c6f00";

function example(): Buffer {
  const record = { timestampMs: 1_700_000_000_000, key: Buffer.from("k"), headers: [] };
  return buildBatch([{ ...record, value: Buffer.from("hello") }], {
    producer: { id: 7, epoch: 0, baseSequence: 0 },
  });
}

describe("record batch", () => {
  it("is laid out as the format says", () => {
    const batch = example();
    patchBatch(batch, 0, 42, 0);
    assert.equal(batch.toString("hex"), EXAMPLE);
    assert.deepEqual(readBatchHeader(batch, 0), {
      baseOffset: 42,
      lengthBytes: 74,
      partitionLeaderEpoch: 0,
      magic: 2,
      crc: 0x021a0f34,
      attributes: 0,
      codec: "none",
      timestampType: "create",
      isTransactional: false,
      isControl: false,
      lastOffsetDelta: 0,
      baseTimestampMs: 1_700_000_000_000,
      maxTimestampMs: 1_700_000_000_000,
      producerId: 7,
      producerEpoch: 0,
      baseSequence: 0,
      deleteHorizonMs: undefined,
      recordCount: 1,
    });
  });

  it("keeps its CRC when offset and epoch are stamped", () => {
    const batch = Buffer.concat([Buffer.alloc(5), example()]);
    patchBatch(batch, 5, 2 ** 40 + 3, 9);
    assert.equal(checkBatch(batch, 5, batch.length, true), undefined);
    const header = readBatchHeader(batch, 5);
    assert.equal(header.baseOffset, 2 ** 40 + 3);
    assert.equal(header.partitionLeaderEpoch, 9);
  });

  it("takes the time of its append, and its CRC with it", () => {
    const batch = Buffer.concat([example(), example()]);
    setLogAppendTime(batch, 74, 1_800_000_000_123);
    const header = readBatchHeader(batch, 74);
    assert.equal(header.timestampType, "append");
    assert.equal(header.maxTimestampMs, 1_800_000_000_123);
    assert.equal(computeCrc(batch, 74), header.crc);
    const times = [...readRecords(batch, 74, 1000)].map(({ timestampMs }) => timestampMs);
    assert.deepEqual(times, [1_800_000_000_123]);
    assert.equal(readBatchHeader(batch, 0).timestampType, "create");
  });

  it("reads and writes 64-bit integers as numbers", () => {
    const bytes = Buffer.alloc(8);
    for (const value of [0, 1, -1, -2, 2 ** 31, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, -(2 ** 53) + 1]) {
      writeInt64(bytes, 0, value);
      assert.equal(bytes.readBigInt64BE(), BigInt(value));
      assert.equal(readInt64(bytes, 0), value);
    }
  });
});

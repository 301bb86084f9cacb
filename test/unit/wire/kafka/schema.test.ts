import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as p from "../../../../runtime/wire/kafka/primitives.ts";
import { array, message, struct } from "../../../../runtime/wire/kafka/schema.ts";
import { WireError } from "../../../../runtime/wire/kafka/wire-error.ts";
import type { WireErrorCode } from "../../../../runtime/wire/kafka/wire-error.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const code = (expected: WireErrorCode) => (error: unknown) =>
  error instanceof WireError && error.code === expected;

/** Classic in version 0, flexible in 1; 2 adds a nullable struct. */
const Sample = message("Sample", 999, "0-2", "1+", {
  name: p.string("0+"),
  note: p.string("0+", { nullable: "1+", default: "" }),
  count: p.int64("0+"),
  ids: array("0+", p.int32("0+"), { nullable: "0+" }),
  rows: array("0+", struct("0+", { on: p.bool("0+"), data: p.bytes("0+") })),
  cursor: struct("2+", { at: p.int8("2+") }, { nullable: "2+", default: null }),
  rack: p.string("1+", { tag: 0, default: "" }),
  leader: struct("1+", { id: p.int32("1+", { default: -1 }) }, { tag: 3 }),
});

const full = {
  name: "ab",
  note: "n",
  count: 258,
  ids: [1, 2],
  rows: [{ on: true, data: Buffer.from([7]) }],
};

describe("wire/kafka schema: encoding", () => {
  it("writes classic versions with fixed lengths and no tags", () => {
    const expected = hex(
      "0002 6162  0001 6e  0000000000000102  00000002 00000001 00000002  00000001 01 00000001 07",
    );
    assert.deepEqual(Buffer.concat(Sample.encode(0, { ...full, rack: "ignored" })), expected);
  });

  it("writes flexible versions with compact lengths and a tag section per struct", () => {
    const expected = hex(
      "03 6162  02 6e  0000000000000102  03 00000001 00000002  02 01 02 07 00  00",
    );
    assert.deepEqual(Buffer.concat(Sample.encode(1, full)), expected);
  });

  it("writes tagged fields in order of tag, and only those that differ from their default", () => {
    const tail = (value: object) =>
      Buffer.concat(Sample.encode(2, { name: "", count: 0, ids: null, rows: [], ...value }))
        .subarray(12)
        .toString("hex");
    assert.equal(tail({}), "ff00");
    assert.equal(tail({ rack: "", leader: { id: -1 } }), "ff00");
    assert.equal(tail({ leader: { id: 5 } }), "ff0103050000000500");
    assert.equal(tail({ rack: "r", leader: {} }), "ff0100020272");
  });

  it("writes a nullable struct after a byte that says whether it is there", () => {
    const some = { ...full, ids: null, rows: [], cursor: { at: 9 } };
    const bytes = Buffer.concat(Sample.encode(2, some)).subarray(-5);
    assert.equal(bytes.toString("hex"), "0101090000");
  });

  it("keeps a large buffer as its own chunk and copies small ones", () => {
    const Data = message("Data", 998, "0", "none", {
      before: p.int32("0+"),
      records: p.records("0+", { nullable: "0+" }),
      after: p.int32("0+"),
    });
    const [small, large] = [Buffer.alloc(10, 1), Buffer.alloc(70_000, 2)];
    const chunks = Data.encode(0, { before: 1, records: [small, large, small, large], after: 2 });
    assert.equal(chunks.length, 5);
    assert.equal(chunks[1], large);
    assert.equal(chunks[3], large);
    const decoded = Data.decode(Buffer.concat(chunks), 0, 0);
    assert.deepEqual(decoded.records, Buffer.concat([small, large, small, large]));
    assert.equal(decoded.after, 2);
  });

  it("grows over many small values without losing any", () => {
    const Many = message("Many", 997, "0", "none", { values: array("0+", p.string("0+")) });
    const values = Array.from({ length: 40_000 }, (_, i) => `value ${i}`);
    const chunks = Many.encode(0, { values });
    assert.ok(chunks.length > 1);
    assert.deepEqual(Many.decode(Buffer.concat(chunks), 0, 0), { values });
  });

  it("treats values that cannot be written as bugs of the caller", () => {
    assert.throws(() => Sample.encode(0, { ...full, note: null }), TypeError);
    assert.throws(() => Sample.encode(0, { ...full, count: 2 ** 53 }), TypeError);
    assert.throws(() => Sample.encode(0, { ...full, name: "x".repeat(32_768) }), TypeError);
    const Id = message("Id", 996, "0", "none", { id: p.uuid("0+") });
    assert.throws(() => Id.encode(0, { id: "short" }), TypeError);
    assert.throws(() => Id.encode(0, { id: "*".repeat(22) }), TypeError);
  });
});

describe("wire/kafka schema: decoding", () => {
  const Long = message("Long", 995, "0", "none", {
    value: p.int64("0+"),
    end: p.int64Clamped("0+"),
  });
  const long = (value: string, end = "0000000000000000") => Long.decode(hex(value + end), 0, 0);

  it("reads int64 as a number up to 2^53 - 1 both ways", () => {
    for (const value of [0, 1, -1, 2 ** 32, -(2 ** 32), -(2 ** 32) - 1, 2 ** 53 - 1, 1 - 2 ** 53]) {
      const frame = Buffer.concat(Long.encode(0, { value, end: value }));
      assert.equal(frame.readBigInt64BE(0), BigInt(value));
      assert.deepEqual(Long.decode(frame, 0, 0), { value, end: value });
    }
  });

  it("refuses an int64 beyond that, or clamps it where the field is declared so", () => {
    for (const value of ["0020000000000000", "7fffffffffffffff", "8000000000000000"]) {
      assert.throws(() => long(value), code("int64-range"));
    }
    assert.equal(long("0000000000000001", "7fffffffffffffff").end, Number.MAX_SAFE_INTEGER);
    assert.equal(long("0000000000000001", "8000000000000000").end, Number.MIN_SAFE_INTEGER);
  });

  it("skips tagged fields it does not know", () => {
    const known = "01 01 0000000000000000 00 01";
    const frame = hex(`${known} 03  00 02 0272  01 03 ffffff  03 05 00000005 00`);
    const decoded = Sample.decode(frame, 0, 1);
    assert.equal(decoded.rack, "r");
    assert.deepEqual(decoded.leader, { id: 5 });
    assert.equal(Sample.decode(hex(`${known} 01 8001 00`), 0, 1).rack, "");
  });

  it("takes tags in any order, but none longer or shorter than it says", () => {
    const known = "01 01 0000000000000000 00 01";
    const tags = (text: string) => () => Sample.decode(hex(known + text), 0, 1);
    assert.equal(tags("02 03 05 00000005 00 00 02 0272")().rack, "r");
    assert.throws(tags("01 00 03 0272 00"), code("bad-length"));
    assert.throws(tags("01 00 01 0272"), code("truncated"));
    assert.throws(tags("01 07 7f 00"), code("truncated"));
  });

  it("refuses more than 10,000 tags", () => {
    const head = hex("01 01 0000000000000000 00 01");
    const tags = (count: number) => {
      const varint = [(count & 0x7f) | 0x80, count >> 7];
      return Buffer.concat([head, Buffer.from(varint), Buffer.alloc(40_000)]);
    };
    assert.throws(() => Sample.decode(tags(10_001), 0, 1), code("too-many-tags"));
    assert.throws(() => Sample.decode(tags(10_000), 0, 1), code("truncated"));
  });

  it("takes any negative length for null, and refuses null where the version forbids it", () => {
    assert.throws(() => Sample.decode(hex("ffff 0000"), 0, 0), code("unexpected-null"));
    assert.throws(() => Sample.decode(hex("0000 ffff"), 0, 0), code("unexpected-null"));
    assert.throws(() => Sample.decode(hex("fffe 0000"), 0, 0), code("unexpected-null"));
    assert.throws(() => Sample.decode(hex("00 00"), 0, 1), code("unexpected-null"));
    assert.equal(Sample.decode(hex("01 00 0000000000000000 00 01 00"), 0, 1).note, null);
  });

  it("refuses strings longer than 32,767 bytes", () => {
    const frame = Buffer.concat([hex("818002"), Buffer.alloc(40_000, 0x61)]);
    assert.throws(() => Sample.decode(frame, 0, 1), code("bad-length"));
  });

  it("refuses varints of more than five bytes or beyond 2^31 - 1", () => {
    assert.throws(() => Sample.decode(hex("ffffffffff00"), 0, 1), code("bad-varint"));
    assert.throws(() => Sample.decode(hex("8080808008"), 0, 1), code("bad-varint"));
    assert.throws(() => Sample.decode(hex("80"), 0, 1), code("truncated"));
  });
});

describe("wire/kafka schema: hostile counts", () => {
  const Numbers = message("Numbers", 994, "0-1", "1+", { values: array("0+", p.int8("0+")) });
  const Nested = message("Nested", 993, "0", "none", {
    rows: array("0+", struct("0+", { values: array("0+", p.int8("0+")) })),
  });

  it("refuses a count that the bytes left cannot hold, before allocating", () => {
    assert.throws(() => Numbers.decode(hex("000f4240 00"), 0, 0), code("truncated"));
    assert.throws(() => Numbers.decode(hex("ff7f 00"), 0, 1), code("truncated"));
    // Eleven bytes could hold five elements of one byte, but not five of four.
    assert.throws(() => Nested.decode(hex("00000005 00000000 000000"), 0, 0), code("truncated"));
  });

  it("refuses more than a million elements in an array", () => {
    const frame = (count: number) => {
      const bytes = Buffer.alloc(4 + count);
      bytes.writeInt32BE(count, 0);
      return bytes;
    };
    assert.equal(Numbers.decode(frame(1_000_000), 0, 0).values.length, 1_000_000);
    assert.throws(() => Numbers.decode(frame(1_000_001), 0, 0), code("too-many-elements"));
    assert.throws(() => Numbers.decode(hex("7fffffff 00"), 0, 0), code("too-many-elements"));
    assert.throws(() => Numbers.decode(hex("80000000 00"), 0, 0), code("unexpected-null"));
  });

  it("refuses more than four million elements in all arrays of a message", () => {
    const row = Buffer.alloc(4 + 1_000_000);
    row.writeInt32BE(1_000_000, 0);
    const frame = Buffer.concat([hex("00000004"), row, row, row, row]);
    assert.throws(() => Nested.decode(frame, 0, 0), code("too-many-elements"));
  });
});

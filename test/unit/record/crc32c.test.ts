import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { crc32c } from "../../../runtime/record/crc32c.ts";

describe("crc32c", () => {
  const rising = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
  for (const [name, bytes, sum] of [
    ["nothing", Buffer.alloc(0), 0],
    ["the digits 1 to 9", Buffer.from("123456789"), 0xe3069283],
    ["32 zeros (RFC 3720, B.4)", Buffer.alloc(32), 0x8a9136aa],
    ["32 ones (RFC 3720, B.4)", Buffer.alloc(32, 0xff), 0x62a8ab43],
    ["rising bytes (RFC 3720, B.4)", rising, 0x46dd794e],
    ["falling bytes (RFC 3720, B.4)", Buffer.from(rising).reverse(), 0x113fdb5c],
  ] as const) {
    it(`is right for ${name}`, () => assert.equal(crc32c(bytes), sum));
  }

  it("is right for a small view after a large buffer", () => {
    crc32c(Buffer.alloc(3_000_000, 1));
    const outer = Buffer.from("xx123456789yy");
    assert.equal(crc32c(outer.subarray(2, 11)), 0xe3069283);
  });
});

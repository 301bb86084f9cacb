import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { describe, it } from "mocha";
import { encode as encodeMsgpack } from "@msgpack/msgpack";
import { encode as encodeCbor } from "cborg";
import type { DecodedField } from "../../../../runtime/api/model.ts";
import { DECODERS, decodeField } from "../../../../runtime/messages/decode/decode.ts";

function decode(bytes: Uint8Array | string, id?: string): DecodedField {
  const chosen = id === undefined ? undefined : DECODERS.find((each) => each.id === id);
  assert.equal(chosen?.id, id);
  return decodeField(Buffer.from(bytes), chosen);
}

const EXACT = '{"id":9007199254740993,"a":1,"a":2,"t":"\\u00e9"}';
const NOT_TEXT = Buffer.from([0x61, 0xff, 0x00]);

describe("decoding", () => {
  it("point 17: guesses JSON, XML, text and what is compressed, and leaves their text as it is", () => {
    const guessed = (bytes: Uint8Array | string): [string, string] => {
      const { decoder, text } = decode(bytes);
      return [decoder, text];
    };
    assert.deepEqual(guessed(EXACT), ["json", EXACT]);
    assert.deepEqual(guessed("<a><b/></a>"), ["xml", "<a><b/></a>"]);
    assert.deepEqual(guessed("plain Straße"), ["text", "plain Straße"]);
    assert.deepEqual(guessed("12"), ["json", "12"]);
    assert.deepEqual(guessed(gzipSync(EXACT)), ["gzip", EXACT]);
    assert.deepEqual(guessed(""), ["text", ""]);
  });

  it("point 18: shows hex when nothing reads the bytes, and why each did not", () => {
    const { decoder, text, tried } = decode(NOT_TEXT);
    assert.equal(decoder, "hex");
    assert.match(text, /^00000000 {2}61 ff 00 .* a\.\.$/);
    assert.deepEqual(
      tried.map((attempt) => attempt.decoder),
      ["gzip", "json", "xml", "text"],
    );
    assert.match(tried[1]?.reason ?? "", /byte 1 \(0xff\) is not UTF-8/);
  });

  it("says why the chosen one does not read the bytes", () => {
    const reason = (bytes: Uint8Array | string, id: string): string => {
      const { decoder, tried } = decode(bytes, id);
      assert.deepEqual([decoder, tried.length, tried[0]?.decoder], ["hex", 1, id]);
      return tried[0]?.reason ?? "";
    };
    assert.match(reason("{", "json"), /name of a member at character 1/);
    assert.match(reason("a\u0001", "text"), /character 1 is the control character 0x01/);
    assert.match(reason(Buffer.from([0xe2, 0x82]), "text"), /middle of a character/);
    assert.match(reason("<a>", "xml"), /unclosed tag/);
    assert.match(reason("a", "xml"), /begin with </);
    assert.match(reason("plain", "gzip"), /mark 1f 8b/);
    assert.match(reason(gzipSync(EXACT).subarray(0, 20), "gzip"), /unexpected end/);
    assert.match(reason("", "msgpack"), /no bytes/);
    assert.ok(reason(Buffer.from([0xc1]), "msgpack").length > 5);
    assert.ok(reason(Buffer.from([0x1c]), "cbor").length > 5);
  });

  it("reads MessagePack and CBOR exactly", () => {
    const value = {
      id: 9_007_199_254_740_993n,
      list: [1, -2.5, null, true],
      bytes: Buffer.from([1, 255]),
    };
    const text = '{"id": 9007199254740993, "list": [1, -2.5, null, true], "bytes": "01ff"}';
    assert.equal(decode(encodeMsgpack(value, { useBigInt64: true }), "msgpack").text, text);
    assert.equal(decode(encodeCbor(value), "cbor").text.length, text.length);
    assert.match(decode(encodeCbor(value), "cbor").text, /"id": 9007199254740993/);
    assert.equal(decode(encodeCbor(new Map([[1, "a"]])), "cbor").text, '{"1": "a"}');
  });

  it("never throws, whatever the bytes and the decoder", () => {
    let seed = 3;
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 3_000; round++) {
      const bytes = Uint8Array.from({ length: next(40) }, () => next(256));
      for (const { id } of DECODERS) assert.ok(decode(bytes, id).text !== undefined);
    }
    for (const { id } of DECODERS) {
      decode(Buffer.alloc(100_000, 0x91), id);
      decode(Buffer.alloc(100_000, 0x81), id);
    }
  });
});

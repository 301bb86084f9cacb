import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  API_VERSIONS_KEY,
  decodeRequestHeader,
  encodeResponseHeader,
} from "../../../../runtime/wire/kafka/header.ts";
import { WireError } from "../../../../runtime/wire/kafka/wire-error.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const flexibleFrom = (apiKey: number) => new Map([[3, 9]]).get(apiKey);

describe("wire/kafka request header", () => {
  it("v1: key, version, correlation id and a nullable client id", () => {
    const frame = hex("0003 0008 0000002a 0002 6162 ff");
    assert.deepEqual(decodeRequestHeader(frame, flexibleFrom), {
      apiKey: 3,
      apiVersion: 8,
      correlationId: 42,
      clientId: "ab",
      flexible: false,
      bodyAt: 12,
    });
    const anonymous = decodeRequestHeader(hex("0003 0008 0000002a ffff"), flexibleFrom);
    assert.equal(anonymous.clientId, null);
    assert.equal(anonymous.bodyAt, 10);
  });

  it("v2: the client id stays a classic string, tagged fields follow and are skipped", () => {
    const plain = decodeRequestHeader(hex("0003 0009 0000002a 0002 6162 00"), flexibleFrom);
    assert.deepEqual([plain.clientId, plain.flexible, plain.bodyAt], ["ab", true, 13]);
    const tagged = decodeRequestHeader(
      hex("0003 000d 0000002a ffff 01 05 02 abcd ff"),
      flexibleFrom,
    );
    assert.deepEqual([tagged.clientId, tagged.flexible, tagged.bodyAt], [null, true, 15]);
  });

  it("of an unknown API: only what has a fixed place", () => {
    const header = decodeRequestHeader(hex("7fff 0001 ffffffff"), flexibleFrom);
    assert.deepEqual([header.apiKey, header.apiVersion, header.correlationId], [32_767, 1, -1]);
    assert.equal(header.clientId, null);
  });

  it("cut short at any byte is a WireError", () => {
    const frame = hex("0003 0009 0000002a 0002 6162 01 05 02 abcd");
    for (let length = 0; length < frame.length; length++) {
      const cut = frame.subarray(0, length);
      assert.throws(() => decodeRequestHeader(cut, flexibleFrom), WireError, `${length} bytes`);
    }
  });
});

describe("wire/kafka response header", () => {
  const body = [Buffer.alloc(3), Buffer.alloc(4)];

  it("v0 counts itself and all chunks of the body", () => {
    const request = { apiKey: 3, correlationId: 42, flexible: false };
    assert.deepEqual(encodeResponseHeader(request, body), hex("0000000b 0000002a"));
  });

  it("v1 has an empty tag section", () => {
    const request = { apiKey: 3, correlationId: -1, flexible: true };
    assert.deepEqual(encodeResponseHeader(request, body), hex("0000000c ffffffff 00"));
  });

  it("is v0 for ApiVersions whatever the version", () => {
    const request = { apiKey: API_VERSIONS_KEY, correlationId: 1, flexible: true };
    assert.deepEqual(encodeResponseHeader(request, []), hex("00000004 00000001"));
  });
});

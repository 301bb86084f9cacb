import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { cellText } from "../../../extension/editors/cell-text.ts";
import { fieldsOf } from "../../../extension/editors/message-fields.ts";
import { utf8 } from "../../../runtime/api/bytes.ts";
import type { Message } from "../../../runtime/api/model.ts";

const VALUE = '{"n":9007199254740993,"a":1,"a":2,"s":"\\u00e9","lines":[{"sku":"x"},{"sku":"y"}]}';

function message(value: string | null, key: string | null = null): Message {
  const field = (text: string | null) =>
    text === null ? null : { bytes: utf8(text), sizeBytes: utf8(text).length };
  return {
    ...{ partition: 3, offset: 42, timestampMs: 1_700_000_000_123, timestampType: "create" },
    key: field(key),
    value: field(value),
    headers: [
      { key: "trace", value: utf8("a") },
      { key: "trace", value: utf8("b") },
      { key: "bin", value: Uint8Array.of(0xff) },
      { key: "none", value: null },
    ],
  };
}

describe("fields of a message", () => {
  it("are its leaves and headers, one item for each list", () => {
    const fields = fieldsOf(message(VALUE, '{"id":7}'));
    assert.deepEqual(
      fields.map(({ path, source }) => `${path} ${source}`),
      [
        ...["n 9007199254740993", "a 1", 's "\\u00e9"', 'lines[1].sku "x"', "key.id 7"],
        ...["headers['trace'] a", "headers['bin'] "],
      ],
    );
  });

  it("are none where there is no JSON", () => {
    const { headers, ...rest } = message("no json");
    assert.deepEqual(fieldsOf({ ...rest, headers: [] }), []);
    assert.equal(headers.length, 4);
    assert.deepEqual(fieldsOf({ ...message(null), headers: [] }), []);
  });

  it("are bounded in number and depth", () => {
    const wide = `{${Array.from({ length: 500 }, (_, i) => `"f${i}":${i}`).join(",")}}`;
    assert.equal(fieldsOf(message(wide)).length, 200);
    const deep = `${'{"a":'.repeat(50)}1${"}".repeat(50)}`;
    assert.equal(fieldsOf({ ...message(deep), headers: [] })[0]?.path, "a.a.a.a.a.a");
  });
});

describe("copying a cell", () => {
  const copied = (kind: "key" | "value" | "headers" | "offset" | "timestamp", from: Message) =>
    cellText({ kind, widthPx: undefined }, from);

  it("point 17: is exact to the byte, duplicate members and all", () => {
    assert.equal(copied("value", message(VALUE)), VALUE);
    assert.equal(copied("key", message(VALUE, " k ")), " k ");
    const field = (path: string) =>
      cellText({ kind: "field", path, widthPx: undefined }, message(VALUE));
    assert.equal(field("n"), "9007199254740993");
    assert.equal(field("a"), "2");
    assert.equal(field("s"), "é");
    assert.equal(field("headers['trace']"), "b");
    assert.equal(field("nowhere"), "");
  });

  it("point 16: keeps headers in order, duplicates, null and binary ones included", () => {
    const headers: unknown = JSON.parse(copied("headers", message(null)));
    assert.deepEqual(headers, [
      ["trace", "a"],
      ["trace", "b"],
      ["bin", { base64: "/w==" }],
      ["none", null],
    ]);
  });

  it("gives numbers as numbers", () => {
    assert.equal(copied("offset", message(null)), "42");
    assert.equal(copied("timestamp", message(null)), "1700000000123");
  });
});

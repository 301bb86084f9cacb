import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type LineFault, parseMessageLine, printMessageLine } from "../../../runtime/api/jsonl.ts";
import type { NewMessage } from "../../../runtime/api/model.ts";
import { parseTimestamp } from "../../../runtime/api/timestamp.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

function parsed(line: string): NewMessage {
  const result = parseMessageLine(line);
  assert.equal(result.kind, "message", JSON.stringify(result));
  assert.ok(result.kind === "message");
  return result.message;
}

function fault(line: string): LineFault {
  const result = parseMessageLine(line);
  assert.ok(result.kind === "fault", `"${line}" was accepted`);
  return result;
}

describe("message lines", () => {
  it("reads every member", () => {
    assert.deepEqual(
      parsed(
        ` { "key": "k", "value": "v", "headers": [["a","1"],["a",null],["b",{"base64":"AP8="}]],` +
          ` "partition": 2, "timestamp": "2024-06-11T10:00:00.250+02:00", "offset": 9, "topic": "x" } `,
      ),
      {
        key: utf8("k"),
        value: utf8("v"),
        headers: [
          { key: "a", value: utf8("1") },
          { key: "a", value: null },
          { key: "b", value: Uint8Array.of(0, 255) },
        ],
        partition: 2,
        timestampMs: Date.UTC(2024, 5, 11, 8, 0, 0, 250),
      },
    );
  });

  it("tells null from empty, and takes headers as an object", () => {
    const message = parsed('{"key":"","value":null,"headers":{"__proto__":"x","b":""}}');
    assert.deepEqual(message.key, utf8(""));
    assert.equal(message.value, null);
    assert.deepEqual(message.headers, [
      { key: "__proto__", value: utf8("x") },
      { key: "b", value: utf8("") },
    ]);
    assert.equal(parsed('{"value":""}').key, null);
  });

  for (const source of [
    "9007199254740993",
    '{"a":1,  "a":2.50, "b":[true,null,"\\u00e9\\ud800"]}',
    "[ ]",
    "-0.0e+10",
    "true",
  ]) {
    it(`keeps ${source} as it was written`, () => {
      assert.deepEqual(parsed(`{"value": ${source} }`).value, utf8(source));
    });
  }

  const faults: [line: string, column: number, message: RegExp][] = [
    ["[]", 1, /expected a message/],
    ['{"value":1', 11, /expected , or \}/],
    ['{"value":1} x', 13, /end of the line/],
    ['{"value":01}', 11, /expected , or \}/],
    ['{"value":tru}', 10, /expected a JSON value/],
    ['{"value":"a\tb"}', 12, /control character/],
    ['{"value":"\\x"}', 11, /escape/],
    ['{"value":"abc}', 15, /no closing/],
    ['{"key":1,"value":2}', 8, /a string or null/],
    ['{"key":"a"}', 11, /"value": null for a tombstone/],
    ['{"value":1,"value":2}', 12, /given twice/],
    ['{"value":1,"valueBase64":""}', 12, /given twice/],
    ['{"vlaue":1}', 2, /not known; a message has key/],
    ['{"value":1,"partition":-1}', 24, /partition/],
    ['{"value":1,"partition":1.5}', 24, /partition/],
    ['{"value":1,"timestamp":"2024-06-11T08:00:00"}', 24, /with its zone/],
    ['{"value":1,"timestamp":"2024-02-30T08:00:00Z"}', 24, /with its zone/],
    ['{"valueBase64":"abc"}', 16, /base64/],
    ['{"value":"\\ud800"}', 10, /surrogate/],
    ['{"value":1,"headers":{"a":1}}', 27, /a string, null or/],
    ['{"value":1,"headers":[["a"]]}', 27, /expected ,/],
    ['{"value":1,"headers":{"a":{}}}', 27, /base64/],
    [`{"value":${"[".repeat(300)}`, 267, /nested deeper/],
  ];
  for (const [line, column, message] of faults) {
    it(`names column ${column} of ${line.slice(0, 50)}`, () => {
      const found = fault(line);
      assert.match(found.message, message);
      assert.equal(found.column, column);
      assert.ok(found.endColumn > found.column);
    });
  }

  const values: (Uint8Array | null)[] = [
    null,
    utf8(""),
    utf8("text"),
    utf8("null"),
    utf8('"quoted"'),
    utf8("5"),
    utf8("9007199254740993"),
    utf8('{"a":1,"a":2}'),
    utf8(' {"a":1}'),
    utf8('{"a":\n1}'),
    utf8('{"a":1'),
    utf8("\uFEFFbom"),
    utf8("\u0000\u2028\u{1F600}"),
    utf8('{"a":"\u2029"}'),
    Uint8Array.of(0xff, 0xfe),
    Uint8Array.from({ length: 20_000 }, (_, index) => index & 0xff),
  ];
  for (const value of values) {
    const name =
      value === null ? "null" : JSON.stringify(new TextDecoder().decode(value.slice(0, 20)));
    it(`prints ${name} so that it is read back byte for byte`, () => {
      const headers = [{ key: "h", value }];
      const message = { key: value, value, headers, partition: 1, timestampMs: 5 };
      const line = printMessageLine({ ...message, offset: 3, timestampType: "append" });
      assert.doesNotMatch(line, /[\r\n\u2028\u2029]/);
      assert.deepEqual(parsed(line), message);
      assert.ok(JSON.parse(line));
    });
  }

  it("prints JSON values as JSON", () => {
    assert.equal(
      printMessageLine({ key: null, value: utf8('{"a":1}'), headers: [] }),
      '{"key":null,"value":{"a":1}}',
    );
  });
});

describe("timestamps", () => {
  it("are milliseconds or ISO 8601 with a zone", () => {
    assert.equal(parseTimestamp("1700000000000"), 1_700_000_000_000);
    assert.equal(parseTimestamp("2024-02-29T23:59Z"), Date.UTC(2024, 1, 29, 23, 59));
    for (const text of ["", "now", "2023-02-29T00:00Z", "2024-06-11", "2024-13-01T00:00Z", "-5"]) {
      assert.equal(parseTimestamp(text), undefined, text);
    }
  });
});

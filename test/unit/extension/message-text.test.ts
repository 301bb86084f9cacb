import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { hexText } from "../../../extension/editors/hex-text.ts";
import {
  MAX_SHOWN_BYTES,
  messageText,
  valueText,
} from "../../../extension/editors/message-text.ts";
import { messagePath, parseMessagePath } from "../../../extension/editors/message-uri.ts";
import { utf8 } from "../../../runtime/api/bytes.ts";
import type { Message } from "../../../runtime/api/model.ts";

const field = (bytes: Uint8Array) => ({ bytes, sizeBytes: bytes.length });

function message(value: Uint8Array | null, more: Partial<Message> = {}): Message {
  return {
    partition: 2,
    offset: 17,
    timestampMs: 1_700_000_000_123,
    timestampType: "create",
    key: null,
    headers: [],
    value: value && field(value),
    ...more,
  };
}

const rest = (bytes: number): string => `${bytes} more`;

describe("message document", () => {
  it("point 15: shows the head of what is large, cut between characters, and how large it is", () => {
    const large = utf8(`a${"é".repeat(MAX_SHOWN_BYTES)}`);
    const shown = JSON.parse(messageText("orders", message(large))) as Record<string, unknown>;
    assert.equal(shown["valueBytes"], large.length);
    assert.equal(shown["valueHead"], `a${"é".repeat((MAX_SHOWN_BYTES - 2) / 2)}`);
    assert.equal("value" in shown, false);
    const raw = valueText(message(large), rest);
    assert.ok(raw.endsWith(`é\n\n${large.length - MAX_SHOWN_BYTES + 1} more\n`), raw.slice(-50));
    const binary = new Uint8Array(MAX_SHOWN_BYTES + 1).fill(0xff);
    assert.match(messageText("orders", message(binary)), /"valueHeadBase64": "\/\/\//);
    const whole = utf8("x".repeat(MAX_SHOWN_BYTES));
    assert.ok(messageText("orders", message(whole)).includes(`"value": "xxx`));
  });

  it("embeds the source text of a JSON value", () => {
    const value = utf8('{"n":9007199254740993,"a":1,"a":2}');
    assert.equal(
      messageText("orders", message(value)),
      [
        "{",
        '  "topic": "orders",',
        '  "partition": 2,',
        '  "offset": 17,',
        '  "timestamp": "2023-11-14T22:13:20.123Z",',
        '  "key": null,',
        '  "headers": [],',
        '  "value": {',
        '    "n": 9007199254740993,',
        '    "a": 1,',
        '    "a": 2',
        "  }",
        "}",
        "",
      ].join("\n"),
    );
  });

  const lastLine = (value: Uint8Array | null) =>
    messageText("t", message(value)).split("\n").at(-3)?.trim();

  it("tells a tombstone, an empty value, and the text null apart", () => {
    assert.equal(lastLine(null), '"value": null');
    assert.equal(lastLine(utf8("")), '"value": ""');
    assert.equal(lastLine(utf8("null")), '"value": "null"');
  });

  it("shows text as a string and other bytes as base64", () => {
    assert.equal(lastLine(utf8('say "hi"\n')), '"value": "say \\"hi\\"\\n"');
    assert.equal(lastLine(Uint8Array.of(0xff, 0)), '"valueBase64": "/wA="');
  });

  it("keeps headers in their order, repeated and binary ones too", () => {
    const headers = [
      { key: "a", value: utf8("1") },
      { key: "a", value: null },
      { key: "b", value: Uint8Array.of(0xff) },
    ];
    assert.deepEqual(JSON.parse(messageText("t", message(null, { headers }))).headers, [
      ["a", "1"],
      ["a", null],
      ["b", { base64: "/w==" }],
    ]);
  });

  it("shows a key such as 42 as the text that it is", () => {
    const text = messageText("t", message(null, { key: field(utf8("42")) }));
    assert.ok(text.includes('"key": "42"'));
  });

  it("gives a value as its exact text, or as hexadecimal", () => {
    assert.equal(valueText(message(utf8('{"a":1,"a":2}')), rest), '{"a":1,"a":2}');
    assert.equal(valueText(message(null), rest), "");
    assert.ok(valueText(message(Uint8Array.of(0xff, 0x41)), rest).startsWith("00000000  ff 41 "));
  });
});

describe("hexadecimal listing", () => {
  it("has offset, bytes and printable characters", () => {
    assert.equal(
      hexText(utf8("Hello, hex viewer\n")),
      [
        "00000000  48 65 6c 6c 6f 2c 20 68  65 78 20 76 69 65 77 65  |Hello, hex viewe|",
        "00000010  72 0a                                             |r.|",
        "",
      ].join("\n"),
    );
  });

  it("says how much it leaves out", () => {
    assert.ok(hexText(new Uint8Array(1024 * 1024 + 5)).endsWith("... 5 more bytes\n"));
  });
});

describe("message document path", () => {
  it("comes back as the same address in every form", () => {
    for (const form of ["message", "value", "hex"] as const) {
      const address = { topic: "a.b_c-1", partition: 3, offset: 2 ** 53 - 1, form };
      assert.deepEqual(parseMessagePath(messagePath(address)), address);
    }
  });

  it("takes a path without a title for the whole message", () => {
    const address = { topic: "orders", partition: 0, offset: 5, form: "message" };
    assert.deepEqual(parseMessagePath("/orders/0/5"), address);
  });

  it("refuses what names no message", () => {
    for (const path of [
      "/",
      "/a",
      "/a/0",
      "/a/x/1",
      "/a/0/-1",
      "/a b/0/1",
      "/a/0/9007199254740993",
    ]) {
      assert.equal(parseMessagePath(path), undefined, path);
    }
  });
});

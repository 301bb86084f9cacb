import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MalformedBytes } from "../../../runtime/api/bytes.ts";
import { decodeFrame, encodeFrame } from "../../../runtime/api/frame-codec.ts";
import type { Message, NewMessage } from "../../../runtime/api/model.ts";
import { decodeNewMessages, encodeNewMessages } from "../../../runtime/api/new-messages.ts";
import { decodePage, encodePage } from "../../../runtime/api/page.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
const field = (...values: number[]) => ({ bytes: bytes(...values), sizeBytes: values.length });

const message: Message = {
  partition: 3,
  offset: 2 ** 53 - 1,
  timestampMs: 1_700_000_000_123,
  timestampType: "create",
  key: field(1, 2),
  value: { bytes: bytes(9, 8, 7), sizeBytes: 20_000_000 },
  headers: [
    { key: "a", value: bytes(0, 255) },
    { key: "a", value: null },
    { key: "é", value: bytes() },
  ],
};
const bare: Message = {
  ...message,
  partition: 0,
  offset: 0,
  timestampMs: -1,
  timestampType: "append",
  key: null,
  value: null,
  headers: [],
};

const newMessages: readonly NewMessage[] = [
  { key: null, value: null, headers: [], partition: undefined, timestampMs: undefined },
  { key: bytes(), value: bytes(), headers: message.headers, partition: 0, timestampMs: 0 },
  { key: bytes(1), value: bytes(2), headers: [], partition: 7, timestampMs: undefined },
];

/** Deterministic noise (mulberry32), so that a failure can be repeated from its seed. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Damages `good` in seeded ways; each result must decode or be refused as malformed. */
function survivesDamage(good: Uint8Array, decode: (bytes: Uint8Array) => unknown): void {
  const attempt = (damaged: Uint8Array, what: string) => {
    try {
      decode(damaged);
    } catch (error) {
      assert.ok(error instanceof MalformedBytes, `${what}: ${String(error)}`);
    }
  };
  for (let cut = 0; cut < good.length; cut++) attempt(good.slice(0, cut), `cut at ${cut}`);
  for (let seed = 1; seed <= 2_000; seed++) {
    const next = noise(seed);
    const damaged = good.slice();
    for (let hits = (next() % 8) + 1; hits > 0; hits--) {
      damaged[next() % damaged.length] = next() % 3 === 0 ? 0xff : next() & 0xff;
    }
    attempt(damaged, `seed ${seed}`);
    attempt(
      Uint8Array.from({ length: next() % 64 }, () => next()),
      `noise of seed ${seed}`,
    );
  }
}

describe("page encoding", () => {
  it("keeps every message as it is", () => {
    const messages = [message, bare, { ...bare, key: field(), value: field() }];
    assert.deepEqual(decodePage(encodePage(messages)), messages);
    assert.deepEqual(decodePage(encodePage([])), []);
  });

  it("refuses what is cut, damaged or left over", () => {
    const page = encodePage([message]);
    assert.throws(() => decodePage(page.slice(0, -1)), MalformedBytes);
    assert.throws(() => decodePage(Uint8Array.from([...page, 0])), MalformedBytes);
    assert.throws(() => decodePage(Uint8Array.from([2, ...page.slice(1)])), MalformedBytes);
    survivesDamage(encodePage([message, bare]), decodePage);
  });

  it("reads a page inside a larger buffer", () => {
    const page = encodePage([message]);
    const larger = new Uint8Array(page.length + 7);
    larger.set(page, 5);
    assert.deepEqual(decodePage(larger.subarray(5, 5 + page.length)), [message]);
  });
});

describe("new message encoding", () => {
  it("keeps every message as it is", () => {
    assert.deepEqual(decodeNewMessages(encodeNewMessages(newMessages)), newMessages);
  });

  it("refuses what is cut, damaged or left over", () => {
    const encoded = encodeNewMessages(newMessages);
    assert.throws(() => decodeNewMessages(encoded.slice(0, -1)), MalformedBytes);
    survivesDamage(encoded, decodeNewMessages);
  });
});

describe("frame codec", () => {
  it("keeps bytes wherever they are and uses text where there are none", () => {
    const withBytes = { a: [bytes(1, 2), { b: bytes(), c: null }], d: "x", e: bytes(3) };
    const frame = encodeFrame(withBytes);
    assert.ok(typeof frame !== "string");
    assert.deepEqual(decodeFrame(frame), withBytes);
    const text = { a: 1, b: { $bytes: 3 }, c: ["ü"] };
    assert.equal(typeof encodeFrame(text), "string");
    assert.deepEqual(decodeFrame(encodeFrame(text)), text);
  });

  it("treats a Buffer as bytes", () => {
    assert.deepEqual(decodeFrame(encodeFrame({ a: Buffer.from("hi") })), { a: bytes(104, 105) });
  });

  it("refuses what it could not read back", () => {
    assert.throws(() => encodeFrame({ a: bytes(1), b: { $bytes: 1 } }), MalformedBytes);
    let deep: unknown = 1;
    for (let depth = 0; depth < 40; depth++) deep = { deep };
    assert.throws(() => encodeFrame(deep), MalformedBytes);
  });

  it("survives damage", () => {
    const frame = encodeFrame({ a: [bytes(1, 2), { b: bytes(4) }], d: "x" });
    assert.ok(typeof frame !== "string");
    survivesDamage(frame, decodeFrame);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { ReadRequest } from "../../../media/grid/reader.ts";
import { LatestSource } from "../../../media/grid/sources.ts";
import { utf8 } from "../../../runtime/api/bytes.ts";
import type { Message } from "../../../runtime/api/model.ts";
import { encodePage } from "../../../runtime/api/page.ts";
import type { LatestParams } from "../../../runtime/api/survey.ts";

function message(offset: number, key: string): Message {
  const bytes = utf8(key);
  return {
    ...{ partition: 0, offset, timestampMs: offset, timestampType: "create", headers: [] },
    key: { bytes, sizeBytes: bytes.length },
    value: null,
  };
}

const FIRST: ReadRequest = { from: { kind: "earliest" }, limit: 100, waitMs: 0 };
/** What the lab gives from the end back: a later step can give a key again. */
const STEPS = [
  [message(9, "a"), message(8, "b")],
  [message(5, "c"), message(4, "a")],
  [message(1, "b")],
];

function open() {
  const requests: Omit<LatestParams, "topic" | "partition">[] = [];
  const source = new LatestSource(async (request) => {
    requests.push(request);
    const at = request.to?.kind === "cursors" ? (request.to.cursors[0]?.offset ?? 0) : 10;
    const index = STEPS.findIndex((messages) => (messages[0]?.offset ?? 0) < at);
    const messages = STEPS[index] ?? [];
    const offset = messages.at(-1)?.offset ?? 0;
    return {
      ...{ page: encodePage(messages), count: messages.length, withoutKey: 0 },
      ...{ next: [{ partition: 0, offset }], end: [{ partition: 0, offset: 10 }] },
      extents: [{ partition: 0, startOffset: 0, endOffset: 10, sizeBytes: 1 }],
      ...{ scanned: 10, atEnd: index === STEPS.length - 1 },
    };
  });
  return { source, requests };
}

describe("the latest message of each key", () => {
  const { signal } = new AbortController();

  it("is given once, going back from the end, however often its key comes up", async () => {
    const { source, requests } = open();
    const given: number[] = [];
    let request = FIRST;
    for (;;) {
      const page = await source.read(request, signal);
      given.push(...page.messages.map(({ offset }) => offset));
      request = { ...FIRST, from: { kind: "cursors", cursors: page.next } };
      if (page.atEnd) break;
    }
    assert.deepEqual(given, [9, 8, 5]);
    assert.deepEqual(requests[1]?.from, FIRST.from);
    assert.deepEqual(requests[1]?.to, { kind: "cursors", cursors: [{ partition: 0, offset: 8 }] });
  });

  it("is the same when a page is read again, and anew when reading begins anew", async () => {
    const { source } = open();
    const first = await source.read(FIRST, signal);
    const second: ReadRequest = { ...FIRST, from: { kind: "cursors", cursors: first.next } };
    const offsets = async (request: ReadRequest) =>
      (await source.read(request, signal)).messages.map(({ offset }) => offset);
    assert.deepEqual(await offsets(second), [5]);
    assert.deepEqual(await offsets(second), [5]);
    assert.deepEqual(await offsets(FIRST), [9, 8]);
  });
});

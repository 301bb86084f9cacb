import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import type { Message, MessageFilter } from "../../../runtime/api/model.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { WHOLE } from "../../../runtime/messages/message.ts";
import { type Page, readMessages } from "../../../runtime/messages/read.ts";
import {
  MAX_SEARCH_MS,
  searchMessages,
  type SearchRequest,
} from "../../../runtime/messages/search.ts";
import { inlineScanner } from "../../support/inline-scanner.ts";
import { MemoryCluster } from "../../support/memory-cluster.ts";

const ALL: MessageFilter = { kind: "sql", expression: "true" };
const text = (what: string): MessageFilter => ({
  ...{ kind: "text", text: what },
  ...{ part: "anywhere", matchCase: true },
});

/** Lets everything happen that needs no time. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("searching messages", () => {
  let clock: FakeClock;
  let cluster: MemoryCluster;
  let abort: AbortController;
  let chunks = 0;
  /** What a scan of one chunk takes. */
  let scanMs = 0;
  beforeEach(() => {
    clock = new FakeClock();
    cluster = new MemoryCluster(clock);
    abort = new AbortController();
    chunks = 0;
    scanMs = 0;
  });

  const scanner = () =>
    inlineScanner(() => {
      chunks += 1;
      clock.advance(scanMs);
    });

  const search = (request: Partial<SearchRequest> = {}) =>
    searchMessages(
      { cluster, clock, scanner: scanner() },
      {
        ...{ topic: "t", partition: undefined, from: { kind: "earliest" } },
        ...{ filter: ALL, limit: 1_000, waitMs: 0, field: WHOLE },
        ...request,
      },
      abort.signal,
    );

  async function page(request: Partial<SearchRequest> = {}): Promise<Page> {
    const result = await search(request);
    assert.ok(result.kind === "page", JSON.stringify(result));
    return result;
  }

  /** All pages to the end, and what was looked at for them. */
  async function all(request: Partial<SearchRequest> = {}) {
    const messages: Message[] = [];
    let { from } = { from: { kind: "earliest" } as SearchRequest["from"], ...request };
    for (let scanned = 0, pages = 1; ; pages++) {
      const result = await page({ ...request, from });
      messages.push(...result.messages);
      scanned += result.scanned;
      from = { kind: "cursors", cursors: result.next };
      if (result.atEnd) return { messages, scanned, pages };
      assert.ok(pages < 1_000, "it comes to no end");
    }
  }

  const places = (messages: readonly Message[]) =>
    messages.map(({ partition, offset }) => `${partition}/${offset}`);

  async function fails(code: string, message: RegExp, request: Partial<SearchRequest> = {}) {
    const result = await search(request);
    assert.ok(result.kind === "failed", JSON.stringify(result));
    assert.equal(result.code, code);
    assert.match(result.message, message);
  }

  /** Three partitions, some of it compressed, with times that rise unless `jumbled`. */
  function fillAtRandom(start: number, jumbled = false): void {
    let seed = start;
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    cluster.add("t", 3);
    for (let batch = 0; batch < 40; batch++) {
      const records = Array.from({ length: 1 + next(9) }, (_, index) => ({
        timestampMs: batch * 10 + (jumbled ? next(300) : index),
        key: Buffer.from(`k${next(5)}`),
        value: Buffer.from(`{"n":${next(10)}}`),
      }));
      cluster.put("t", next(3), records, { codec: next(2) === 0 ? "gzip" : "none" });
    }
  }

  it("wants messages of some times, in whatever order they lie, with a filter and without", async () => {
    cluster.add("t", 1);
    cluster.put("t", 0, [{ timestampMs: 10 }, { timestampMs: 15 }]);
    for (const timestampMs of [50, 20, 40, 30, 60]) cluster.put("t", 0, [{ timestampMs }]);
    const times = { fromMs: 20, toMs: 50 };
    for (const filter of [undefined, ALL]) {
      const { messages, scanned, atEnd } = await page({ filter, times });
      assert.deepEqual(
        messages.map((message) => message.timestampMs),
        [20, 40, 30],
      );
      assert.equal(scanned, 7);
      assert.ok(atEnd);
    }
  });

  it("wants everything in the order of a read when the filter does", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      fillAtRandom(seed);
      const giveWay = () => Promise.resolve();
      const read = await readMessages(
        { cluster, clock, giveWay },
        {
          ...{ topic: "t", partition: undefined, from: { kind: "earliest" } },
          ...{ limit: 1_000, waitMs: 0, field: WHOLE },
        },
        abort.signal,
      );
      assert.ok(read.kind === "page");
      const { messages, scanned } = await all();
      assert.deepEqual(places(messages), places(read.messages));
      const bytes = (found: readonly Message[]) =>
        found.map(({ key, value }) => [key, value].map((field) => field && [...field.bytes]));
      assert.deepEqual(bytes(messages), bytes(read.messages));
      assert.equal(scanned, read.messages.length);
    }
  });

  it("finds what a look at every message finds, in pages of any size", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      fillAtRandom(seed, seed % 2 === 0);
      const everything = await all();
      const expected = everything.messages.filter(({ value }) =>
        Buffer.from(value?.bytes ?? []).includes('"n":7'),
      );
      for (const limit of [1, 3, 1_000]) {
        const { messages, scanned } = await all({ filter: text('"n":7'), limit });
        assert.equal(scanned, everything.messages.length, `seed ${seed}, limit ${limit}`);
        const byPartition = (found: readonly Message[]) =>
          places(found).sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
        assert.deepEqual(byPartition(messages), byPartition(expected), `seed ${seed}`);
        if (seed % 2 === 1) assert.deepEqual(places(messages), places(expected));
      }
      const sql = await all({ filter: { kind: "sql", expression: "n = 7 and key like 'k%'" } });
      assert.equal(sql.messages.length, expected.length);
    }
  });

  it("says how far it has come when time is up, and goes on there", async () => {
    cluster.add("t", 1);
    const big = Buffer.alloc(600_000, "x");
    for (let batch = 0; batch < 12; batch++) cluster.put("t", 0, [{ value: big }]);
    cluster.put("t", 0, [{ value: Buffer.from("needle") }]);
    scanMs = MAX_SEARCH_MS / 4;
    const first = await page({ filter: text("needle") });
    assert.deepEqual([first.messages.length, first.atEnd, chunks], [0, false, 4]);
    assert.equal(first.scanned, first.next[0]?.offset);
    const { messages, pages } = await all({
      filter: text("needle"),
      from: { kind: "cursors", cursors: first.next },
    });
    assert.deepEqual(places(messages), ["0/12"]);
    assert.ok(pages > 1);
  });

  it("says what a search without a hit has looked at", async () => {
    cluster.add("t", 2);
    cluster.put("t", 0, [{ timestampMs: 1 }, { timestampMs: 2 }]);
    cluster.put("t", 1, [{ timestampMs: 3 }]);
    const { messages, scanned, next, atEnd } = await page({ filter: text("nothing") });
    assert.deepEqual([messages.length, scanned, atEnd], [0, 3, true]);
    assert.deepEqual(
      next.map(({ offset }) => offset),
      [2, 1],
    );
  });

  it("gives what lies before a damaged batch, then names the batch and the way on", async () => {
    cluster.add("t", 1);
    cluster.put("t", 0, [{ value: Buffer.from("needle") }, {}]);
    cluster.put("t", 0, [{}, {}, {}]);
    cluster.put("t", 0, [{ value: Buffer.from("needle") }]);
    // A record that claims to be longer than its batch.
    cluster.partition("t", 0).batches[1]?.writeUInt8(0xfe, 61);
    const first = await page({ filter: text("needle"), limit: 1 });
    assert.deepEqual(places(first.messages), ["0/0"]);
    const rest = { filter: ALL, from: { kind: "cursors", cursors: first.next } } as const;
    const second = await page(rest);
    assert.deepEqual(places(second.messages), ["0/1"]);
    await fails("data-format", /at offset 2 of partition 0 of t .*at offset 5\.$/, {
      ...{ filter: ALL, from: { kind: "cursors", cursors: second.next } },
    });
    const behind = await page({ partition: 0, from: { kind: "offset", offset: 5 } });
    assert.deepEqual(places(behind.messages), ["0/5"]);
  });

  it("refuses a filter that makes no sense, and topics and offsets that are not there", async () => {
    cluster.add("t", 1);
    cluster.put("t", 0, [{}]);
    const filter = { kind: "sql", expression: "n = = 1" } as const;
    await fails("bad-request", /filter: Expected an expression, but found =/, { filter });
    await fails("unknown-topic", /no topic u/, { topic: "u" });
    await fails("offset-out-of-range", /holds the offsets 0 to 0/, {
      ...{ partition: 0, from: { kind: "offset", offset: 9 } },
    });
  });

  it("waits at the end for a message that is wanted", async () => {
    cluster.add("t", 1);
    const waiting = page({ filter: text("needle"), from: { kind: "latest" }, waitMs: 1_000 });
    await settle();
    cluster.put("t", 0, [{ value: Buffer.from("hay") }]);
    await settle();
    cluster.put("t", 0, [{ value: Buffer.from("needle") }]);
    const { messages, scanned } = await waiting;
    assert.deepEqual([places(messages), scanned], [["0/1"], 2]);
  });

  it("ends at once when it is cancelled", async () => {
    cluster.add("t", 1);
    for (let batch = 0; batch < 10; batch++) {
      cluster.put("t", 0, [{ value: Buffer.alloc(900_000) }]);
    }
    abort.abort();
    await fails("cancelled", /cancelled/, { filter: text("nothing") });
    assert.equal(chunks, 1);
  });
});

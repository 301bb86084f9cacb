import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { getMessage } from "../../../runtime/messages/get.ts";
import { WHOLE } from "../../../runtime/messages/message.ts";
import { type Page, readMessages, type ReadRequest } from "../../../runtime/messages/read.ts";
import { MemoryCluster } from "../../support/memory-cluster.ts";

const CONTROL_ATTRIBUTES = 0x30;

describe("reading messages", () => {
  let clock: FakeClock;
  let cluster: MemoryCluster;
  let yields = 0;
  let abort: AbortController;
  beforeEach(() => {
    clock = new FakeClock();
    cluster = new MemoryCluster(clock);
    cluster.add("t", 1);
    yields = 0;
    abort = new AbortController();
  });

  const read = (request: Partial<ReadRequest> = {}) => {
    const giveWay = () => {
      yields += 1;
      return Promise.resolve();
    };
    return readMessages(
      { cluster, clock, giveWay },
      {
        topic: "t",
        partition: undefined,
        from: { kind: "earliest" },
        limit: 1_000,
        waitMs: 0,
        field: WHOLE,
        ...request,
      },
      abort.signal,
    );
  };
  const page = async (request: Partial<ReadRequest> = {}): Promise<Page> => {
    const result = await read(request);
    assert.ok(result.kind === "page", JSON.stringify(result));
    return result;
  };
  const fails = async (code: string, message: RegExp, request: Partial<ReadRequest> = {}) => {
    const result = await read(request);
    assert.ok(result.kind === "failed");
    assert.equal(result.code, code);
    assert.match(result.message, message);
  };
  const places = ({ messages }: Page) => messages.map((m) => `${m.partition}/${m.offset}`);
  const many = (count: number, startMs = 0) =>
    Array.from({ length: count }, (_, index) => ({ timestampMs: startMs + index }));

  it("pages through everything once, in order, across batches", async () => {
    for (let batch = 0; batch < 5; batch++) cluster.put("t", 0, many(7, batch * 7));
    const seen: number[] = [];
    let from: ReadRequest["from"] = { kind: "earliest" };
    for (let pages = 1; ; pages++) {
      const { messages, next, atEnd, scanned, extents } = await page({ from, limit: 10 });
      assert.equal(scanned, messages.length);
      assert.equal(extents[0]?.endOffset, 35);
      seen.push(...messages.map((message) => message.offset));
      assert.equal(atEnd, pages === 4);
      if (atEnd) break;
      from = { kind: "cursors", cursors: next };
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 35 }, (_, index) => index),
    );
  });

  it("begins exactly at an offset inside a batch, whatever the codec", async () => {
    for (const codec of ["none", "gzip"] as const) cluster.put("t", 0, many(10), { codec });
    for (const offset of [0, 3, 9, 10, 15, 19]) {
      const { messages } = await page({ partition: 0, from: { kind: "offset", offset }, limit: 2 });
      assert.equal(messages[0]?.offset, offset);
    }
  });

  it("answers an offset outside a single partition with its range", async () => {
    await fails("offset-out-of-range", /is empty; its next offset will be 0/, {
      partition: 0,
      from: { kind: "offset", offset: 1 },
    });
    cluster.put("t", 0, many(5));
    cluster.partition("t", 0).startOffset = 2;
    for (const offset of [1, 6]) {
      await fails("offset-out-of-range", /holds the offsets 2 to 4/, {
        partition: 0,
        from: { kind: "offset", offset },
      });
    }
    const end = await page({ partition: 0, from: { kind: "offset", offset: 5 } });
    assert.deepEqual([end.messages.length, end.atEnd], [0, true]);
  });

  it("moves an offset into each partition's range when all are read", async () => {
    cluster.add("t", 3);
    cluster.put("t", 0, many(5));
    cluster.put("t", 1, many(5));
    cluster.partition("t", 1).startOffset = 4;
    cluster.put("t", 2, many(1));
    const { messages } = await page({ from: { kind: "offset", offset: 3 } });
    assert.deepEqual(messages.map((m) => `${m.partition}/${m.offset}`).sort(), [
      "0/3",
      "0/4",
      "1/4",
    ]);
  });

  it("begins at times, at the newest, and at the end", async () => {
    cluster.put("t", 0, many(10, 100));
    const first = async (from: ReadRequest["from"]) => (await page({ from })).messages[0]?.offset;
    assert.equal(await first({ kind: "time", timestampMs: 104 }), 4);
    assert.equal(await first({ kind: "time", timestampMs: 0 }), 0);
    assert.equal(await first({ kind: "time", timestampMs: 110 }), undefined);
    assert.equal(await first({ kind: "last", count: 3 }), 7);
    assert.equal(await first({ kind: "last", count: 99 }), 0);
    assert.equal(await first({ kind: "last", count: 0 }), undefined);
    const latest = await page({ from: { kind: "latest" } });
    assert.deepEqual(latest.next, [{ partition: 0, offset: 10 }]);
    assert.equal(latest.atEnd, true);
  });

  it("merges partitions by time and keeps the order of each", async () => {
    cluster.add("t", 3);
    cluster.put("t", 0, [{ timestampMs: 1 }, { timestampMs: 9 }, { timestampMs: 2 }]);
    cluster.put("t", 1, [{ timestampMs: 3 }, { timestampMs: 9 }]);
    cluster.put("t", 2, [{ timestampMs: -1 }]);
    const whole = await page();
    assert.deepEqual(places(whole), ["2/0", "0/0", "1/0", "0/1", "0/2", "1/1"]);
    const head = await page({ limit: 3 });
    const rest = await page({ from: { kind: "cursors", cursors: head.next } });
    assert.deepEqual([...places(head), ...places(rest)], places(whole));
  });

  it("steps over control batches and holes, and knows the end behind them", async () => {
    const marker = () => {
      const cluster2 = new MemoryCluster(clock);
      cluster2.add("x", 1);
      cluster2.put("x", 0, many(1));
      const batch = cluster2.partition("x", 0).batches[0] ?? Buffer.alloc(0);
      batch.writeInt16BE(CONTROL_ATTRIBUTES, 21);
      return batch;
    };
    cluster.putBatch("t", 0, marker());
    cluster.put("t", 0, many(2));
    cluster.putBatch("t", 0, marker());
    const { messages, atEnd, next } = await page({ limit: 2 });
    assert.deepEqual(
      messages.map((message) => message.offset),
      [1, 2],
    );
    assert.equal(atEnd, true);
    assert.equal(next[0]?.offset, 4);
    cluster.partition("t", 0).batches.splice(1, 1);
    const hole = await page({ from: { kind: "offset", offset: 1 } });
    assert.deepEqual([hole.messages.length, hole.atEnd], [0, true]);
  });

  it("takes cursors below the start up to it and refuses those beyond the end", async () => {
    cluster.put("t", 0, many(5));
    cluster.partition("t", 0).startOffset = 3;
    const cursors = (offset: number) => ({
      from: { kind: "cursors", cursors: [{ partition: 0, offset }] } as const,
    });
    assert.equal((await page(cursors(0))).messages[0]?.offset, 3);
    await fails("offset-out-of-range", /Offset 6 is not in/, cursors(6));
  });

  it("names what is not there", async () => {
    await fails("unknown-topic", /no topic nope/, { topic: "nope" });
    await fails("unknown-partition", /has no partition 1; it has only partition 0/, {
      partition: 1,
    });
  });

  it("gives what lies before a damaged batch, then names its place, and can go on behind it", async () => {
    cluster.put("t", 0, many(2));
    cluster.put("t", 0, [{ value: Buffer.from("abc") }, {}]);
    cluster.put("t", 0, many(1));
    const damaged = cluster.partition("t", 0).batches[1];
    damaged?.fill(0xff, 61);
    const before = await page();
    assert.deepEqual(places(before), ["0/0", "0/1"]);
    assert.equal(before.atEnd, false);
    const from = { kind: "cursors", cursors: before.next } as const;
    await fails("data-format", /offset 2 of partition 0 of t .* at offset 4/, { from });
    const behind = await page({ partition: 0, from: { kind: "offset", offset: 4 } });
    assert.deepEqual(places(behind), ["0/4"]);
  });

  it("waits for a first message, until the time is up, the topic goes, or the asker does", async () => {
    const waiting = page({ from: { kind: "latest" }, waitMs: 1_000 });
    await settle();
    cluster.put("t", 0, many(1));
    assert.deepEqual(places(await waiting), ["0/0"]);

    const idle = page({ from: { kind: "latest" }, waitMs: 1_000 });
    await settle();
    const reads = cluster.reads;
    clock.advance(999);
    await settle();
    assert.equal(cluster.reads, reads);
    clock.advance(1);
    assert.equal((await idle).messages.length, 0);

    const cancelled = read({ from: { kind: "latest" }, waitMs: 1_000 });
    await settle();
    abort.abort();
    assert.equal((await cancelled).kind, "failed");

    abort = new AbortController();
    const orphan = fails("unknown-topic", /no topic/, { from: { kind: "latest" }, waitMs: 1_000 });
    await settle();
    await cluster.deleteTopic("t");
    await orphan;
  });

  it("gives way to other work and ends a page that grows too large", async () => {
    const value = Buffer.alloc(1_000_000);
    for (let batch = 0; batch < 12; batch++) cluster.put("t", 0, [{ value }]);
    const { messages, atEnd } = await page();
    assert.ok(messages.length >= 8 && messages.length < 12);
    assert.equal(atEnd, false);
    assert.ok(yields >= 8);
  });

  it("cuts fields and gets one message whole", async () => {
    const value = Buffer.from("0123456789");
    cluster.put("t", 0, [{ key: Buffer.alloc(0), value }, { value: null }]);
    const { messages } = await page({ field: { keyBytes: 4, valueBytes: 4 } });
    assert.deepEqual(messages[0]?.key, { bytes: Buffer.alloc(0), sizeBytes: 0 });
    assert.deepEqual(messages[0]?.value, { bytes: Buffer.from("0123"), sizeBytes: 10 });
    assert.equal(messages[1]?.value, null);
    const whole = await getMessage(cluster, "t", 0, 0);
    assert.ok(whole.kind === "message");
    assert.deepEqual(whole.message.value?.bytes, value);
    const beyond = await getMessage(cluster, "t", 0, 2);
    assert.ok(beyond.kind === "failed" && beyond.code === "offset-out-of-range");
  });
});

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

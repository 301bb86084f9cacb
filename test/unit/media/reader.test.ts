import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { ReadResult } from "../../../runtime/api/lab.ts";
import { encodePage, decodePage } from "../../../runtime/api/page.ts";
import type { Message } from "../../../runtime/api/model.ts";
import { Reader, type ReadRequest } from "../../../media/grid/reader.ts";

/** A partition that answers reads from memory, and lets a test see and hold them. */
class FakePartition {
  readonly requests: ReadRequest[] = [];
  end: number;
  failure: string | undefined;
  #arrivals: (() => void)[] = [];

  constructor(end: number) {
    this.end = end;
  }

  arrive(count: number): void {
    this.end += count;
    for (const wake of this.#arrivals.splice(0)) wake();
  }

  async read(request: ReadRequest, signal: AbortSignal): Promise<ReadResult> {
    this.requests.push(request);
    if (this.failure !== undefined) throw new Error(this.failure);
    const start = this.#startOf(request);
    if (request.waitMs > 0 && start >= this.end) {
      await new Promise<void>((resolve, reject) => {
        this.#arrivals.push(resolve);
        signal.addEventListener("abort", () => reject(new Error("cancelled")), { once: true });
      });
    }
    const count = Math.max(0, Math.min(request.limit, this.end - start));
    const page = encodePage(Array.from({ length: count }, (_, index) => message(start + index)));
    return {
      page,
      count,
      next: [{ partition: 0, offset: start + count }],
      extents: [{ partition: 0, startOffset: 0, endOffset: this.end, sizeBytes: 0 }],
      scanned: count,
      atEnd: start + count >= this.end,
    };
  }

  #startOf({ from }: ReadRequest): number {
    switch (from.kind) {
      case "cursors":
        return from.cursors[0]?.offset ?? 0;
      case "last":
        return Math.max(0, this.end - from.count);
      case "offset":
        return from.offset;
      case "earliest":
        return 0;
      case "latest":
      case "time":
        return this.end;
    }
  }
}

function message(offset: number): Message {
  return {
    partition: 0,
    offset,
    timestampMs: offset,
    timestampType: "create",
    key: null,
    value: null,
    headers: [],
  };
}

function open(partition: FakePartition) {
  const waiting: { ready: () => boolean; resolve: () => void }[] = [];
  const reader: Reader = new Reader({
    read: (request, signal) => partition.read(request, signal),
    decode: decodePage,
    drawn: () => Promise.resolve(),
    changed: () => {
      for (const one of waiting.filter(({ ready }) => ready())) one.resolve();
    },
  });
  const until = (ready: () => boolean) =>
    ready() ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ ready, resolve }));
  return { reader, until };
}

describe("grid reader", () => {
  it("reads a small page first and more on demand, to the end", async () => {
    const partition = new FakePartition(1_500);
    const { reader, until } = open(partition);
    reader.start({ kind: "earliest" }, false);
    await until(() => !reader.loading);
    assert.equal(reader.store.endRow, 200);
    assert.equal(reader.total, 1_500);
    reader.more();
    await until(() => !reader.loading);
    reader.more();
    await until(() => !reader.loading);
    assert.equal(reader.store.endRow, 1_500);
    assert.ok(reader.atEnd);
    reader.more();
    assert.equal(partition.requests.length, 3);
  });

  it("reads the last N whole, and selects nothing before them", async () => {
    const { reader, until } = open(new FakePartition(5_000));
    reader.start({ kind: "last", count: 1_500 }, false);
    await until(() => !reader.loading);
    assert.equal(reader.store.endRow, 1_500);
    assert.equal(reader.store.at(0)?.offset, 3_500);
  });

  it("follows the end while live, and shows nothing twice", async () => {
    const partition = new FakePartition(3);
    const { reader, until } = open(partition);
    reader.start({ kind: "earliest" }, true);
    await until(() => reader.store.endRow === 3);
    partition.arrive(2);
    await until(() => reader.store.endRow === 5);
    const offsets = Array.from({ length: 5 }, (_, row) => reader.store.at(row)?.offset);
    assert.deepEqual(offsets, [0, 1, 2, 3, 4]);
    reader.stop();
  });

  it("keeps its place while paused, counts what it misses, and catches up", async () => {
    const partition = new FakePartition(3);
    const { reader, until } = open(partition);
    reader.start({ kind: "earliest" }, true);
    await until(() => reader.store.endRow === 3);
    reader.pause();
    assert.equal(reader.live, "paused");
    partition.arrive(4);
    reader.setExtents([{ partition: 0, startOffset: 0, endOffset: 7, sizeBytes: 0 }]);
    assert.equal(reader.behind, 4);
    assert.equal(reader.store.endRow, 3);
    reader.resume();
    await until(() => reader.store.endRow === 7);
    assert.equal(reader.behind, 0);
    reader.stop();
  });

  it("does not count what retention has removed as missed", async () => {
    const { reader, until } = open(new FakePartition(3));
    reader.start({ kind: "earliest" }, false);
    await until(() => !reader.loading);
    reader.setExtents([{ partition: 0, startOffset: 10, endOffset: 12, sizeBytes: 0 }]);
    assert.equal(reader.behind, 2);
  });

  it("shows why a read failed, and goes on from there when tried again", async () => {
    const partition = new FakePartition(500);
    const { reader, until } = open(partition);
    reader.start({ kind: "earliest" }, false);
    await until(() => !reader.loading);
    partition.failure = "no such topic";
    reader.more();
    await until(() => reader.error !== undefined);
    assert.deepEqual(reader.error, { message: "no such topic", canRetry: true });
    partition.failure = undefined;
    reader.retry();
    await until(() => reader.store.endRow === 500);
    assert.equal(reader.error, undefined);
  });

  it("drops what another start has made stale", async () => {
    const { reader, until } = open(new FakePartition(500));
    reader.start({ kind: "earliest" }, false);
    reader.start({ kind: "offset", offset: 490 }, false);
    await until(() => !reader.loading);
    assert.equal(reader.store.endRow, 10);
    assert.equal(reader.store.at(0)?.offset, 490);
  });
});

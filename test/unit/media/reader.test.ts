import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { ReadResult } from "../../../runtime/api/lab.ts";
import { encodePage } from "../../../runtime/api/page.ts";
import type { Message } from "../../../runtime/api/model.ts";
import {
  MAX_SEARCH_MS,
  Reader,
  type ReadPlan,
  type ReadRequest,
} from "../../../media/grid/reader.ts";
import { messageSource } from "../../../media/grid/sources.ts";
import { MAX_KEPT_ROWS } from "../../../media/grid/pages.ts";
import type { GridFrom } from "../../../runtime/api/view.ts";

/** Which offsets the filter of these tests wants: a hundred in a million. */
const SPARSE = 10_000;
const FILTER = { kind: "sql", expression: "stands for every 10,000th message" } as const;

function plan(from: GridFrom, more: Partial<ReadPlan> = {}): ReadPlan {
  const all = { live: false, filter: undefined, times: undefined, latest: false };
  return { from, ...all, fieldBytes: undefined, wanted: undefined, ...more };
}

/** A partition that answers reads from memory, and lets a test see and hold them. */
class FakePartition {
  readonly requests: ReadRequest[] = [];
  end: number;
  failure: string | undefined;
  /** Offsets that one page of a search looks at. */
  scanLimit = 25_000;
  /** A millisecond for each page. */
  nowMs = 0;
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
    this.nowMs += 1;
    const { offsets, next } = this.#find(request, start);
    return {
      page: encodePage(offsets.map(message)),
      count: offsets.length,
      next: [{ partition: 0, offset: next }],
      extents: [{ partition: 0, startOffset: 0, endOffset: this.end, sizeBytes: 0 }],
      scanned: next - start,
      atEnd: next >= this.end,
    };
  }

  #find({ filter, limit }: ReadRequest, start: number): { offsets: number[]; next: number } {
    const offsets: number[] = [];
    const end = filter === undefined ? this.end : Math.min(this.end, start + this.scanLimit);
    let next = start;
    for (; next < end && offsets.length < limit; next++) {
      if (filter === undefined || next % SPARSE === SPARSE - 1) offsets.push(next);
    }
    return { offsets, next };
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
    read: (request, signal) =>
      messageSource((params) => partition.read(params, signal)).read(request, signal),
    drawn: () => Promise.resolve(),
    nowMs: () => partition.nowMs,
    changed: () => {
      for (const one of waiting.filter(({ ready }) => ready())) one.resolve();
    },
  });
  const until = (ready: () => boolean) =>
    ready() ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ ready, resolve }));
  return { reader, until };
}

describe("a search in a grid", () => {
  it("point 12: says of how many messages it looked at how many", async () => {
    const { reader, until } = open(new FakePartition(100_000));
    reader.start(plan({ kind: "earliest" }, { filter: FILTER }));
    await until(() => !reader.loading);
    while (!reader.atEnd) {
      reader.more();
      await until(() => !reader.loading);
    }
    assert.equal(reader.store.endRow, 10);
    assert.equal(reader.scanned, 100_000);
    assert.equal(reader.total, 100_000);
  });

  it("point 13: halts when it finds nothing for long, and goes on where it was", async () => {
    const partition = new FakePartition(SPARSE - 1);
    partition.scanLimit = 1;
    const { reader, until } = open(partition);
    reader.start(plan({ kind: "earliest" }, { filter: FILTER }));
    await until(() => reader.halt === "fruitless");
    assert.equal(reader.scanned, MAX_SEARCH_MS);
    assert.equal(reader.behind, SPARSE - 1 - MAX_SEARCH_MS);
    reader.more();
    assert.ok(!reader.loading, "only a person goes on");
    reader.goOn();
    await until(() => reader.atEnd);
    assert.equal(reader.scanned, SPARSE - 1);
  });

  it("point 13: is cancelled at once, also while the lab is busy with it", async () => {
    const partition = new FakePartition(1_000);
    const { reader } = open(partition);
    reader.start(plan({ kind: "earliest" }, { filter: FILTER }));
    assert.ok(reader.loading);
    reader.cancel();
    assert.ok(!reader.loading);
    assert.equal(reader.halt, "stopped");
    reader.goOn();
    assert.equal(reader.halt, undefined);
    reader.stop();
  });

  it("reads a dropped page of what it found again, however long that takes", async () => {
    const partition = new FakePartition(1_000_000);
    partition.scanLimit = 100_000;
    const { reader, until } = open(partition);
    reader.start(plan({ kind: "earliest" }, { filter: FILTER }));
    await until(() => !reader.loading);
    reader.more();
    await until(() => !reader.loading);
    const missing = dropPage(reader, 10);
    assert.deepEqual(missing?.start, [{ partition: 0, offset: 100_000 }]);
    partition.scanLimit = 5_000;
    reader.look(10, 20);
    await until(() => reader.store.at(10) !== undefined);
    assert.equal(reader.store.at(19)?.offset, 199_999);
  });
});

/** Makes a reader drop the page of a row, by reading far away from it. */
function dropPage(reader: Reader, row: number) {
  const filler = Array.from({ length: MAX_KEPT_ROWS }, (_, index) => message(10_000_000 + index));
  reader.store.append({ messages: filler, bytes: 0 }, []);
  reader.store.trim(reader.store.endRow - 1);
  return reader.store.missing(row);
}

describe("grid reader", () => {
  it("reads a small page first and more on demand, to the end", async () => {
    const partition = new FakePartition(1_500);
    const { reader, until } = open(partition);
    reader.start(plan({ kind: "earliest" }));
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
    reader.start(plan({ kind: "last", count: 1_500 }));
    await until(() => !reader.loading);
    assert.equal(reader.store.endRow, 1_500);
    assert.equal(reader.store.at(0)?.offset, 3_500);
  });

  it("follows the end while live, and shows nothing twice", async () => {
    const partition = new FakePartition(3);
    const { reader, until } = open(partition);
    reader.start(plan({ kind: "earliest" }, { live: true }));
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
    reader.start(plan({ kind: "earliest" }, { live: true }));
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
    reader.start(plan({ kind: "earliest" }));
    await until(() => !reader.loading);
    reader.setExtents([{ partition: 0, startOffset: 10, endOffset: 12, sizeBytes: 0 }]);
    assert.equal(reader.behind, 2);
  });

  it("shows why a read failed, and goes on from there when tried again", async () => {
    const partition = new FakePartition(500);
    const { reader, until } = open(partition);
    reader.start(plan({ kind: "earliest" }));
    await until(() => !reader.loading);
    partition.failure = "no such topic";
    reader.more();
    await until(() => reader.error !== undefined);
    assert.deepEqual(reader.error, { message: "no such topic", canRetry: true });
    partition.failure = undefined;
    reader.goOn();
    await until(() => reader.store.endRow === 500);
    assert.equal(reader.error, undefined);
  });

  it("drops what another start has made stale", async () => {
    const { reader, until } = open(new FakePartition(500));
    reader.start(plan({ kind: "earliest" }));
    reader.start(plan({ kind: "offset", offset: 490 }));
    await until(() => !reader.loading);
    assert.equal(reader.store.endRow, 10);
    assert.equal(reader.store.at(0)?.offset, 490);
  });

  it("point 12: lists a million messages and keeps no more than a bounded number of them", async () => {
    const { reader, until } = open(new FakePartition(1_000_000));
    reader.start(plan({ kind: "earliest" }));
    await until(() => !reader.loading);
    let most = 0;
    while (!reader.atEnd) {
      reader.look(reader.store.endRow - 50, reader.store.endRow);
      most = Math.max(most, reader.store.keptRows);
      reader.more();
      await until(() => !reader.loading);
    }
    assert.equal(reader.store.endRow, 1_000_000);
    assert.ok(most <= MAX_KEPT_ROWS, `${most} kept`);
    reader.look(500_000, 500_050);
    await until(() => reader.store.at(500_000) !== undefined);
    assert.equal(reader.store.at(500_049)?.offset, 500_049);
  });

  it("reads on to the message that was selected before a reload, and no further", async () => {
    const { reader, until } = open(new FakePartition(50_000));
    const wanted = { partition: 0, offset: 4_321 };
    reader.start(plan({ kind: "earliest" }, { wanted }));
    await until(() => !reader.loading);
    assert.equal(reader.store.rowOf(0, 4_321), 4_321);
    assert.equal(reader.store.endRow, 5_200);
  });

  it("point 14: counts what was jumped over, so that all counts add up", async () => {
    const partition = new FakePartition(3);
    const { reader, until } = open(partition);
    reader.start(plan({ kind: "earliest" }, { live: true }));
    await until(() => reader.store.endRow === 3);
    reader.pause();
    partition.arrive(50_000);
    reader.setExtents([{ partition: 0, startOffset: 0, endOffset: 50_003, sizeBytes: 0 }]);
    reader.jump();
    await until(() => reader.behind === 0);
    assert.equal(reader.store.endRow, 1_003);
    assert.equal(reader.skipped, 49_000);
    assert.equal(reader.store.endRow + reader.skipped + reader.behind, partition.end);
    reader.stop();
  });

  it("point 14: catches up with all that was missed by choice", async () => {
    const partition = new FakePartition(3);
    const { reader, until } = open(partition);
    reader.start(plan({ kind: "earliest" }, { live: true }));
    await until(() => reader.store.endRow === 3);
    reader.pause();
    partition.arrive(50_000);
    reader.resume();
    await until(() => reader.store.endRow === 50_003);
    assert.equal(reader.skipped, 0);
    reader.stop();
  });
});

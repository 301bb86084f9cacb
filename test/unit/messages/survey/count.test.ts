import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { FakeClock } from "../../../../runtime/core/clock.ts";
import { type CountRequest, countMessages } from "../../../../runtime/messages/survey/count.ts";
import { MAX_STEP_MS } from "../../../../runtime/messages/survey/range.ts";
import { inlineScanner } from "../../../support/inline-scanner.ts";
import { MemoryCluster } from "../../../support/memory-cluster.ts";
import { everything, fillAtRandom, isSeven, SEVENS } from "./fill.ts";

describe("counting messages", () => {
  let clock: FakeClock;
  let cluster: MemoryCluster;
  let abort: AbortController;
  /** What a look at one chunk takes. */
  let scanMs = 0;
  beforeEach(() => {
    clock = new FakeClock();
    cluster = new MemoryCluster(clock);
    abort = new AbortController();
    scanMs = 0;
  });

  const deps = () => ({ cluster, clock, scanner: inlineScanner(() => clock.advance(scanMs)) });
  const step = (request: Partial<CountRequest> = {}) =>
    countMessages(
      deps(),
      {
        ...{ topic: "t", partition: undefined, from: { kind: "earliest" }, to: undefined },
        ...{ filter: undefined, times: undefined, ...request },
      },
      abort.signal,
    );

  /** All steps, and how often `between` came between them. */
  async function count(request: Partial<CountRequest> = {}, between?: () => void) {
    let [found, scanned] = [0, 0];
    for (let steps = 1, range = request; ; steps++) {
      const result = await step(range);
      assert.ok(result.kind === "count", JSON.stringify(result));
      found += result.count;
      scanned += result.scanned;
      if (result.atEnd) return { count: found, scanned, steps };
      assert.ok(steps < 1_000, "it comes to no end");
      between?.();
      const [from, to] = [result.next, result.end];
      range = {
        ...request,
        from: { kind: "cursors", cursors: from },
        to: { kind: "cursors", cursors: to },
      };
    }
  }

  async function fails(code: string, message: RegExp, request: Partial<CountRequest> = {}) {
    const result = await step(request);
    assert.ok(result.kind === "failed", JSON.stringify(result));
    assert.equal(result.code, code);
    assert.match(result.message, message);
  }

  it("counts what a look at every message finds, by range, time and filter", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      fillAtRandom(cluster, seed);
      const all = await everything(deps());
      assert.deepEqual(await count(), { count: all.length, scanned: all.length, steps: 1 });
      assert.equal((await count({ filter: SEVENS })).count, all.filter(isSeven).length);
      const times = { fromMs: 1_200, toMs: 1_350 };
      const inTime = all.filter(
        ({ timestampMs }) => timestampMs >= times.fromMs && timestampMs < times.toMs,
      );
      assert.equal((await count({ times })).count, inTime.length, `seed ${seed}`);
      const sevens = await count({ times, filter: SEVENS });
      assert.deepEqual([sevens.count, sevens.scanned], [inTime.filter(isSeven).length, all.length]);
      const part = await count({
        ...{ partition: 1, from: { kind: "offset", offset: 5 }, to: { kind: "last", count: 7 } },
      });
      const { endOffset } = cluster.partition("t", 1);
      const inside = all.filter(
        ({ partition, offset }) => partition === 1 && offset >= 5 && offset < endOffset - 7,
      );
      assert.equal(part.count, inside.length);
    }
  });

  it("goes in steps, and leaves out what arrives meanwhile", async () => {
    cluster.add("t", 2);
    const put = () => {
      cluster.put("t", 0, [{ value: Buffer.alloc(700_000) }, {}]);
      cluster.put("t", 1, [{ value: Buffer.from('{"n":7}') }]);
    };
    for (let batch = 0; batch < 12; batch++) put();
    scanMs = MAX_STEP_MS / 2;
    const all = await count({}, put);
    assert.deepEqual([all.count, all.scanned], [36, 36]);
    assert.ok(all.steps > 3, String(all.steps));
    const sevens = await count({ filter: SEVENS, partition: 1 }, put);
    assert.equal(sevens.count, 12 + all.steps - 1);
  });

  it("counts a range that ends before it begins as nothing", async () => {
    fillAtRandom(cluster, 1);
    const none = await count({ from: { kind: "latest" }, to: { kind: "earliest" } });
    assert.deepEqual(none, { count: 0, scanned: 0, steps: 1 });
  });

  it("counts what lies before a damaged batch, then names the batch and the way on", async () => {
    cluster.add("t", 1);
    for (let batch = 0; batch < 3; batch++) cluster.put("t", 0, [{ value: Buffer.from("7") }, {}]);
    // A record that claims to be longer than its batch.
    cluster.partition("t", 0).batches[1]?.writeUInt8(0xfe, 61);
    const filter = { kind: "sql", expression: "true" } as const;
    const first = await step({ filter });
    assert.ok(first.kind === "count", JSON.stringify(first));
    assert.deepEqual([first.count, first.next[0]?.offset, first.atEnd], [2, 2, false]);
    const from = { kind: "cursors", cursors: first.next } as const;
    await fails("data-format", /at offset 2 of partition 0 of t .*at offset 4\.$/, {
      filter,
      from,
    });
    const behind = await step({ filter, partition: 0, from: { kind: "offset", offset: 4 } });
    assert.ok(behind.kind === "count" && behind.count === 2 && behind.atEnd);
  });

  it("refuses a filter that makes no sense, and topics and offsets that are not there", async () => {
    cluster.add("t", 1);
    cluster.put("t", 0, [{}]);
    const filter = { kind: "sql", expression: "n = = 1" } as const;
    await fails("bad-request", /filter: Expected an expression, but found =/, { filter });
    await fails("unknown-topic", /no topic u/, { topic: "u" });
    await fails("unknown-partition", /only partition 0/, { partition: 1 });
    const to = { kind: "offset", offset: 9 } as const;
    await fails("offset-out-of-range", /holds the offsets 0 to 0/, { partition: 0, to });
  });

  it("ends at once when it is cancelled", async () => {
    cluster.add("t", 1);
    for (let batch = 0; batch < 10; batch++) {
      cluster.put("t", 0, [{ value: Buffer.alloc(900_000) }]);
    }
    abort.abort();
    await fails("cancelled", /cancelled/);
    assert.ok(cluster.reads <= 1, String(cluster.reads));
  });
});

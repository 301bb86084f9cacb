import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { FakeClock } from "../../../../runtime/core/clock.ts";
import { setLogAppendTime } from "../../../../runtime/record/batch.ts";
import { buildBatch } from "../../../../runtime/record/build.ts";
import {
  divide,
  type Histogram,
  histogram,
  type HistogramRequest,
} from "../../../../runtime/messages/survey/histogram.ts";
import { inlineScanner } from "../../../support/inline-scanner.ts";
import { MemoryCluster } from "../../../support/memory-cluster.ts";
import { everything, fillAtRandom, isSeven, SEVENS } from "./fill.ts";

describe("the volume of messages over time", () => {
  let cluster: MemoryCluster;
  const clock = new FakeClock();
  beforeEach(() => {
    cluster = new MemoryCluster(clock);
  });

  const deps = () => ({ cluster, clock, scanner: inlineScanner() });
  const ask = (request: Partial<HistogramRequest> = {}) =>
    histogram(
      deps(),
      {
        ...{ topic: "t", partition: undefined, from: { kind: "earliest" }, to: undefined },
        ...{ filter: undefined, times: undefined, buckets: 10, by: "topic", exact: false },
        ...{ maxCounts: 1_000, ...request },
      },
      new AbortController().signal,
    );

  async function ready(request: Partial<HistogramRequest> = {}): Promise<Histogram> {
    const result = await ask(request);
    assert.ok(result.kind === "histogram" && result.atEnd, JSON.stringify(result));
    return result;
  }

  const total = ({ series }: Histogram): number =>
    series
      .flatMap(({ counts, earlier, later }) => [...counts, earlier, later])
      .reduce((sum, count) => sum + count, 0);

  it("has in each bucket what a look at every message puts there, with and without a filter", async () => {
    const times = { fromMs: 1_100, toMs: 1_395 };
    for (let seed = 1; seed <= 20; seed++) {
      fillAtRandom(cluster, seed);
      const all = await everything(deps());
      for (const by of ["topic", "partition"] as const) {
        for (const filter of [undefined, SEVENS]) {
          const { series, bucketMs, scanned } = await ready({ times, by, filter, exact: true });
          assert.deepEqual([bucketMs, scanned], [30, all.length]);
          for (const each of series) {
            const own = all.filter(
              (message) =>
                (each.partition ?? message.partition) === message.partition &&
                (filter === undefined || isSeven(message)),
            );
            const between = (from: number, to: number) =>
              own.filter(({ timestampMs: time }) => time >= from && time < to).length;
            const expected = Array.from({ length: 10 }, (_, place) => {
              const fromMs = times.fromMs + place * bucketMs;
              return between(fromMs, Math.min(fromMs + bucketMs, times.toMs));
            });
            assert.deepEqual(each.counts, expected, `seed ${seed}`);
            assert.equal(each.earlier, between(-Infinity, times.fromMs));
            assert.equal(each.later, between(times.toMs, Infinity));
          }
        }
      }
    }
  });

  it("counts by headers without losing one, and puts at most what is older than its batch too late", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      fillAtRandom(cluster, seed);
      const all = await everything(deps());
      const quick = await ready({ buckets: 4 });
      assert.equal(total(quick), all.length);
      assert.ok(quick.byHeader > 0 && quick.byHeader < all.length, String(quick.byHeader));
      const exact = await ready({ buckets: 4, times: quick.times, exact: true });
      assert.equal(total(exact), all.length);
      let [quickSum, exactSum] = [0, 0];
      for (const [place, count] of (exact.series[0]?.counts ?? []).entries()) {
        quickSum += quick.series[0]?.counts[place] ?? 0;
        exactSum += count;
        assert.ok(quickSum <= exactSum + (exact.series[0]?.earlier ?? 0), `seed ${seed}`);
      }
    }
  });

  it("takes the time of the broker where it gave one", async () => {
    cluster.add("t", 1);
    const batch = buildBatch(
      [5, 900].map((timestampMs) => ({ timestampMs, key: null, value: null, headers: [] })),
    );
    setLogAppendTime(batch, 0, 2_000);
    cluster.putBatch("t", 0, batch);
    const { series, byHeader } = await ready({ times: { fromMs: 0, toMs: 3_000 }, exact: true });
    assert.deepEqual(series[0]?.counts, [0, 0, 0, 0, 0, 0, 2, 0, 0, 0]);
    assert.equal(byHeader, 2);
  });

  it("finds out what time the messages are of when it is not told", async () => {
    cluster.add("t", 2);
    cluster.put("t", 1, [{ timestampMs: 1_000 }, { timestampMs: 1_500 }]);
    cluster.put("t", 1, [{ timestampMs: 4_999 }]);
    const { times, bucketMs, series } = await ready({ buckets: 4 });
    assert.deepEqual([times, bucketMs], [{ fromMs: 1_000, toMs: 5_000 }, 1_000]);
    assert.deepEqual(series, [
      { partition: undefined, counts: [2, 0, 0, 1], earlier: 0, later: 0 },
    ]);
    cluster.add("t", 1);
    assert.deepEqual((await ready()).series[0]?.counts, [0]);
    cluster.put("t", 0, [{ timestampMs: -1 }]);
    assert.deepEqual((await ready()).series[0]?.earlier, 1);
  });

  it("divides time into whole milliseconds, at most so many as wanted", () => {
    assert.deepEqual(divide({ fromMs: 0, toMs: 10 }, 100).count, 10);
    assert.deepEqual(divide({ fromMs: 0, toMs: 10 }, 3), {
      ...{ fromMs: 0, toMs: 10, bucketMs: 4, count: 3 },
    });
    assert.deepEqual(divide({ fromMs: 5, toMs: 6 }, 7).count, 1);
  });

  it("refuses more counts than an answer can carry", async () => {
    cluster.add("t", 3);
    cluster.put("t", 0, [{ timestampMs: 1 }, { timestampMs: 1_000_000 }]);
    const result = await ask({ buckets: 400, by: "partition" });
    assert.ok(result.kind === "failed" && result.code === "bad-request");
    assert.match(result.message, /at most 333 for 3 partitions/);
  });
});

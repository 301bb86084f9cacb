import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { HistogramReader, type HistogramRequest } from "../../../media/grid/histogram-reader.ts";
import {
  added,
  brushBetween,
  brushOf,
  countOf,
  type Histogram,
  movedEnd,
  spanOf,
} from "../../../media/grid/histogram-state.ts";
import type { HistogramResult } from "../../../runtime/api/survey.ts";

function step(counts: readonly number[], next: number, atEnd: boolean): HistogramResult {
  return {
    next: [{ partition: 0, offset: next }],
    end: [{ partition: 0, offset: 100 }],
    extents: [{ partition: 0, startOffset: 0, endOffset: 100, sizeBytes: 1 }],
    scanned: counts.reduce((sum, count) => sum + count, 0),
    atEnd,
    times: { fromMs: 1_000, toMs: 1_095 },
    bucketMs: 10,
    series: [{ partition: undefined, counts, earlier: 0, later: 0 }],
    byHeader: 0,
  };
}

const COUNTS = [5, 0, 3, 0, 0, 7, 0, 0, 0, 1];
const HISTOGRAM: Histogram = added(undefined, step(COUNTS, 100, true));

describe("volume over time", () => {
  it("adds up what the steps count", () => {
    const first = added(undefined, step([1, 2], 50, false));
    const second = added(first, step([10, 20], 100, true));
    assert.deepEqual(second.counts, [11, 22]);
    assert.equal(second.scanned, 33);
    assert.ok(!first.isWhole && second.isWhole);
  });

  it("is counted in steps over one stretch of time, which what arrives meanwhile does not change", async () => {
    const requests: HistogramRequest[] = [];
    const answers = [step([1], 50, false), step([2], 100, true)];
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const reader: HistogramReader = new HistogramReader({
      histogram: async (request) => {
        requests.push(request);
        return answers[requests.length - 1] ?? assert.fail("asked after the end");
      },
      changed: () => {
        if (!reader.isCounting) ended();
      },
    });
    reader.start(undefined);
    await end;
    assert.deepEqual(reader.histogram?.counts, [3]);
    assert.deepEqual(requests[1]?.from, { kind: "cursors", cursors: answers[0]?.next });
    assert.deepEqual(requests[1]?.to, { kind: "cursors", cursors: answers[0]?.end });
    assert.deepEqual(requests[1]?.times, answers[0]?.times);
  });

  it("says why it could not be counted", async () => {
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const reader = new HistogramReader({
      histogram: () => Promise.reject(new Error("gone")),
      changed: () => ended(),
    });
    reader.start(undefined);
    await end;
    assert.equal(reader.problem, "gone");
    assert.ok(!reader.isCounting);
  });

  it("counts the messages of a stretch", () => {
    assert.equal(countOf({ from: 0, to: 10 }, HISTOGRAM), 16);
    assert.equal(countOf({ from: 2, to: 6 }, HISTOGRAM), 10);
  });
});

describe("the brush", () => {
  it("covers the buckets between two places, in whichever order, and none outside", () => {
    assert.deepEqual(brushBetween(2, 5, 10), { from: 2, to: 6 });
    assert.deepEqual(brushBetween(5, 2, 10), { from: 2, to: 6 });
    assert.deepEqual(brushBetween(-3, 99, 10), { from: 0, to: 10 });
    assert.deepEqual(brushBetween(4, 4, 10), { from: 4, to: 5 });
  });

  it("is moved by the keyboard, end by end, and never empty", () => {
    const brush = { from: 2, to: 6 };
    assert.deepEqual(movedEnd(brush, "from", 1, 10), { from: 3, to: 6 });
    assert.deepEqual(movedEnd(brush, "from", 99, 10), { from: 5, to: 6 });
    assert.deepEqual(movedEnd(brush, "to", -99, 10), { from: 2, to: 3 });
    assert.deepEqual(movedEnd(brush, "to", 99, 10), { from: 2, to: 10 });
    assert.deepEqual(movedEnd(brush, "from", -99, 10), { from: 0, to: 6 });
  });

  it("stands for times, and finds its buckets again", () => {
    for (const brush of [brushBetween(0, 0, 10), brushBetween(2, 5, 10), brushBetween(7, 9, 10)]) {
      const span = spanOf(brush, HISTOGRAM);
      assert.deepEqual(brushOf(span, HISTOGRAM), brush);
    }
    assert.deepEqual(spanOf({ from: 9, to: 10 }, HISTOGRAM), { fromMs: 1_090, toMs: 1_095 });
    assert.deepEqual(brushOf(undefined, HISTOGRAM), { from: 0, to: 10 });
    assert.deepEqual(brushOf({ fromMs: 0, toMs: 5 }, HISTOGRAM), { from: 0, to: 1 });
  });
});

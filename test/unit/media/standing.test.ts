import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { ReadPlan } from "../../../media/grid/reader.ts";
import { countsOf, type Standing, wordsOf } from "../../../media/grid/standing.ts";
import type { GridStrings } from "../../../runtime/api/view.ts";

/** Every string is its own name, with its values left it. */
const STRINGS = new Proxy({} as GridStrings, {
  get: (_, name) => `${String(name)}({0},{1},{2})`,
});
const FILTER = { kind: "sql", expression: "a > 1" } as const;
const PLAN: ReadPlan = {
  ...{ from: { kind: "earliest" }, live: false, filter: undefined },
  ...{ times: undefined, latest: false, fieldBytes: undefined, wanted: undefined },
};
const IDLE: Standing = {
  ...{ lab: "running", plan: PLAN, live: "off", loading: false, atEnd: true },
  ...{ halt: undefined, error: undefined, rows: 5, scanned: 5, total: 10, left: 0 },
  extents: [{ partition: 0, startOffset: 0, endOffset: 10, sizeBytes: 1 }],
  next: [{ partition: 0, offset: 10 }],
  isOnePartition: true,
};
const words = (change: Partial<Standing>) => {
  const found = wordsOf({ ...IDLE, ...change }, STRINGS);
  return found && [found.text, found.action?.kind];
};
const searching = (change: Partial<ReadPlan> = {}): ReadPlan => ({
  ...PLAN,
  filter: FILTER,
  ...change,
});

describe("the words of a grid", () => {
  it("are none while messages speak for themselves", () => {
    assert.equal(words({}), undefined);
    assert.equal(words({ live: "on" }), undefined);
    assert.equal(words({ plan: searching(), loading: true }), undefined);
  });

  it("say what is the matter, and what can be done about it", () => {
    assert.equal(words({ lab: "stopped" })?.[1], "startLab");
    const failed = { message: "no", canRetry: true };
    assert.deepEqual(words({ error: failed }), ["no", "goOn"]);
    assert.deepEqual(words({ error: { ...failed, canRetry: false } }), ["no", undefined]);
    assert.match(words({ extents: undefined })?.[0] ?? "", /^topicGone/);
    assert.match(words({ rows: 0, total: 0 })?.[0] ?? "", /^emptyPartition/);
  });

  it("point 11: say that an offset lies beyond the end, and what the end is", () => {
    const plan: ReadPlan = { ...PLAN, from: { kind: "offset", offset: 99 } };
    assert.equal(words({ rows: 0, plan })?.[0], "beyondEnd(99,9,{2})");
  });

  it("point 13: state the range that was scanned and offer to go on", () => {
    const halted = { rows: 0, scanned: 7, left: 3, atEnd: false, plan: searching() };
    const next = [{ partition: 0, offset: 7 }];
    const [text, action] = words({ ...halted, next, halt: "fruitless" }) ?? [];
    assert.equal(action, "goOn");
    assert.match(text ?? "", /^noneFoundYet.* scannedRange\(7,rangeFromEarliest/);
    assert.match(text ?? "", /rangeToOffset\(6,.* leftToScan\(3,/);
    assert.equal(words({ ...halted, halt: "stopped", rows: 2 })?.[1], "goOn");
  });

  it("point 13: offer the whole topic after a part of it", () => {
    const plan = searching({ from: { kind: "last", count: 100 } });
    const [text, action] = words({ rows: 0, plan }) ?? [];
    assert.equal(action, "fromEarliest");
    assert.match(text ?? "", /rangeFromLast\(100,.*rangeToEnd/);
    assert.equal(words({ rows: 3, plan })?.[1], "fromEarliest");
    assert.equal(words({ rows: 0, plan: searching() })?.[1], undefined);
    const times = { fromMs: 1, toMs: 2 };
    assert.equal(words({ rows: 3, plan: { ...plan, times } }), undefined);
  });

  it("point 12: count what is shown, of how many, and what was scanned", () => {
    assert.equal(countsOf(IDLE, STRINGS), "showing(5,10,5)");
    assert.equal(countsOf({ ...IDLE, plan: searching() }, STRINGS), "showingFound(5,10,5)");
  });
});

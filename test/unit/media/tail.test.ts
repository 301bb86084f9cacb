import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  afterPage,
  behindOf,
  jumped,
  KEPT_BEHIND,
  MAX_BEHIND,
  nearEnd,
  NO_TAIL,
  removedSince,
  type Tail,
} from "../../../media/grid/tail.ts";

const extents = (...ends: readonly number[]) =>
  ends.map((endOffset, partition) => ({ partition, startOffset: 0, endOffset, sizeBytes: 0 }));
const cursors = (...offsets: readonly number[]) =>
  offsets.map((offset, partition) => ({ partition, offset }));
const FOLLOWING: Tail = { mode: "following", skipped: 0 };

describe("the live tail of a grid", () => {
  it("reads everything while it can keep up", () => {
    const next = cursors(0);
    const after = afterPage(FOLLOWING, next, extents(MAX_BEHIND));
    assert.deepEqual(after, { tail: FOLLOWING, next });
  });

  it("point 14: passes over what comes too fast, and counts it to the last message", () => {
    const ends = extents(500_000, 300_000);
    const before = cursors(100_000, 299_000);
    const { tail, next } = afterPage(FOLLOWING, before, ends);
    assert.equal(tail.mode, "following");
    assert.equal(behindOf(next, ends), KEPT_BEHIND);
    assert.equal(tail.skipped + behindOf(next, ends), behindOf(before, ends));
  });

  it("point 14: passes over nothing while it catches up, and follows once it has", () => {
    const catching: Tail = { mode: "catching-up", skipped: 7 };
    const far = cursors(0);
    assert.deepEqual(afterPage(catching, far, extents(10_000_000)), { tail: catching, next: far });
    const { tail } = afterPage(catching, cursors(90), extents(100));
    assert.deepEqual(tail, { mode: "following", skipped: 7 });
  });

  it("point 14: jumps by choice, however little it is behind, and adds to what was passed over", () => {
    const ends = extents(5_000);
    const { tail, next } = jumped({ mode: "paused", skipped: 10 }, cursors(1_000), ends);
    assert.deepEqual(next, cursors(4_000));
    assert.deepEqual(tail, { mode: "following", skipped: 3_010 });
  });

  it("never goes back to messages that it has shown", () => {
    assert.deepEqual(nearEnd(cursors(95, 10), extents(100, 100), 40), cursors(95, 80));
  });

  it("leaves a grid alone that is not live", () => {
    const next = cursors(0);
    assert.deepEqual(afterPage(NO_TAIL, next, extents(99_999)), { tail: NO_TAIL, next });
  });

  it("counts what retention took before it was read", () => {
    const kept = [{ partition: 0, startOffset: 50, endOffset: 90, sizeBytes: 0 }];
    assert.equal(removedSince(cursors(20), kept), 30);
    assert.equal(removedSince(cursors(60), kept), 0);
    assert.equal(behindOf(cursors(20), kept), 40);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { OffsetSet } from "../../../../runtime/messages/redrive/offset-set.ts";

describe("a set of offsets", () => {
  it("keeps those that follow each other as one range", () => {
    const set = new OffsetSet();
    for (const offset of [5, 6, 7, 10, 9, 8, 8, 1]) set.add(offset);
    assert.deepEqual(set.ranges, [
      [1, 1],
      [5, 10],
    ]);
    set.addRange([2, 20]);
    assert.deepEqual(set.ranges, [[1, 20]]);
  });

  it("knows the same offsets as a plain set, in whatever order they come", () => {
    const set = new OffsetSet();
    const plain = new Set<number>();
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state % below;
    };
    for (let i = 0; i < 500; i++) {
      const first = random(300);
      const last = first + random(4);
      set.addRange([first, last]);
      for (let offset = first; offset <= last; offset++) plain.add(offset);
      for (let offset = -1; offset < 305; offset++) {
        assert.equal(set.has(offset), plain.has(offset), `${offset} after ${i}`);
      }
      const gaps = set.ranges.slice(1).map(([start], at) => start - (set.ranges[at]?.[1] ?? 0));
      assert.ok(gaps.every((gap) => gap > 1));
    }
  });
});

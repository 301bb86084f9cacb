import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseExtent, parseRate } from "../../../extension/commands/load-extent.ts";

describe("the size of a load", () => {
  it("is a number of messages or a time", () => {
    assert.equal(parseExtent("1000")?.count, 1_000);
    assert.equal(parseExtent(" 30 s")?.durationMs, 30_000);
    assert.equal(parseExtent("5min")?.durationMs, 300_000);
    assert.equal(parseExtent("1 h ")?.durationMs, 3_600_000);
    for (const text of ["", "0", "-1", "1.5", "3 d", "s", "1 000"]) {
      assert.equal(parseExtent(text), undefined, text);
    }
  });

  it("has a rate, or none", () => {
    assert.equal(parseRate(" "), undefined);
    assert.equal(parseRate("0.5"), 0.5);
    for (const text of ["0", "-1", "fast", "1e3"]) assert.equal(parseRate(text), null, text);
  });
});

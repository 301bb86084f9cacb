import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MAX_DEBT_MS, Pace } from "../../../../runtime/messages/load/pace.ts";

/** Plays a pace for a time, looking whenever it says; returns when each message was sent. */
function play(rate: number, forMs: number, startMs = 1_000): number[] {
  const pace = new Pace(rate, startMs);
  const sentMs: number[] = [];
  for (let nowMs = startMs; nowMs < startMs + forMs;) {
    const due = pace.due(nowMs, sentMs.length);
    for (let n = 0; n < due; n++) sentMs.push(nowMs - startMs);
    nowMs += pace.waitMs(nowMs, sentMs.length);
  }
  assert.equal(pace.behindMs, 0);
  return sentMs;
}

describe("the pace of a load", () => {
  for (const rate of [0.5, 1, 3, 60, 333, 1_000, 7_777, 20_000, 1_000_000]) {
    it(`sends ${rate} messages a second, each at its time`, () => {
      const forMs = rate < 10 ? 20_000 : 2_000;
      const sentMs = play(rate, forMs);
      const wanted = Math.ceil((rate * forMs) / 1_000);
      const missing = wanted - sentMs.length;
      // What becomes due after the last look is still to be sent.
      assert.ok(missing >= 0 && missing <= Math.ceil((5 * rate) / 1_000), `${missing} missing`);
      for (const [n, atMs] of sentMs.entries()) {
        const lateMs = atMs - (n * 1_000) / rate;
        assert.ok(lateMs > -0.001 && lateMs < 5.001, `message ${n} is ${lateMs} ms late`);
      }
    });
  }

  it("catches up what it owes after a short stop", () => {
    const pace = new Pace(100, 0);
    assert.equal(pace.due(0, 0), 1);
    assert.equal(pace.due(500, 1), 50);
    assert.equal(pace.behindMs, 0);
  });

  it("gives up what it owes after a long stop, and says by how much it is behind", () => {
    const pace = new Pace(100, 0);
    assert.equal(pace.due(3_600_000, 1), (100 * MAX_DEBT_MS) / 1_000 + 1);
    assert.equal(pace.behindMs, 3_600_000 - MAX_DEBT_MS - 10);
  });

  it("goes on when the clock is set back", () => {
    const pace = new Pace(10, 10_000);
    assert.equal(pace.due(10_000, 0), 1);
    assert.equal(pace.due(4_000, 1), 0);
    assert.ok(pace.waitMs(4_000, 1) <= 100);
    assert.equal(pace.due(4_100, 1), 1);
  });

  it("without a rate has everything due at once", () => {
    assert.equal(new Pace(undefined, 0).due(0, 1_000), Infinity);
  });
});

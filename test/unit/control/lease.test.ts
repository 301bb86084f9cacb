import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Coalesce } from "../../../runtime/control/coalesce.ts";
import { Lease } from "../../../runtime/control/lease.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";

describe("Lease", () => {
  it("gives the first holder the grace to arrive", () => {
    assert.equal(new Lease(100, 1_000).endsAtMs, 1_100);
  });

  it("lasts while anyone holds it and the grace longer", () => {
    const lease = new Lease(100, 0);
    lease.join();
    lease.join();
    assert.equal(lease.endsAtMs, undefined);
    lease.leave(50);
    assert.equal(lease.endsAtMs, undefined);
    lease.leave(500);
    assert.equal(lease.endsAtMs, 600);
    lease.join();
    assert.equal(lease.endsAtMs, undefined);
  });

  it("cannot be left by nobody", () => {
    assert.throws(() => new Lease(1, 0).leave(0));
  });
});

describe("Coalesce", () => {
  it("acts at once, then once per interval, and never loses the last signal", () => {
    const clock = new FakeClock();
    const at: number[] = [];
    const start = clock.nowMs();
    const coalesce = new Coalesce(clock, 250, () => at.push(clock.nowMs() - start));
    coalesce.signal();
    coalesce.signal();
    clock.advance(100);
    coalesce.signal();
    assert.deepEqual(at, [0]);
    clock.advance(150);
    assert.deepEqual(at, [0, 250]);
    clock.advance(1_000);
    coalesce.signal();
    assert.deepEqual(at, [0, 250, 1_250]);
    coalesce.signal();
    coalesce.dispose();
    clock.advance(1_000);
    assert.deepEqual(at, [0, 250, 1_250]);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  CRASH_WINDOW_MS,
  RESTART_DELAYS_MS,
  type Effect,
  type Happening,
  type State,
  step,
} from "../../../extension/lab/supervisor.ts";

/** Runs happenings one after another and keeps every effect. */
function run(from: State, ...happenings: (Happening | { readonly advanceMs: number })[]) {
  let state = from;
  let nowMs = 1_000_000;
  const effects: Effect[] = [];
  for (const happening of happenings) {
    if ("advanceMs" in happening) {
      nowMs += happening.advanceMs;
      continue;
    }
    const next = step(state, happening, nowMs);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

const STOPPED: State = { kind: "stopped" };
const START: Happening = { kind: "start" };
const OPENED: Happening = { kind: "opened" };
const LOST: Happening = { kind: "lost", message: "gone" };
const TIMER: Happening = { kind: "timer" };

describe("lab supervisor", () => {
  it("opens with permission to spawn when a person starts the lab", () => {
    const { state, effects } = run(STOPPED, START, OPENED);
    assert.equal(state.kind, "running");
    assert.deepEqual(effects, [{ kind: "open", spawn: true }]);
  });

  it("attaches to a lab it notices, but never spawns one for it", () => {
    const { state, effects } = run(STOPPED, { kind: "noticed" }, { kind: "absent" });
    assert.equal(state.kind, "stopped");
    assert.deepEqual(effects, [{ kind: "open", spawn: false }]);
  });

  it("spawns after all when start is pressed while it looks for a living lab", () => {
    const { effects } = run(STOPPED, { kind: "noticed" }, START, { kind: "absent" });
    assert.deepEqual(effects.at(-1), { kind: "open", spawn: true });
  });

  it("does nothing twice when start is pressed twice", () => {
    assert.equal(run(STOPPED, START, START, OPENED, START).effects.length, 1);
  });

  it("fails at once when a first start fails, with the reason", () => {
    const { state } = run(STOPPED, START, { kind: "open-failed", message: "data in use" });
    assert.deepEqual(state, { kind: "failed", message: "data in use" });
  });

  it("restarts a lost lab after a delay and says so once", () => {
    const { state, effects } = run(STOPPED, START, OPENED, LOST, TIMER, OPENED, LOST, TIMER);
    assert.equal(state.kind, "opening");
    assert.deepEqual(
      effects.filter((effect) => effect.kind === "say").map((effect) => effect.what),
      ["restarting"],
    );
    assert.deepEqual(
      effects.filter((effect) => effect.kind === "wait").map((effect) => effect.delayMs),
      [500, 1_000],
    );
  });

  it("gives up after the last delay and says so once", () => {
    const cycles = RESTART_DELAYS_MS.flatMap(() => [LOST, TIMER, OPENED]);
    const { state, effects } = run(STOPPED, START, OPENED, ...cycles, LOST);
    assert.equal(state.kind, "failed");
    assert.deepEqual(effects.at(-1), { kind: "say", what: "gave-up", message: "gone" });
  });

  it("counts a failed restart as a crash", () => {
    const failed: Happening = { kind: "open-failed", message: "no" };
    const { state } = run(STOPPED, START, OPENED, LOST, TIMER, failed);
    assert.equal(state.kind, "waiting");
  });

  it("forgets crashes that are long past", () => {
    const cycles = RESTART_DELAYS_MS.flatMap(() => [LOST, TIMER, OPENED]);
    const { state, effects } = run(
      STOPPED,
      START,
      OPENED,
      ...cycles,
      { advanceMs: CRASH_WINDOW_MS },
      LOST,
    );
    assert.equal(state.kind, "waiting");
    assert.deepEqual(effects.at(-1), { kind: "wait", delayMs: RESTART_DELAYS_MS[0] });
  });

  it("does not restart a lab that ended in order", () => {
    assert.equal(run(STOPPED, START, OPENED, { kind: "ended" }, LOST).state.kind, "stopped");
  });

  it("takes a connection lost while stopping for the end that was asked for", () => {
    assert.equal(run(STOPPED, START, OPENED, { kind: "stop" }, LOST).state.kind, "stopped");
  });

  it("starts again after the end when restarted", () => {
    const { state, effects } = run(STOPPED, START, OPENED, { kind: "restart" }, { kind: "ended" });
    assert.equal(state.kind, "opening");
    assert.deepEqual(effects.slice(1), [{ kind: "close" }, { kind: "open", spawn: true }]);
  });

  it("starts after the end when start is pressed while stopping", () => {
    const { state } = run(STOPPED, START, OPENED, { kind: "stop" }, START, { kind: "ended" });
    assert.equal(state.kind, "opening");
  });

  it("abandons an opening that is stopped", () => {
    const { state, effects } = run(STOPPED, START, { kind: "stop" }, { kind: "ended" });
    assert.equal(state.kind, "stopped");
    assert.deepEqual(effects.at(-1), { kind: "abandon" });
  });

  it("cancels the wait when stopped between crash and restart", () => {
    const { state, effects } = run(STOPPED, START, OPENED, LOST, { kind: "stop" }, TIMER);
    assert.equal(state.kind, "stopped");
    assert.deepEqual(effects.at(-1), { kind: "cancel-wait" });
  });
});

/**
 * Decides what to do about the lab's process: when to attach, start, wait, give up. It holds no
 * process, timer or socket: each step takes the state and something that happened and answers with
 * the next state and the effects that the controller must carry out. The controller reports the
 * outcome of an effect as the next happening.
 *
 * Invariant: a lab that ended in order is never restarted; only a lab that was lost is.
 */

/** Delays before the restarts that follow crashes within `CRASH_WINDOW_MS` of each other. */
export const RESTART_DELAYS_MS: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000];
/** Crashes further apart than this do not count together. */
export const CRASH_WINDOW_MS = 60_000;

export type State =
  | { readonly kind: "stopped" }
  /** Attaching to a living lab, or spawning one and waiting until it is ready. */
  | { readonly kind: "opening"; readonly spawn: boolean; readonly crashesMs: readonly number[] }
  | { readonly kind: "running"; readonly crashesMs: readonly number[] }
  /** Lost, and to be opened again when the timer fires. */
  | { readonly kind: "waiting"; readonly crashesMs: readonly number[] }
  | { readonly kind: "stopping"; readonly then: "stay" | "start" }
  | { readonly kind: "failed"; readonly message: string };

export type Happening =
  | { readonly kind: "start" }
  /** A living lab of this workspace was noticed; attach to it, but never spawn one. */
  | { readonly kind: "noticed" }
  | { readonly kind: "stop" }
  | { readonly kind: "restart" }
  | { readonly kind: "opened" }
  /** There was no lab to attach to, and spawning was not asked for. */
  | { readonly kind: "absent" }
  | { readonly kind: "open-failed"; readonly message: string }
  /** The connection ended without a word from the lab. */
  | { readonly kind: "lost"; readonly message: string }
  /** The lab said that it is ending, or has ended after it was asked to. */
  | { readonly kind: "ended" }
  | { readonly kind: "timer" };

export type Effect =
  | { readonly kind: "open"; readonly spawn: boolean }
  /** Ask the connected lab to end; `ended` follows. */
  | { readonly kind: "close" }
  /** Give up an `open` that is under way, ending what it spawned; `ended` follows. */
  | { readonly kind: "abandon" }
  | { readonly kind: "wait"; readonly delayMs: number }
  | { readonly kind: "cancel-wait" }
  /** Tell a person. Said once per row of crashes, not once per crash. */
  | {
      readonly kind: "say";
      readonly what: "did-not-start" | "restarting" | "gave-up";
      readonly message: string;
    };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

const NOTHING: readonly Effect[] = [];

/** One step of the machine. `nowMs` is used only to tell a row of crashes from crashes far apart. */
export function step(state: State, happening: Happening, nowMs: number): Step {
  switch (happening.kind) {
    case "start":
      return start(state);
    case "noticed":
      return state.kind === "stopped" ? open(false, []) : { state, effects: NOTHING };
    case "stop":
      return stop(state, "stay");
    case "restart":
      return state.kind === "opening" ? { state, effects: NOTHING } : stop(state, "start");
    case "opened":
      return state.kind === "opening"
        ? { state: { kind: "running", crashesMs: state.crashesMs }, effects: NOTHING }
        : { state, effects: NOTHING };
    case "absent":
      return absent(state);
    case "open-failed":
      return openFailed(state, happening.message, nowMs);
    case "lost":
      return lost(state, happening.message, nowMs);
    case "ended":
      return ended(state);
    case "timer":
      return state.kind === "waiting" ? open(true, state.crashesMs) : { state, effects: NOTHING };
    default:
      return happening satisfies never;
  }
}

function open(spawn: boolean, crashesMs: readonly number[]): Step {
  return { state: { kind: "opening", spawn, crashesMs }, effects: [{ kind: "open", spawn }] };
}

/** Start may have been pressed while the machine only looked for a living lab. */
function absent(state: State): Step {
  if (state.kind === "stopping") return ended(state);
  if (state.kind !== "opening") return { state, effects: NOTHING };
  return state.spawn
    ? open(true, state.crashesMs)
    : { state: { kind: "stopped" }, effects: NOTHING };
}

function start(state: State): Step {
  switch (state.kind) {
    case "stopped":
    case "failed":
      return open(true, []);
    case "waiting": {
      const next = open(true, state.crashesMs);
      return { state: next.state, effects: [{ kind: "cancel-wait" }, ...next.effects] };
    }
    case "stopping":
      return { state: { kind: "stopping", then: "start" }, effects: NOTHING };
    case "opening":
      return { state: { ...state, spawn: true }, effects: NOTHING };
    case "running":
      return { state, effects: NOTHING };
    default:
      return state satisfies never;
  }
}

function stop(state: State, then: "stay" | "start"): Step {
  switch (state.kind) {
    case "running":
      return { state: { kind: "stopping", then }, effects: [{ kind: "close" }] };
    case "opening":
      return { state: { kind: "stopping", then }, effects: [{ kind: "abandon" }] };
    case "waiting":
      return then === "start"
        ? start(state)
        : { state: { kind: "stopped" }, effects: [{ kind: "cancel-wait" }] };
    case "stopped":
    case "failed":
      return then === "start" ? open(true, []) : { state: { kind: "stopped" }, effects: NOTHING };
    case "stopping":
      return { state: { kind: "stopping", then }, effects: NOTHING };
    default:
      return state satisfies never;
  }
}

function ended(state: State): Step {
  if (state.kind === "stopping" && state.then === "start") return open(true, []);
  if (state.kind === "stopping" || state.kind === "running") {
    return { state: { kind: "stopped" }, effects: NOTHING };
  }
  return { state, effects: NOTHING };
}

/** A first start that fails has a reason a retry does not cure; a restart after a crash is tried again. */
function openFailed(state: State, message: string, nowMs: number): Step {
  if (state.kind === "stopping") return ended(state);
  if (state.kind !== "opening") return { state, effects: NOTHING };
  if (state.crashesMs.length === 0) {
    const say: Effect = { kind: "say", what: "did-not-start", message };
    return { state: { kind: "failed", message }, effects: [say] };
  }
  return crashed(state.crashesMs, message, nowMs);
}

function lost(state: State, message: string, nowMs: number): Step {
  if (state.kind === "stopping") return ended(state);
  if (state.kind !== "running") return { state, effects: NOTHING };
  return crashed(state.crashesMs, message, nowMs);
}

function crashed(before: readonly number[], message: string, nowMs: number): Step {
  const crashesMs = [...before.filter((atMs) => nowMs - atMs < CRASH_WINDOW_MS), nowMs];
  const delayMs = RESTART_DELAYS_MS[crashesMs.length - 1];
  if (delayMs === undefined) {
    return {
      state: { kind: "failed", message },
      effects: [{ kind: "say", what: "gave-up", message }],
    };
  }
  const wait: Effect = { kind: "wait", delayMs };
  const say: Effect = { kind: "say", what: "restarting", message };
  return {
    state: { kind: "waiting", crashesMs },
    effects: crashesMs.length === 1 ? [say, wait] : [wait],
  };
}

import type { Disposable } from "./lifetime.ts";

/** The only source of time in domain code, so that tests move time instead of waiting for it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Calls `action` once after `delayMs` milliseconds unless the returned handle is disposed first. */
  after(delayMs: number, action: () => void): Disposable;
}

/** The machine's own time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    timer.unref();
    return { dispose: () => clearTimeout(timer) };
  },
};

interface Alarm {
  readonly atMs: number;
  readonly action: () => void;
}

/** Time that moves only when a test says so. */
export class FakeClock implements Clock {
  readonly #alarms = new Set<Alarm>();
  #nowMs: number;

  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): Disposable {
    const alarm = { atMs: this.#nowMs + Math.max(0, delayMs), action };
    this.#alarms.add(alarm);
    return { dispose: () => void this.#alarms.delete(alarm) };
  }

  /** Moves time forward by `ms`, firing every timer that falls due, in order of due time. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#alarms]
        .filter((alarm) => alarm.atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#alarms.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.action();
    }
    this.#nowMs = untilMs;
  }
}

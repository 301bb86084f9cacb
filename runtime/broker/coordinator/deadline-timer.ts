import type { Clock } from "../../core/clock.ts";
import type { Disposable } from "../../core/lifetime.ts";

/** A timer never sleeps longer than this, as timers of the platform overflow at 2^31 ms. */
const LONGEST_SLEEP_MS = 60 * 60_000;

/** One timer for many deadlines: it fires at the earliest one asked for, or a little before. */
export class DeadlineTimer implements Disposable {
  readonly #clock: Clock;
  readonly #action: () => void;
  #timer: Disposable | undefined;
  #dueMs = Infinity;
  #disposed = false;

  /** `action` looks for what is due and asks for the next time with {@link atLatest}. */
  constructor(clock: Clock, action: () => void) {
    this.#clock = clock;
    this.#action = action;
  }

  /** Makes sure that the action runs by `dueMs` (epoch), unless disposed. */
  atLatest(dueMs: number): void {
    if (this.#disposed || dueMs >= this.#dueMs) return;
    this.#timer?.dispose();
    this.#dueMs = dueMs;
    const delayMs = Math.min(Math.max(dueMs - this.#clock.nowMs(), 0), LONGEST_SLEEP_MS);
    this.#timer = this.#clock.after(delayMs, () => {
      this.#timer = undefined;
      this.#dueMs = Infinity;
      this.#action();
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#timer = undefined;
  }
}

import type { Clock } from "../core/clock.ts";
import type { Disposable } from "../core/lifetime.ts";

/**
 * Turns any number of signals into few: the first acts at once, those within `intervalMs` after an
 * action become one at the end of it. None is lost.
 */
export class Coalesce implements Disposable {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #action: () => void;
  #pause: Disposable | undefined;
  #again = false;

  constructor(clock: Clock, intervalMs: number, action: () => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#action = action;
  }

  signal(): void {
    if (this.#pause !== undefined) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#pause = this.#clock.after(this.#intervalMs, () => {
      this.#pause = undefined;
      if (this.#again) this.signal();
    });
    this.#action();
  }

  dispose(): void {
    this.#pause?.dispose();
    this.#pause = undefined;
    this.#again = false;
  }
}

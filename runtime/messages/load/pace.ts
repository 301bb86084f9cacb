/** A load that falls behind further than this gives up the rest: it does not catch up in one burst. */
export const MAX_DEBT_MS = 1_000;
/** Messages that are due within this time are sent together. */
const TICK_MS = 5;

/**
 * When messages are due at a rate: the n-th, counted from 0, n / rate after the beginning. Knows neither
 * timers nor clocks: times come in as numbers, in milliseconds.
 */
export class Pace {
  readonly #perMs: number | undefined;
  #originMs: number;
  #behindMs = 0;

  /** `rate` in messages per second; without one all messages are due at once. */
  constructor(rate: number | undefined, startMs: number) {
    this.#perMs = rate === undefined ? undefined : rate / 1_000;
    this.#originMs = startMs;
  }

  get isPaced(): boolean {
    return this.#perMs !== undefined;
  }

  /** How much later the load runs than it began to, for the debts it gave up. */
  get behindMs(): number {
    return Math.round(this.#behindMs);
  }

  /** How many messages are due beyond the `sent` first ones. */
  due(nowMs: number, sent: number): number {
    if (this.#perMs === undefined) return Infinity;
    const lateMs = nowMs - (this.#originMs + sent / this.#perMs);
    // Clocks are set back too: then it goes on from there instead of standing still.
    const shiftMs =
      lateMs > MAX_DEBT_MS ? lateMs - MAX_DEBT_MS : Math.min(0, lateMs + this.#stepMs());
    this.#originMs += shiftMs;
    if (shiftMs > 0) this.#behindMs += shiftMs;
    const elapsedMs = nowMs - this.#originMs;
    return Math.max(0, Math.floor(elapsedMs * this.#perMs + EPSILON) + 1 - sent);
  }

  /** Milliseconds until it is worth looking again. */
  waitMs(nowMs: number, sent: number): number {
    if (this.#perMs === undefined) return 0;
    const nextMs = this.#originMs + sent / this.#perMs - nowMs;
    return Math.max(Math.ceil(nextMs), this.#stepMs() < TICK_MS ? TICK_MS : 1);
  }

  /** Between two messages. */
  #stepMs(): number {
    return this.#perMs === undefined ? 0 : 1 / this.#perMs;
  }
}

/** Of the rounding of what is a whole number of messages. */
const EPSILON = 1e-9;

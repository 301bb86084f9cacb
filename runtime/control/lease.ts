/**
 * How long a lab that was started with a lease lives: while a client holds the lease, and `graceMs`
 * longer, which is the time a window needs to reload. Time is told, never asked for.
 */
export class Lease {
  readonly #graceMs: number;
  #holders = 0;
  #emptySinceMs: number;

  /** Begins without a holder; the first one has `graceMs` to arrive. */
  constructor(graceMs: number, nowMs: number) {
    this.#graceMs = graceMs;
    this.#emptySinceMs = nowMs;
  }

  join(): void {
    this.#holders += 1;
  }

  leave(nowMs: number): void {
    if (this.#holders === 0) throw new Error("a lease was left that nobody holds");
    this.#holders -= 1;
    if (this.#holders === 0) this.#emptySinceMs = nowMs;
  }

  /** When the lab ends unless someone joins; undefined while someone holds the lease. */
  get endsAtMs(): number | undefined {
    return this.#holders > 0 ? undefined : this.#emptySinceMs + this.#graceMs;
  }
}

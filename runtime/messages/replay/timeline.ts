/**
 * Turns the times at which messages were recorded into places on a timeline that begins at 0, in
 * milliseconds of the replay. It never goes back: a message that is older than one before it, or has no time,
 * follows at once.
 */
export class Timeline {
  readonly #speed: number | undefined;
  readonly #maxGapMs: number;
  #latestMs: number | undefined;
  #placeMs = 0;

  /**
   * `speed` is 1 for as recorded, 10 for ten times as fast, undefined for as fast as possible. Pauses of more
   * than `maxGapMs` milliseconds, as recorded, are cut to that.
   */
  constructor(speed: number | undefined, maxGapMs = Infinity) {
    this.#speed = speed;
    this.#maxGapMs = maxGapMs;
  }

  /** The place of the next message; -1 stands for no time, as in Kafka. */
  place(timestampMs: number): number {
    if (this.#speed === undefined || timestampMs < 0) return this.#placeMs;
    const gapMs = timestampMs - (this.#latestMs ?? timestampMs);
    this.#latestMs = Math.max(timestampMs, this.#latestMs ?? timestampMs);
    this.#placeMs += Math.min(Math.max(0, gapMs), this.#maxGapMs) / this.#speed;
    return this.#placeMs;
  }
}

/**
 * The place at which a replay is. While it plays, the place moves with time, from when it began to play and
 * not from message to message, so that being late once does not make everything late. While it is paused the
 * place stands still, or is set from message to message. Times come in as numbers of any one clock.
 */
export class Tape {
  #placeMs = 0;
  /** The time at which place 0 was, or would have been. */
  #startMs: number | undefined;

  get isPlaying(): boolean {
    return this.#startMs !== undefined;
  }

  play(nowMs: number): void {
    this.#startMs ??= nowMs - this.#placeMs;
  }

  pause(nowMs: number): void {
    this.#placeMs = this.#placeAt(nowMs);
    this.#startMs = undefined;
  }

  /** Puts the tape, which is paused, to a place. */
  moveTo(placeMs: number): void {
    this.#placeMs = placeMs;
  }

  /** How long it takes to a place: 0 when the tape is there or beyond, Infinity while it is paused. */
  delayTo(placeMs: number, nowMs: number): number {
    if (!this.isPlaying) return Infinity;
    return Math.max(0, placeMs - this.#placeAt(nowMs));
  }

  #placeAt(nowMs: number): number {
    return this.#startMs === undefined ? this.#placeMs : nowMs - this.#startMs;
  }
}

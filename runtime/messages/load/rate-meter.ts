/** Between two marks. */
const MARK_MS = 100;
/** How far it looks back. */
const WINDOW_MS = 1_000;

interface Mark {
  readonly atMs: number;
  readonly count: number;
}

/** The rate of something that is counted, per second, over the last second or so. */
export class RateMeter {
  readonly #marks: Mark[];

  constructor(startMs: number) {
    this.#marks = [{ atMs: startMs, count: 0 }];
  }

  /** `count` is how many there have been in all. */
  mark(nowMs: number, count: number): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && nowMs - last.atMs < MARK_MS) return;
    this.#marks.push({ atMs: nowMs, count });
    const isOld = ({ atMs }: Mark) => nowMs - atMs > WINDOW_MS;
    while (this.#marks.length > 2 && this.#marks.slice(1, 2).some(isOld)) this.#marks.shift();
  }

  rate(nowMs: number, count: number): number {
    const [first] = this.#marks;
    return first === undefined || nowMs <= first.atMs
      ? 0
      : ((count - first.count) * 1_000) / (nowMs - first.atMs);
  }
}

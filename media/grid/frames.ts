/** Draws at most once per frame however often it is asked to, and tells who waits for it. */
export class Frames {
  readonly #draw: () => void;
  #isDue = false;
  #waiting: (() => void)[] = [];

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** Draws with the next frame. */
  ask(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  /** Resolves after the next drawing, and not before `leastMs` are over. While nobody can see it there is none. */
  async drawn(leastMs: number): Promise<void> {
    const pause =
      leastMs > 0 ? new Promise<void>((resolve) => setTimeout(resolve, leastMs)) : undefined;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    await pause;
  }
}

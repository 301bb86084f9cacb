import type { MoveAction, MoveProgress } from "../../api/moves.ts";
import type { Clock } from "../../core/clock.ts";

const NOTHING_YET = () => 0;

/** How far a move has come, and whether it may go on: what its asker sees of it, and it of its asker. */
export class MoveControl {
  readonly #stop = new AbortController();
  #isPaused = false;
  /** Messages that it may go on by while it is paused. */
  #steps = 0;
  #phase: MoveProgress["phase"] = "check";
  #messages = 0;
  #part: () => number = NOTHING_YET;
  #wake: (() => void) | undefined;

  /** Aborts when the move is to end. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isStopped(): boolean {
    return this.signal.aborted;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get progress(): MoveProgress {
    const running = this.#isPaused ? "paused" : "running";
    return {
      state: this.isStopped ? "stopping" : running,
      phase: this.#phase,
      messages: this.#messages,
      part: Math.min(1, Math.max(0, this.#part())),
    };
  }

  /** A phase begins; `part` says how much of it is done, 0 to 1. */
  begin(phase: MoveProgress["phase"], part: () => number): void {
    this.#phase = phase;
    this.#messages = 0;
    this.#part = part;
  }

  count(messages: number): void {
    this.#messages += messages;
  }

  /** Waits while the move is paused, but for a step, which it takes. False when it is to end. */
  async turn(): Promise<boolean> {
    while (this.#isPaused && !this.takeStep() && !this.isStopped) await this.change();
    return !this.isStopped;
  }

  /** Whether the move, which is paused, is to go on by one message. */
  takeStep(): boolean {
    if (this.#steps === 0) return false;
    this.#steps -= 1;
    return true;
  }

  /** Waits until somebody acts. */
  change(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Waits for so long, or until somebody acts. */
  async wait(clock: Clock, delayMs: number): Promise<void> {
    const acted = this.change();
    const timer = clock.after(delayMs, () => this.#wake?.());
    await acted;
    timer.dispose();
  }

  act(action: MoveAction): void {
    switch (action) {
      case "stop":
        this.#stop.abort();
        break;
      case "step":
        if (this.#isPaused) this.#steps += 1;
        this.#isPaused = true;
        break;
      case "pause":
      case "resume":
        this.#isPaused = action === "pause";
        this.#steps = 0;
        break;
    }
    this.#wake?.();
  }
}

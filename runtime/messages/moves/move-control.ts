import type { MoveAction, MoveProgress } from "../../api/moves.ts";

const NOTHING_YET = () => 0;

/** How far a move has come, and whether it may go on: what its asker sees of it, and it of its asker. */
export class MoveControl {
  readonly #stop = new AbortController();
  #isPaused = false;
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

  /** Waits while the move is paused. False when it is to end. */
  async turn(): Promise<boolean> {
    while (this.#isPaused && !this.isStopped) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return !this.isStopped;
  }

  act(action: MoveAction): void {
    if (action === "stop") this.#stop.abort();
    else this.#isPaused = action === "pause";
    this.#wake?.();
    this.#wake = undefined;
  }
}

import { once } from "node:events";
import type { Writable } from "node:stream";

/** Text is handed to the stream in pieces of about this size. */
const PIECE_LENGTH = 64 * 1024;

/**
 * Writes lines to a stream no faster than it takes them. When the reader goes away, as `head` does,
 * `closed` turns true and further lines are dropped.
 */
export class Output {
  readonly #stream: Writable;
  readonly #onError: (error: NodeJS.ErrnoException) => void;
  #pieces: string[] = [];
  #length = 0;
  #failure: NodeJS.ErrnoException | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    this.#onError = (error) => {
      this.#failure ??= error;
    };
    stream.on("error", this.#onError);
  }

  get closed(): boolean {
    return this.#failure !== undefined || this.#stream.destroyed;
  }

  /** Adds a line; returns once there is room for more. */
  async line(text: string): Promise<void> {
    this.#pieces.push(text, "\n");
    this.#length += text.length + 1;
    if (this.#length >= PIECE_LENGTH) await this.flush();
  }

  /** Hands everything to the stream and waits until it has taken it. Rejects when that failed, unless the reader went away. */
  async flush(): Promise<void> {
    const text = this.#pieces.join("");
    this.#pieces = [];
    this.#length = 0;
    if (text !== "" && !this.closed) {
      await new Promise<void>((resolve) => {
        this.#stream.write(text, () => resolve());
      });
      // The error event comes after the callback.
      if (this.#stream.errored !== null) await Promise.race([once(this.#stream, "close"), tick()]);
    }
    if (this.#failure !== undefined && this.#failure.code !== "EPIPE") throw this.#failure;
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

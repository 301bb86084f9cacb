import type { Disposable } from "../core/lifetime.ts";
import type { LogLine } from "../core/logger.ts";

/** Lines kept for a client that connects later. */
const MAX_LINES = 200;

/** The lab's last log lines, and who wants to hear of further ones. A sink for createLogger. */
export class LogHistory {
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<(line: LogLine) => void>();

  add(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
    for (const listener of [...this.#listeners]) listener(line);
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  onLine(listener: (line: LogLine) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }
}

import type { ChangedNames as Event } from "../api/lab.ts";
import type { Clock } from "../core/clock.ts";
import type { Disposable } from "../core/lifetime.ts";
import { Coalesce } from "./coalesce.ts";

/** Most names in one event. */
const MAX_NAMES = 1_000;

/** Gathers the names of what changes, and tells them at once and then once per interval. */
export class ChangedNames implements Disposable {
  readonly #coalesce: Coalesce;
  #names = new Set<string>();

  constructor(clock: Clock, intervalMs: number, tell: (event: Event) => void) {
    this.#coalesce = new Coalesce(clock, intervalMs, () => {
      const names = this.#names.size > MAX_NAMES ? undefined : [...this.#names];
      this.#names = new Set();
      tell({ names });
    });
  }

  add(name: string): void {
    if (this.#names.size <= MAX_NAMES) this.#names.add(name);
    this.#coalesce.signal();
  }

  dispose(): void {
    this.#coalesce.dispose();
  }
}

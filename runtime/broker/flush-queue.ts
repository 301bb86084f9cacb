/** Something with staged work that one flush makes durable and visible. */
export interface Flushable {
  flush(): void;
}

/**
 * Collects partitions with staged batches and flushes each once when the current turn of the event
 * loop is over, so that requests which arrive together share one write.
 */
export class FlushQueue {
  readonly #defer: (action: () => void) => void;
  readonly #dirty = new Set<Flushable>();

  /** `defer` runs its action after the input that is ready now has been handled, as `setImmediate` does. */
  constructor(defer: (action: () => void) => void) {
    this.#defer = defer;
  }

  add(work: Flushable): void {
    if (this.#dirty.size === 0) this.#defer(() => this.flush());
    this.#dirty.add(work);
  }

  /** Flushes everything now. */
  flush(): void {
    const due = [...this.#dirty];
    this.#dirty.clear();
    for (const work of due) work.flush();
  }
}

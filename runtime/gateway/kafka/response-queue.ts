/** What became of one request, in the place its response has in the order. */
export interface Slot {
  /** Undefined while the request runs; empty when it has no response. */
  chunks: readonly Buffer[] | undefined;
  /** Called when the chunks have been handed to the operating system, or dropped. */
  readonly sent: () => void;
}

/**
 * Kafka promises responses in the order of the requests, also when a later one is ready first. This
 * keeps the order: slots are opened as requests start and leave from the front as they complete.
 */
export class ResponseQueue {
  readonly #slots: Slot[] = [];
  readonly #write: (slot: Slot) => void;

  /** `write` receives each completed slot, in request order. */
  constructor(write: (slot: Slot) => void) {
    this.#write = write;
  }

  /** Requests that have started and not yet been answered. */
  get length(): number {
    return this.#slots.length;
  }

  /** Opens the place of a request that starts now. */
  open(sent: () => void): Slot {
    const slot: Slot = { chunks: undefined, sent };
    this.#slots.push(slot);
    return slot;
  }

  /** Fills a slot and sends what is now complete at the front. */
  complete(slot: Slot, chunks: readonly Buffer[]): void {
    slot.chunks = chunks;
    for (;;) {
      const first = this.#slots[0];
      if (first?.chunks === undefined) return;
      this.#slots.shift();
      this.#write(first);
    }
  }

  /** Drops what waits behind an unfinished response, as when the connection is gone. */
  clear(): void {
    for (const slot of this.#slots.splice(0)) if (slot.chunks !== undefined) slot.sent();
  }
}

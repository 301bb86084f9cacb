/** Something with indexes in memory that can be had again from files. */
interface Unloadable {
  unload(): void;
}

/** Keeps the indexes of the most recently read sealed segments in memory, over all partitions. */
export class IndexCache {
  readonly #limit: number;
  readonly #used = new Set<Unloadable>();
  readonly #pinned = new Set<Unloadable>();

  /** At most `limit` segments keep their indexes, beside the pinned ones. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A growing segment's indexes are nowhere else: they stay. */
  pin(segment: Unloadable): void {
    this.#pinned.add(segment);
    this.#used.delete(segment);
  }

  /** The segment is sealed, its index files are written: it takes its place among the others. */
  unpin(segment: Unloadable): void {
    this.#pinned.delete(segment);
    this.touch(segment);
  }

  touch(segment: Unloadable): void {
    if (this.#pinned.has(segment)) return;
    this.#used.delete(segment);
    this.#used.add(segment);
    for (const oldest of this.#used) {
      if (this.#used.size <= this.#limit) break;
      this.#used.delete(oldest);
      oldest.unload();
    }
  }

  forget(segment: Unloadable): void {
    this.#pinned.delete(segment);
    this.#used.delete(segment);
  }
}

/** More names than these are read as everything; the lab takes at most 10,000 at once. */
const MAX_NAMES = 5_000;

/**
 * Reads again what has changed, one read at a time: what changes meanwhile is gathered and read next.
 * Names stand for single things; undefined stands for everything.
 */
export class ChangeReader {
  readonly #read: (names: readonly string[] | undefined) => Promise<void>;
  #isAllStale = false;
  readonly #stale = new Set<string>();
  #reading: Promise<void> | undefined;

  /** `read` must not reject. */
  constructor(read: (names: readonly string[] | undefined) => Promise<void>) {
    this.#read = read;
  }

  /** Resolves when what has changed up to now has been read. */
  changed(names: readonly string[] | undefined): Promise<void> {
    if (names === undefined) this.#isAllStale = true;
    else for (const name of names) this.#stale.add(name);
    this.#reading ??= this.#run().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #run(): Promise<void> {
    while (this.#isAllStale || this.#stale.size > 0) {
      const isAll = this.#isAllStale || this.#stale.size > MAX_NAMES;
      const names = isAll ? undefined : [...this.#stale];
      this.#isAllStale = false;
      this.#stale.clear();
      await this.#read(names);
    }
  }
}

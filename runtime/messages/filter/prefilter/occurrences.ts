/** Finds the first place of some bytes. */
interface Finder {
  next(bytes: Buffer, from: number): number;
}

const NOWHERE = Number.MAX_SAFE_INTEGER;

/** Where bytes are in the records of a batch, which are asked about one after the other: each place is looked for once. */
export class Occurrences {
  readonly length: number;
  readonly #finder: Finder;
  #bytes: Buffer | undefined;
  /** There is none from here up to the hit. */
  #from = 0;
  #hit = 0;

  /** `length` bytes are what the finder looks for. */
  constructor(length: number, finder: Finder) {
    this.length = length;
    this.#finder = finder;
  }

  /** The first place from `start` on that lies before `end` as a whole; -1 for none. */
  within(bytes: Buffer, start: number, end: number): number {
    if (bytes !== this.#bytes || start < this.#from || start > this.#hit) this.#look(bytes, start);
    return this.#hit + this.length <= end ? this.#hit : -1;
  }

  #look(bytes: Buffer, start: number): void {
    const hit = this.#finder.next(bytes, start);
    this.#bytes = bytes;
    this.#from = start;
    this.#hit = hit < 0 ? NOWHERE : hit;
  }
}

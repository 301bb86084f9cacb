/** From the first to the last offset, both included. */
export type OffsetRange = readonly [first: number, last: number];

/** Offsets of one partition. Those that follow each other take no more room than one. */
export class OffsetSet {
  /** In order, with gaps between them. */
  readonly #ranges: [first: number, last: number][] = [];

  get ranges(): readonly OffsetRange[] {
    return this.#ranges;
  }

  has(offset: number): boolean {
    const range = this.#ranges[this.#placeOf(offset)];
    return range !== undefined && offset >= range[0];
  }

  add(offset: number): void {
    this.addRange([offset, offset]);
  }

  addRange([first, last]: OffsetRange): void {
    const ranges = this.#ranges;
    // The first range that touches, or lies behind, what is added.
    const from = this.#placeOf(first - 1);
    let to = from;
    let merged: [number, number] = [first, last];
    for (; to < ranges.length; to++) {
      const range = ranges[to];
      if (range === undefined || range[0] > last + 1) break;
      merged = [Math.min(merged[0], range[0]), Math.max(merged[1], range[1])];
    }
    ranges.splice(from, to - from, merged);
  }

  /** The place of the first range that ends at or behind an offset. */
  #placeOf(offset: number): number {
    const ranges = this.#ranges;
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle]?.[1] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

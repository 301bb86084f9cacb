/** Which offsets of which partitions were handled, as ranges that grow together. */
export class Coverage {
  readonly #ranges = new Map<number, [first: number, last: number][]>();
  /** Messages that were handled, each as often as it was. */
  handled = 0;

  add(partition: number, first: number, last: number): void {
    this.handled += last - first + 1;
    const ranges = this.#ranges.get(partition) ?? [];
    const apart: [number, number][] = [];
    let merged: [number, number] = [first, last];
    for (const range of ranges) {
      const touches = range[0] <= merged[1] + 1 && merged[0] <= range[1] + 1;
      if (touches) merged = [Math.min(range[0], merged[0]), Math.max(range[1], merged[1])];
      else apart.push(range);
    }
    this.#ranges.set(partition, [...apart, merged]);
  }

  /** Whether everything before `end` was handled. */
  isWhole(partition: number, end: number): boolean {
    if (end === 0) return true;
    const ranges = this.#ranges.get(partition) ?? [];
    return ranges.length === 1 && ranges[0]?.[0] === 0 && ranges[0][1] === end - 1;
  }

  /** For the report of a failure. */
  describe(partition: number): string {
    return JSON.stringify(this.#ranges.get(partition) ?? []);
  }
}

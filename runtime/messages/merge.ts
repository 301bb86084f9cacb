import type { PartitionReader } from "./partition-reader.ts";

/**
 * Partition readers by the message that each has at its head: the oldest timestamp first, then the
 * lowest partition. A binary heap, since a topic can have thousands of partitions.
 */
export class ReaderHeap {
  readonly #readers: PartitionReader[] = [];

  push(reader: PartitionReader): void {
    const readers = this.#readers;
    let at = readers.push(reader) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Removes and returns the reader whose head comes first. */
  pop(): PartitionReader | undefined {
    const readers = this.#readers;
    this.#swap(0, readers.length - 1);
    const first = readers.pop();
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < readers.length && this.#before(child, least)) least = child;
      }
      if (least === at) return first;
      this.#swap(at, least);
      at = least;
    }
  }

  #before(a: number, b: number): boolean {
    const [left, right] = [this.#readers[a], this.#readers[b]];
    const [leftMs, rightMs] = [left?.head?.timestampMs ?? 0, right?.head?.timestampMs ?? 0];
    if (leftMs !== rightMs) return leftMs < rightMs;
    return (left?.partition ?? 0) < (right?.partition ?? 0);
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#readers[a], this.#readers[b]];
    if (left === undefined || right === undefined) return;
    this.#readers[a] = right;
    this.#readers[b] = left;
  }
}

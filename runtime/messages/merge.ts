import type { Failure } from "./outcome.ts";
import type { FoundMessage } from "./scan/task.ts";

/** The messages of one partition, one at a time. */
export interface PartitionSource {
  readonly partition: number;
  /** The message that comes next, once `load` has said that there is one. */
  readonly head: FoundMessage | undefined;
  /** Makes `head` the next message; it stays undefined at the end. */
  load(): Promise<Failure | undefined>;
  /** Steps over the head. */
  take(): void;
}

/**
 * Sources of partitions by the message that each has at its head: the oldest timestamp first, then the
 * lowest partition. A binary heap, since a topic can have thousands of partitions.
 */
export class SourceHeap<Source extends PartitionSource> {
  readonly #sources: Source[] = [];

  push(source: Source): void {
    const sources = this.#sources;
    let at = sources.push(source) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Removes and returns the source whose head comes first. */
  pop(): Source | undefined {
    const sources = this.#sources;
    this.#swap(0, sources.length - 1);
    const first = sources.pop();
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < sources.length && this.#before(child, least)) least = child;
      }
      if (least === at) return first;
      this.#swap(at, least);
      at = least;
    }
  }

  #before(a: number, b: number): boolean {
    const [left, right] = [this.#sources[a], this.#sources[b]];
    const [leftMs, rightMs] = [left?.head?.timestampMs ?? 0, right?.head?.timestampMs ?? 0];
    if (leftMs !== rightMs) return leftMs < rightMs;
    return (left?.partition ?? 0) < (right?.partition ?? 0);
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#sources[a], this.#sources[b]];
    if (left === undefined || right === undefined) return;
    this.#sources[a] = right;
    this.#sources[b] = left;
  }
}

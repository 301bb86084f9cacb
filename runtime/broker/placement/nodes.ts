import { javaHashCode } from "./java-hash.ts";
import { NO_LEADER } from "./placement.ts";

/** The nodes of the lab: brokers 1 to `count` in one process, some of which may have been stopped. */
export class Nodes {
  readonly count: number;
  readonly #down = new Set<number>();
  #version = 0;

  constructor(count: number) {
    this.count = count;
  }

  /** Counts how often a node went up or down. */
  get version(): number {
    return this.#version;
  }

  exists(node: number): boolean {
    return Number.isInteger(node) && node >= 1 && node <= this.count;
  }

  readonly isUp = (node: number): boolean => this.exists(node) && !this.#down.has(node);

  set(node: number, isUp: boolean): void {
    if (!this.exists(node)) throw new Error(`there is no node ${node}`);
    this.#version++;
    if (isUp) this.#down.delete(node);
    else this.#down.add(node);
  }

  all(): number[] {
    return Array.from({ length: this.count }, (_, i) => i + 1);
  }

  up(): number[] {
    return this.all().filter(this.isUp);
  }

  /** The node that clients are told to be the controller: the first one that is up. */
  get controller(): number {
    return this.up()[0] ?? NO_LEADER;
  }

  /**
   * The node that coordinates a group or transactional id, or NO_LEADER when all are down: chosen by
   * its hash as Kafka chooses a partition of the internal topic, or the next one that is up.
   */
  coordinatorOf(key: string): number {
    if (this.count === 1) return this.isUp(1) ? 1 : NO_LEADER;
    const first = (javaHashCode(key) & 0x7fffffff) % this.count;
    for (let i = 0; i < this.count; i++) {
      const node = 1 + ((first + i) % this.count);
      if (this.isUp(node)) return node;
    }
    return NO_LEADER;
  }
}

import type { BufferPool } from "../../core/buffer-pool.ts";

/**
 * The memory of responses that clients have not taken yet, over all connections. Buffers come from the
 * pool; what is lent is counted, so that slow readers get smaller answers before the lab gets large.
 */
export class ResponseMemory {
  readonly #pool: BufferPool;
  readonly #maxBytes: number;
  #lentBytes = 0;

  /** `maxBytes` is what answers are fitted to; one record batch per answer may go beyond it. */
  constructor(pool: BufferPool, maxBytes: number) {
    this.#pool = pool;
    this.#maxBytes = maxBytes;
  }

  /** What may be lent before the limit is reached. */
  get freeBytes(): number {
    return Math.max(0, this.#maxBytes - this.#lentBytes);
  }

  borrow(bytes: number): Buffer {
    const buffer = this.#pool.borrow(bytes);
    this.#lentBytes += buffer.length;
    return buffer;
  }

  /** Takes back buffers that were borrowed here, and empties the list. */
  release(buffers: Buffer[]): void {
    for (const buffer of buffers.splice(0)) {
      this.#lentBytes -= buffer.length;
      this.#pool.release(buffer);
    }
  }
}

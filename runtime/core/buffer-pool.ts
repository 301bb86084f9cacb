const SMALLEST_BYTES = 64 * 1024;
const LARGEST_BYTES = 16 * 1024 * 1024;

/**
 * Lends buffers of 64 KiB to 16 MiB in powers of two and keeps what comes back for the next borrower,
 * so that moving gigabytes does not allocate gigabytes. Smaller or larger requests are allocated anew.
 */
export class BufferPool {
  readonly #maxIdleBytes: number;
  readonly #idle = new Map<number, Buffer[]>();
  #idleBytes = 0;

  /** At most `maxIdleBytes` are kept while nobody uses them. */
  constructor(maxIdleBytes: number) {
    this.#maxIdleBytes = maxIdleBytes;
  }

  /** A buffer of at least `bytes` bytes with arbitrary contents. Give it back with `release`, or let it go. */
  borrow(bytes: number): Buffer {
    if (bytes < SMALLEST_BYTES / 4 || bytes > LARGEST_BYTES) return Buffer.allocUnsafe(bytes);
    const size = Math.max(SMALLEST_BYTES, 2 ** Math.ceil(Math.log2(bytes)));
    const idle = this.#idle.get(size)?.pop();
    if (idle === undefined) return Buffer.allocUnsafeSlow(size);
    this.#idleBytes -= size;
    return idle;
  }

  /** Takes back a buffer that nobody reads any more. One that was not lent here is ignored. */
  release(buffer: Buffer): void {
    const size = buffer.length;
    if (size < SMALLEST_BYTES || size > LARGEST_BYTES || !Number.isInteger(Math.log2(size))) return;
    if (buffer.byteLength !== buffer.buffer.byteLength) return;
    if (this.#idleBytes + size > this.#maxIdleBytes) return;
    this.#idleBytes += size;
    const idle = this.#idle.get(size);
    if (idle === undefined) this.#idle.set(size, [buffer]);
    else idle.push(buffer);
  }
}

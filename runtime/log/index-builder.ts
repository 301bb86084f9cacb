import type { BatchHeader } from "../record/batch.ts";
import { emptyIndexes, type SegmentIndexes } from "./index-files.ts";

/**
 * Offsets in the files are 32-bit and relative. A segment is closed before it has more, except that
 * batches written together may claim to; those are found from the last entry before them.
 */
const MAX_RELATIVE = 2 ** 31 - 1;

/** Makes the two sparse indexes of a segment from its batches, in the order in which they lie there. */
export class IndexBuilder {
  readonly #indexes = emptyIndexes();
  readonly #baseOffset: number;
  #maxTimestampMs = -1;
  /** Offset of the batch with the largest timestamp while the time index does not have it yet. */
  #pendingOffset: number | undefined;
  #bytesSinceEntry = 0;

  /** For a segment whose name is `baseOffset`. */
  constructor(baseOffset: number) {
    this.#baseOffset = baseOffset;
  }

  /** Largest timestamp of any batch so far; -1 when none has one. */
  get maxTimestampMs(): number {
    return this.#maxTimestampMs;
  }

  /** The indexes so far. The largest timestamp may still be missing in them. */
  get indexes(): SegmentIndexes {
    return this.#indexes;
  }

  /** Takes note of a batch at `position`; entries are at least `intervalBytes` apart. */
  add(header: BatchHeader, position: number, intervalBytes: number): void {
    const lastOffset = header.baseOffset + header.lastOffsetDelta;
    if (header.maxTimestampMs > this.#maxTimestampMs) {
      this.#maxTimestampMs = header.maxTimestampMs;
      this.#pendingOffset = lastOffset;
    }
    const fits = lastOffset - this.#baseOffset <= MAX_RELATIVE;
    if (this.#bytesSinceEntry > intervalBytes && fits) {
      this.#indexes.offsets.append(lastOffset, position);
      this.#addTime();
      this.#bytesSinceEntry = 0;
    }
    this.#bytesSinceEntry += header.lengthBytes;
  }

  /** The indexes with the largest timestamp as the last entry. More batches may follow all the same. */
  complete(): SegmentIndexes {
    this.#addTime();
    return this.#indexes;
  }

  #addTime(): void {
    if (this.#pendingOffset === undefined) return;
    const offset = Math.min(this.#pendingOffset, this.#baseOffset + MAX_RELATIVE);
    this.#indexes.times.append(this.#maxTimestampMs, offset);
    this.#pendingOffset = undefined;
  }
}

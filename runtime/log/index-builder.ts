import type { BatchHeader } from "../record/batch.ts";
import { emptyIndexes, type SegmentIndexes } from "./index-files.ts";

/** Makes the two sparse indexes of a segment from its batches, in the order in which they lie there. */
export class IndexBuilder {
  readonly #indexes = emptyIndexes();
  #maxTimestampMs = -1;
  /** Offset of the batch with the largest timestamp while the time index does not have it yet. */
  #pendingOffset: number | undefined;
  #bytesSinceEntry = 0;

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
    if (this.#bytesSinceEntry > intervalBytes) {
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
    this.#indexes.times.append(this.#maxTimestampMs, this.#pendingOffset);
    this.#pendingOffset = undefined;
  }
}

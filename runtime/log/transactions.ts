import type { BatchHeader } from "../record/batch.ts";
import type { TransactionResult } from "../record/control.ts";

/** A transaction that was aborted, as far as its records lie in one partition. */
export interface AbortedTransaction {
  readonly producerId: number;
  /** Of its first record. */
  readonly firstOffset: number;
  /** Of the marker that ended it. */
  readonly lastOffset: number;
  /** Where the last stable offset stood once it had ended. */
  readonly lastStableOffset: number;
}

/**
 * Transactions that have begun in one partition and not ended there (KIP-98), learned from the batches
 * that have been written. Each first offset is above the one before it, so the oldest is the first.
 */
export class OpenTransactions {
  readonly #firstOffsets = new Map<number, number>();

  /** Producer id to first offset, the oldest transaction first. */
  get entries(): ReadonlyMap<number, number> {
    return this.#firstOffsets;
  }

  /** The first offset of the oldest open transaction, or undefined while there is none. */
  get firstOffset(): number | undefined {
    const oldest = this.#firstOffsets.values().next();
    return oldest.done === true ? undefined : oldest.value;
  }

  /** Puts back what a snapshot kept, the oldest first. */
  restore(producerId: number, firstOffset: number): void {
    this.#firstOffsets.set(producerId, firstOffset);
  }

  /** Takes note of a written batch; `result` is set for a marker. Returns the transaction if it was aborted. */
  add(
    { producerId, baseOffset, isTransactional, isControl }: BatchHeader,
    result: TransactionResult | undefined,
  ): AbortedTransaction | undefined {
    if (!isTransactional || producerId < 0) return undefined;
    const firstOffset = this.#firstOffsets.get(producerId);
    if (!isControl) {
      if (firstOffset === undefined) this.#firstOffsets.set(producerId, baseOffset);
      return undefined;
    }
    if (result === undefined || firstOffset === undefined) return undefined;
    this.#firstOffsets.delete(producerId);
    if (result === "commit") return undefined;
    const lastStableOffset = this.firstOffset ?? baseOffset + 1;
    return { producerId, firstOffset, lastOffset: baseOffset, lastStableOffset };
  }
}

import type { BatchHeader } from "../../record/batch.ts";
import { lastOffsetOfBatch, type ProducerEntry } from "../producer-state.ts";
import type { AbortedTransaction } from "../transactions.ts";

/** Follows which transactions the batches of a log belong to, in the order of the batches. */
export class TransactionTracker {
  readonly #coming: AbortedTransaction[];
  readonly #aborted = new Map<number, AbortedTransaction>();
  /** Producers with batches since their last marker. */
  readonly #seen = new Set<number>();

  /** `aborted` are those with records in what will be read, in order of their first offsets. */
  constructor(aborted: readonly AbortedTransaction[]) {
    this.#coming = [...aborted].reverse();
  }

  /** Whether the batch belongs to a transaction that was aborted. */
  isAborted(header: BatchHeader): boolean {
    if (!header.isTransactional || header.isControl) return false;
    const { baseOffset, producerId } = header;
    for (let next = this.#coming.at(-1); next; next = this.#coming.at(-1)) {
      if (next.firstOffset > baseOffset + header.lastOffsetDelta) break;
      this.#aborted.set(next.producerId, next);
      this.#coming.pop();
    }
    this.#seen.add(producerId);
    return (this.#aborted.get(producerId)?.lastOffset ?? -1) > baseOffset;
  }

  /** Takes note of a marker; returns whether nothing else was left of the transaction that it ends. */
  endsNothing({ producerId }: BatchHeader): boolean {
    return !this.#seen.delete(producerId);
  }
}

/** What becomes of a batch as a whole. */
export interface BatchFate {
  /** None of its records stays. */
  readonly discard: boolean;
  /** Its header stays even without a record. */
  readonly keepEmpty: boolean;
  /** Nothing is left of the transaction that this marker ends: from now on its time is counted. */
  readonly isLoneMarker: boolean;
}

/** Decides about batches in the order in which they lie in the log (KIP-98, KIP-534). */
export class BatchRules {
  readonly #transactions: TransactionTracker;
  readonly #producers: ReadonlyMap<number, ProducerEntry>;
  readonly #nowMs: number;

  constructor(
    aborted: readonly AbortedTransaction[],
    producers: ReadonlyMap<number, ProducerEntry>,
    nowMs: number,
  ) {
    this.#transactions = new TransactionTracker(aborted);
    this.#producers = producers;
    this.#nowMs = nowMs;
  }

  decide(header: BatchHeader): BatchFate {
    const keepEmpty = this.#isLastOfProducer(header);
    if (!header.isControl) {
      const discard = this.#transactions.isAborted(header);
      return { discard, keepEmpty, isLoneMarker: false };
    }
    const isLoneMarker = this.#transactions.endsNothing(header);
    const { deleteHorizonMs } = header;
    const isPast = deleteHorizonMs !== undefined && deleteHorizonMs <= this.#nowMs;
    return { discard: isLoneMarker && isPast, keepEmpty, isLoneMarker };
  }

  /** The batch holds the last sequence, or else the last epoch, of a producer that may go on. */
  #isLastOfProducer(header: BatchHeader): boolean {
    const known = header.producerId < 0 ? undefined : this.#producers.get(header.producerId);
    if (known === undefined) return false;
    const newest = known.batches.at(-1);
    if (newest === undefined) return header.isControl && header.producerEpoch === known.epoch;
    return header.baseOffset + header.lastOffsetDelta === lastOffsetOfBatch(newest);
  }
}

import type { BatchHeader } from "../record/batch.ts";

/** A batch of an idempotent producer, as far as it takes to recognise it when it is sent again. */
export interface SequencedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
}

export interface ProducerEntry {
  readonly epoch: number;
  /** The last batches, oldest first: at most five, as many as a producer may have in flight (KAFKA-5494). */
  readonly batches: readonly SequencedBatch[];
  readonly lastTimestampMs: number;
}

/** What a batch is to its producer's earlier ones. */
export type SequenceCheck =
  | { readonly kind: "append" }
  | { readonly kind: "duplicate"; readonly baseOffset: number }
  | { readonly kind: "out-of-order" }
  | { readonly kind: "fenced" };

const KEPT_BATCHES = 5;
const SEQUENCES = 2 ** 31;
/** Producers remembered per partition; the one silent for the longest time is forgotten beyond it. */
const MAX_PRODUCERS = 10_000;
/** Kafka's producer.id.expiration.ms. */
export const PRODUCER_EXPIRY_MS = 24 * 60 * 60 * 1000;

const APPEND: SequenceCheck = { kind: "append" };

function lastSequenceOf(header: BatchHeader): number {
  return (header.baseSequence + header.lastOffsetDelta) % SEQUENCES;
}

/** The offset of the last record of a batch that is remembered. */
export function lastOffsetOfBatch({
  firstSequence,
  lastSequence,
  baseOffset,
}: SequencedBatch): number {
  return baseOffset + ((lastSequence - firstSequence + SEQUENCES) % SEQUENCES);
}

/**
 * What idempotent producers have appended to one partition (KIP-98). Changes are provisional until
 * `commit`, since the write they belong to may still fail.
 */
export class ProducerState {
  readonly #entries = new Map<number, ProducerEntry>();
  readonly #before = new Map<number, ProducerEntry | undefined>();

  get entries(): ReadonlyMap<number, ProducerEntry> {
    return this.#entries;
  }

  /** The entries without what is still provisional. */
  committed(): ReadonlyMap<number, ProducerEntry> {
    if (this.#before.size === 0) return this.#entries;
    const entries = new Map(this.#entries);
    for (const [producerId, entry] of this.#before) {
      if (entry === undefined) entries.delete(producerId);
      else entries.set(producerId, entry);
    }
    return entries;
  }

  /**
   * What the batch is. A producer that is not known may have been forgotten, and goes on wherever it is;
   * with `startsAtZero` a transactional one begins here, as each transaction does in KIP-890.
   */
  check(header: BatchHeader, startsAtZero = false): SequenceCheck {
    if (header.producerId < 0) return APPEND;
    const known = this.#entries.get(header.producerId);
    if (known === undefined) {
      const isLate = startsAtZero && header.isTransactional && header.baseSequence !== 0;
      return isLate ? { kind: "out-of-order" } : APPEND;
    }
    if (header.producerEpoch < known.epoch) return { kind: "fenced" };
    if (header.producerEpoch > known.epoch) {
      return header.baseSequence === 0 ? APPEND : { kind: "out-of-order" };
    }
    const last = lastSequenceOf(header);
    for (const { firstSequence, lastSequence, baseOffset } of known.batches) {
      if (firstSequence === header.baseSequence && lastSequence === last) {
        return { kind: "duplicate", baseOffset };
      }
    }
    const newest = known.batches.at(-1);
    const expected = newest === undefined ? 0 : (newest.lastSequence + 1) % SEQUENCES;
    return header.baseSequence === expected ? APPEND : { kind: "out-of-order" };
  }

  /** Takes note of a batch that gets `baseOffset`. */
  add(header: BatchHeader, baseOffset: number): void {
    const { producerId, producerEpoch: epoch } = header;
    if (producerId < 0) return;
    const known = this.#entries.get(producerId);
    if (!this.#before.has(producerId)) this.#before.set(producerId, known);
    const earlier = known?.epoch === epoch ? known.batches : [];
    if (header.baseSequence < 0) {
      // The broker's own batches have no sequence; a marker may carry a newer epoch, which fences.
      this.#set(producerId, { epoch, batches: earlier, lastTimestampMs: header.maxTimestampMs });
      return;
    }
    const batch = {
      firstSequence: header.baseSequence,
      lastSequence: lastSequenceOf(header),
      baseOffset,
    };
    const batches = earlier.slice(1 - KEPT_BATCHES);
    batches.push(batch);
    this.#set(producerId, { epoch, batches, lastTimestampMs: header.maxTimestampMs });
  }

  /** Puts back what a snapshot kept. */
  restore(producerId: number, entry: ProducerEntry): void {
    this.#entries.set(producerId, entry);
  }

  /** What was added since the last commit or rollback is final. */
  commit(): void {
    this.#before.clear();
    if (this.#entries.size <= MAX_PRODUCERS) return;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_PRODUCERS) break;
      this.#entries.delete(oldest);
    }
  }

  /** Undoes what was added since the last commit or rollback. */
  rollback(): void {
    for (const [producerId, entry] of this.#before) {
      if (entry === undefined) this.#entries.delete(producerId);
      else this.#set(producerId, entry);
    }
    this.#before.clear();
  }

  /**
   * Forgets producers that have been silent for a day, by the timestamps of their records, which a client
   * may have set. One in a transaction is remembered for as long: its end is a record of now.
   */
  expire(nowMs: number, inTransaction: { has(producerId: number): boolean }): void {
    for (const [producerId, { lastTimestampMs }] of this.#entries) {
      if (nowMs - lastTimestampMs <= PRODUCER_EXPIRY_MS) continue;
      const isBusy = inTransaction.has(producerId) || this.#before.has(producerId);
      if (!isBusy) this.#entries.delete(producerId);
    }
  }

  /** A Map keeps the order of insertion, so the producer silent for the longest time stays first. */
  #set(producerId: number, entry: ProducerEntry): void {
    this.#entries.delete(producerId);
    this.#entries.set(producerId, entry);
  }
}

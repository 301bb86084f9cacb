import type { TransactionResult } from "../../record/control.ts";
import type { TransactionError } from "./transaction-errors.ts";
import {
  contains,
  isEnding,
  type ProducerIdentity,
  type TopicPartition,
  type Transaction,
} from "./transaction.ts";

/** Every transactional id that is known, by its name and by its producer. */
export class TransactionRegistry {
  readonly #transactions = new Map<string, Transaction>();
  readonly #byProducer = new Map<number, string>();

  get size(): number {
    return this.#transactions.size;
  }

  get(transactionalId: string): Transaction | undefined {
    return this.#transactions.get(transactionalId);
  }

  all(): Transaction[] {
    return [...this.#transactions.values()];
  }

  /** Puts a transaction in the place of what was known of its id. */
  install(transaction: Transaction): void {
    const { transactionalId } = transaction;
    this.forget(transactionalId);
    this.#transactions.set(transactionalId, transaction);
    for (const producerId of producersOf(transaction)) {
      this.#byProducer.set(producerId, transactionalId);
    }
  }

  forget(transactionalId: string): void {
    const known = this.#transactions.get(transactionalId);
    if (known === undefined) return;
    this.#transactions.delete(transactionalId);
    for (const producerId of producersOf(known)) {
      if (this.#byProducer.get(producerId) === transactionalId) this.#byProducer.delete(producerId);
    }
  }

  /** Whether the producer may write to a partition within its transaction now, or else why not. */
  mayWrite(producer: ProducerIdentity, where: TopicPartition): TransactionError {
    const transaction = this.#ofProducer(producer.producerId);
    if (transaction?.producerId !== producer.producerId) return "INVALID_PRODUCER_ID_MAPPING";
    if (transaction.epoch !== producer.epoch) return "PRODUCER_FENCED";
    const isOpen = transaction.state === "Ongoing" && contains(transaction.partitions, where);
    return isOpen ? "NONE" : "INVALID_TXN_STATE";
  }

  /** The same for a producer that says which transactional id it means, as Kafka's brokers ask (KIP-890). */
  verify(
    transactionalId: string,
    producer: ProducerIdentity,
    where: TopicPartition,
  ): TransactionError {
    const transaction = this.#transactions.get(transactionalId);
    if (transaction?.producerId !== producer.producerId) return "INVALID_PRODUCER_ID_MAPPING";
    if (transaction.epoch !== producer.epoch) return "PRODUCER_FENCED";
    if (isEnding(transaction)) return "CONCURRENT_TRANSACTIONS";
    return contains(transaction.partitions, where) ? "NONE" : "TRANSACTION_ABORTABLE";
  }

  /**
   * How a transaction that a partition has open is to be ended when no such one is known, which a power
   * cut can leave behind; undefined while it is known, and ended in time.
   */
  resultOfLost(producerId: number, where: TopicPartition): TransactionResult | undefined {
    const transaction = this.#ofProducer(producerId);
    if (transaction === undefined) return "abort";
    const isOpen = transaction.state === "Ongoing" || isEnding(transaction);
    if (isOpen && contains(transaction.partitions, where)) return undefined;
    return transaction.state === "CompleteCommit" ? "commit" : "abort";
  }

  /** The transaction whose producer this is, or was until its epochs were used up with the last end. */
  #ofProducer(producerId: number): Transaction | undefined {
    return this.#transactions.get(this.#byProducer.get(producerId) ?? "");
  }
}

function producersOf({ producerId, previousProducerId }: Transaction): ReadonlySet<number> {
  return new Set(previousProducerId < 0 ? [producerId] : [producerId, previousProducerId]);
}

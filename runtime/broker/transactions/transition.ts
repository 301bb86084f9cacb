import type { ProducerIdentity, Transaction } from "./transaction.ts";
import type { TransactionError } from "./transaction-errors.ts";

/** What a transition may draw on besides the transaction and the event. */
export interface StepContext {
  readonly transactionalId: string;
  readonly nowMs: number;
  /** A producer id nobody has had, where one is needed; else -1. */
  readonly freshProducerId: number;
}

/** What an event does: an answer, which holds once `next`, if any, is in the journal. */
export interface TransactionTransition {
  readonly error: TransactionError;
  readonly next: Transaction | undefined;
  /** Who the producer is from now on, for answers that say so. */
  readonly producer: ProducerIdentity | undefined;
}

export function answer(
  error: TransactionError,
  next?: Transaction,
  producer?: ProducerIdentity,
): TransactionTransition {
  return { error, next, producer };
}

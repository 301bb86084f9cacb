import type { TransactionError } from "./transaction-errors.ts";
import type { ProducerIdentity } from "./transaction.ts";

/**
 * What a request that writes within a transaction can do, by its version (KIP-890): its partitions are
 * added to the transaction; or it has added them before, and knows TRANSACTION_ABORTABLE or does not.
 */
export type WriterKind = "adds" | "knows-abortable" | "knows-invalid-state";

/** Who is about to write within a transaction. */
export interface TransactionWriter {
  readonly transactionalId: string;
  readonly producer: ProducerIdentity;
  readonly kind: WriterKind;
}

/** The error as writers of this kind are told of it: they know epochs, and not of fencing. */
export function writerError(error: TransactionError, kind: WriterKind): TransactionError {
  if (error === "PRODUCER_FENCED") return "INVALID_PRODUCER_EPOCH";
  const isTooNew = error === "TRANSACTION_ABORTABLE" && kind === "knows-invalid-state";
  return isTooNew ? "INVALID_TXN_STATE" : error;
}

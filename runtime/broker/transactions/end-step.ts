import type { TransactionResult } from "../../record/control.ts";
import {
  type ClientVersion,
  identityAfter,
  isEnding,
  isExhausted,
  MAX_EPOCH,
  type ProducerIdentity,
  type Transaction,
} from "./transaction.ts";
import type { TransactionError } from "./transaction-errors.ts";
import { answer, type StepContext, type TransactionTransition } from "./transition.ts";

/** EndTxn. */
export interface EndEvent {
  readonly kind: "end";
  readonly producer: ProducerIdentity;
  readonly result: TransactionResult;
  readonly version: ClientVersion;
}

const PREPARED = { commit: "PrepareCommit", abort: "PrepareAbort" } as const;
const COMPLETED = { commit: "CompleteCommit", abort: "CompleteAbort" } as const;

/** Ends a transaction as its producer asks for, by the rules of the version its client speaks. */
export function stepEnd(
  transaction: Transaction | undefined,
  event: EndEvent,
  context: StepContext,
): TransactionTransition {
  if (transaction === undefined) return answer("INVALID_PRODUCER_ID_MAPPING");
  return event.version === 0
    ? endByOldRules(transaction, event, context.nowMs)
    : endWithBump(transaction, event, context);
}

/** The rules of KIP-98: the epoch stays, and who asks again for the same end is told that it is done. */
function endByOldRules(
  transaction: Transaction,
  { producer, result }: EndEvent,
  nowMs: number,
): TransactionTransition {
  const { producerId, epoch, state } = transaction;
  if (producerId !== producer.producerId) return answer("INVALID_PRODUCER_ID_MAPPING");
  if (epoch !== producer.epoch) return answer("PRODUCER_FENCED");
  if (isEnding(transaction)) {
    return answer(state === PREPARED[result] ? "CONCURRENT_TRANSACTIONS" : "INVALID_TXN_STATE");
  }
  if (state === COMPLETED[result]) return answer("NONE");
  if (state !== "Ongoing") return answer("INVALID_TXN_STATE");
  return answer("NONE", {
    ...transaction,
    previousProducerId: producerId,
    nextProducerId: -1,
    clientVersion: 0,
    state: PREPARED[result],
    updateMs: nowMs,
  });
}

/**
 * The rules of KIP-890: each end bumps the epoch, so that a request with the epoch before comes again,
 * and one with the present epoch is about the next transaction, which may be empty and aborted.
 */
function endWithBump(
  transaction: Transaction,
  event: EndEvent,
  context: StepContext,
): TransactionTransition {
  const { producer, result } = event;
  const { state } = transaction;
  if (isEnding(transaction)) return answer("CONCURRENT_TRANSACTIONS");
  const isRetry = comesAgain(transaction, producer);
  const isOurs = transaction.producerId === producer.producerId;
  if (!isOurs && !isRetry) return answer("INVALID_PRODUCER_ID_MAPPING");
  if (isRetry) {
    const error = answerToRetry(transaction, result);
    const { producerId, epoch } = transaction;
    return answer(error, undefined, error === "NONE" ? { producerId, epoch } : undefined);
  }
  if (producer.epoch !== transaction.epoch) return answer("PRODUCER_FENCED");
  if (state !== "Ongoing" && result === "commit") return answer("INVALID_TXN_STATE");
  const next = endNow(transaction, result, context);
  return answer("NONE", next, identityAfter(next));
}

/** Whether the request is one that has bumped the epoch already, the last one of the id before included. */
function comesAgain(transaction: Transaction, producer: ProducerIdentity): boolean {
  const { producerId, epoch, previousProducerId } = transaction;
  if (producer.producerId === producerId && producer.epoch + 1 === epoch) return true;
  return (
    producer.producerId === previousProducerId && producer.epoch === MAX_EPOCH - 1 && epoch === 0
  );
}

/** Only what has come to an end can have been ended before. */
function answerToRetry({ state }: Transaction, result: TransactionResult): TransactionError {
  if (state === COMPLETED[result]) return "NONE";
  return state === "CompleteCommit" || state === "CompleteAbort"
    ? "INVALID_TXN_STATE"
    : "PRODUCER_FENCED";
}

/** Aborts the open transaction in the name of a newer epoch, which its producer does not have. */
export function fence(transaction: Transaction, context: StepContext): Transaction {
  return endNow(transaction, "abort", context);
}

function endNow(
  transaction: Transaction,
  result: TransactionResult,
  { nowMs, freshProducerId }: StepContext,
): Transaction {
  const { producerId, epoch, state, startMs } = transaction;
  return {
    ...transaction,
    epoch: Math.min(epoch + 1, MAX_EPOCH),
    lastEpoch: epoch,
    previousProducerId: producerId,
    nextProducerId: isExhausted(epoch) ? freshProducerId : -1,
    clientVersion: 2,
    state: PREPARED[result],
    // An empty one begins and ends at once.
    startMs: state === "Ongoing" ? startMs : nowMs,
    updateMs: nowMs,
  };
}

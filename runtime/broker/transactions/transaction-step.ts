import type { TransactionResult } from "../../record/control.ts";
import {
  contains,
  deadlineMs,
  isEnding,
  type TopicPartition,
  type Transaction,
  withPartitions,
} from "./transaction.ts";
import type { TransactionError } from "./transaction-errors.ts";

/** The producer as it names itself in a request. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly epoch: number;
}

/** What can happen to a transactional id. */
export type TransactionEvent =
  | {
      readonly kind: "init";
      readonly timeoutMs: number;
      /** What the producer has been so far (KIP-360), or null when it begins. */
      readonly producer: ProducerIdentity | null;
      /** A producer id nobody has had, for when one is needed. */
      readonly freshProducerId: number;
    }
  | {
      readonly kind: "add";
      readonly producer: ProducerIdentity;
      readonly partitions: readonly TopicPartition[];
    }
  | {
      readonly kind: "end";
      readonly producer: ProducerIdentity;
      readonly result: TransactionResult;
    }
  /** Every partition has its marker. */
  | { readonly kind: "completed" }
  /** Time has passed: a transaction whose time is up is aborted. */
  | { readonly kind: "tick" };

/** What an event does: an answer, which holds once `next`, if any, is in the journal. */
export interface TransactionTransition {
  readonly error: TransactionError;
  readonly next: Transaction | undefined;
}

const MAX_EPOCH = 32_767;

function answer(error: TransactionError, next?: Transaction): TransactionTransition {
  return { error, next };
}

/** Whether an `init` may need a producer id that nobody has had. */
export function needsProducerId(transaction: Transaction | undefined): boolean {
  return transaction === undefined || isExhausted(transaction.epoch);
}

/** Kafka keeps the last epoch for fencing, so that an id is given up one epoch early. */
function isExhausted(epoch: number): boolean {
  return epoch >= MAX_EPOCH - 1;
}

/**
 * Transactions as a function of (transaction, event, time). The rules are those of Kafka's
 * TransactionCoordinator and TransactionMetadata with transaction version 1. Nothing is changed here:
 * the caller installs the new transaction once it is written.
 */
export function stepTransaction(
  transactionalId: string,
  transaction: Transaction | undefined,
  event: TransactionEvent,
  nowMs: number,
): TransactionTransition {
  switch (event.kind) {
    case "init":
      return transaction === undefined
        ? begin(transactionalId, event, nowMs)
        : init(transaction, event, nowMs);
    case "add":
      return add(transaction, event.producer, event.partitions, nowMs);
    case "end":
      return end(transaction, event.producer, event.result, nowMs);
    case "completed":
      return completed(transaction, nowMs);
    case "tick":
      return tick(transaction, nowMs);
  }
}

type Init = Extract<TransactionEvent, { kind: "init" }>;

function begin(transactionalId: string, event: Init, nowMs: number): TransactionTransition {
  return answer("NONE", {
    transactionalId,
    producerId: event.freshProducerId,
    epoch: 0,
    lastEpoch: -1,
    lastProducerId: -1,
    timeoutMs: event.timeoutMs,
    state: "Empty",
    partitions: new Map(),
    startMs: -1,
    updateMs: nowMs,
  });
}

function init(transaction: Transaction, event: Init, nowMs: number): TransactionTransition {
  const { producerId, epoch, lastEpoch, lastProducerId, state } = transaction;
  const { producer, timeoutMs } = event;
  const isKnown =
    producer === null ||
    producer.producerId === producerId ||
    (producer.producerId === lastProducerId && isExhausted(producer.epoch));
  if (!isKnown) return answer("PRODUCER_FENCED");
  if (isEnding(transaction)) return answer("CONCURRENT_TRANSACTIONS");
  // Somebody else's transaction ends first; the producer is told to ask again.
  if (state === "Ongoing") return answer("CONCURRENT_TRANSACTIONS", fence(transaction, nowMs));
  const empty = { ...transaction, state: "Empty", partitions: new Map(), startMs: -1 } as const;
  const next = { ...empty, timeoutMs, updateMs: nowMs };
  if (isExhausted(epoch) && (producer === null || producer.epoch === epoch)) {
    const fresh = { producerId: event.freshProducerId, epoch: 0, lastProducerId: producerId };
    return answer("NONE", { ...next, ...fresh, lastEpoch: producer === null ? -1 : epoch });
  }
  if (producer === null) return answer("NONE", { ...next, epoch: epoch + 1, lastEpoch: -1 });
  if (producer.epoch === epoch) {
    return answer("NONE", { ...next, epoch: epoch + 1, lastEpoch: epoch });
  }
  // The answer to its last request got lost, and it asks again with the epoch it had before.
  if (producer.epoch === lastEpoch) return answer("NONE", next);
  return answer("PRODUCER_FENCED");
}

/** Aborts the open transaction in the name of a newer epoch, which its producer does not have. */
function fence(transaction: Transaction, nowMs: number): Transaction {
  const epoch = Math.min(transaction.epoch + 1, MAX_EPOCH);
  return { ...transaction, epoch, lastEpoch: -1, state: "PrepareAbort", updateMs: nowMs };
}

function add(
  transaction: Transaction | undefined,
  producer: ProducerIdentity,
  partitions: readonly TopicPartition[],
  nowMs: number,
): TransactionTransition {
  if (transaction?.producerId !== producer.producerId) return answer("INVALID_PRODUCER_ID_MAPPING");
  if (transaction.epoch !== producer.epoch) return answer("PRODUCER_FENCED");
  if (isEnding(transaction)) return answer("CONCURRENT_TRANSACTIONS");
  if (transaction.state === "Ongoing") {
    const isKnown = partitions.every((one) => contains(transaction.partitions, one));
    if (isKnown) return answer("NONE");
    const all = withPartitions(transaction.partitions, partitions);
    return answer("NONE", { ...transaction, partitions: all, updateMs: nowMs });
  }
  return answer("NONE", {
    ...transaction,
    state: "Ongoing",
    partitions: withPartitions(new Map(), partitions),
    startMs: nowMs,
    updateMs: nowMs,
  });
}

function end(
  transaction: Transaction | undefined,
  producer: ProducerIdentity,
  result: TransactionResult,
  nowMs: number,
): TransactionTransition {
  if (transaction?.producerId !== producer.producerId) return answer("INVALID_PRODUCER_ID_MAPPING");
  if (transaction.epoch !== producer.epoch) return answer("PRODUCER_FENCED");
  const commits = result === "commit";
  switch (transaction.state) {
    case "Ongoing": {
      const state = commits ? "PrepareCommit" : "PrepareAbort";
      return answer("NONE", { ...transaction, state, updateMs: nowMs });
    }
    case "PrepareCommit":
      return answer(commits ? "CONCURRENT_TRANSACTIONS" : "INVALID_TXN_STATE");
    case "PrepareAbort":
      return answer(commits ? "INVALID_TXN_STATE" : "CONCURRENT_TRANSACTIONS");
    // The answer got lost, and the producer asks again.
    case "CompleteCommit":
      return answer(commits ? "NONE" : "INVALID_TXN_STATE");
    case "CompleteAbort":
      return answer(commits ? "INVALID_TXN_STATE" : "NONE");
    case "Empty":
    case "Dead":
      return answer("INVALID_TXN_STATE");
  }
}

function completed(transaction: Transaction | undefined, nowMs: number): TransactionTransition {
  if (transaction === undefined || !isEnding(transaction)) return answer("NONE");
  const state = transaction.state === "PrepareCommit" ? "CompleteCommit" : "CompleteAbort";
  return answer("NONE", { ...transaction, state, partitions: new Map(), updateMs: nowMs });
}

function tick(transaction: Transaction | undefined, nowMs: number): TransactionTransition {
  const dueMs = transaction && deadlineMs(transaction);
  if (transaction === undefined || dueMs === undefined || nowMs < dueMs) return answer("NONE");
  return answer("NONE", fence(transaction, nowMs));
}

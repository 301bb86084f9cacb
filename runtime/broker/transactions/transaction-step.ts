import { type InitEvent, stepInit } from "./init-step.ts";
import { type EndEvent, fence, stepEnd } from "./end-step.ts";
import {
  type ClientVersion,
  contains,
  deadlineMs,
  identityAfter,
  isEnding,
  isExhausted,
  type ProducerIdentity,
  type TopicPartition,
  type Transaction,
  withPartitions,
} from "./transaction.ts";
import { answer, type StepContext, type TransactionTransition } from "./transition.ts";

/** What can happen to a transactional id. */
export type TransactionEvent =
  | InitEvent
  | EndEvent
  | {
      readonly kind: "add";
      readonly producer: ProducerIdentity;
      readonly partitions: readonly TopicPartition[];
      readonly version: ClientVersion;
    }
  /** Every partition has its marker. */
  | { readonly kind: "completed" }
  /** Time has passed: a transaction whose time is up is aborted. */
  | { readonly kind: "tick" };

/** Whether an event may need a producer id that nobody has had. */
export function needsProducerId(
  transaction: Transaction | undefined,
  event: TransactionEvent,
): boolean {
  if (transaction === undefined) return event.kind === "init";
  if (event.kind === "add" || event.kind === "completed") return false;
  return isExhausted(transaction.epoch);
}

/**
 * Transactions as a function of (transaction, event, context). The rules are those of Kafka 4.4's
 * TransactionCoordinator and TransactionMetadata with transaction version 2 in the cluster, where the
 * version of each request says what its client can do. Nothing is changed here: the caller installs
 * the new transaction once it is written.
 */
export function stepTransaction(
  transaction: Transaction | undefined,
  event: TransactionEvent,
  context: StepContext,
): TransactionTransition {
  const { nowMs } = context;
  switch (event.kind) {
    case "init":
      return stepInit(transaction, event, context);
    case "add":
      return add(transaction, event, nowMs);
    case "end":
      return stepEnd(transaction, event, context);
    case "completed":
      return completed(transaction, nowMs);
    case "tick":
      return tick(transaction, context);
  }
}

function add(
  transaction: Transaction | undefined,
  event: Extract<TransactionEvent, { kind: "add" }>,
  nowMs: number,
): TransactionTransition {
  const { producer, partitions, version: clientVersion } = event;
  if (transaction === undefined) return answer("INVALID_PRODUCER_ID_MAPPING");
  const { producerId } = transaction;
  if (isEnding(transaction)) return answer("CONCURRENT_TRANSACTIONS");
  if (producerId !== producer.producerId) return answer("INVALID_PRODUCER_ID_MAPPING");
  if (transaction.epoch !== producer.epoch) return answer("PRODUCER_FENCED");
  const next = { ...transaction, previousProducerId: producerId, clientVersion, updateMs: nowMs };
  if (transaction.state === "Ongoing") {
    const isKnown = partitions.every((one) => contains(transaction.partitions, one));
    if (isKnown) return answer("NONE");
    return answer("NONE", {
      ...next,
      partitions: withPartitions(transaction.partitions, partitions),
    });
  }
  return answer("NONE", {
    ...next,
    state: "Ongoing",
    partitions: withPartitions(new Map(), partitions),
    startMs: nowMs,
  });
}

function completed(transaction: Transaction | undefined, nowMs: number): TransactionTransition {
  if (transaction === undefined || !isEnding(transaction)) return answer("NONE");
  return answer("NONE", {
    ...transaction,
    ...identityAfter(transaction),
    previousProducerId: transaction.producerId,
    nextProducerId: -1,
    state: transaction.state === "PrepareCommit" ? "CompleteCommit" : "CompleteAbort",
    partitions: new Map(),
    updateMs: nowMs,
  });
}

function tick(transaction: Transaction | undefined, context: StepContext): TransactionTransition {
  const dueMs = transaction && deadlineMs(transaction);
  if (transaction === undefined || dueMs === undefined || context.nowMs < dueMs) {
    return answer("NONE");
  }
  return answer("NONE", fence(transaction, context));
}

import { fence } from "./end-step.ts";
import { isEnding, isExhausted, type ProducerIdentity, type Transaction } from "./transaction.ts";
import { answer, type StepContext, type TransactionTransition } from "./transition.ts";

/** InitProducerId of a transactional producer. */
export interface InitEvent {
  readonly kind: "init";
  readonly timeoutMs: number;
  /** What the producer has been so far (KIP-360), or null when it begins. */
  readonly producer: ProducerIdentity | null;
}

/** Gives a transactional id its producer's next epoch, which fences whoever used it. */
export function stepInit(
  transaction: Transaction | undefined,
  event: InitEvent,
  context: StepContext,
): TransactionTransition {
  const { nowMs, freshProducerId } = context;
  const { producer, timeoutMs } = event;
  if (transaction === undefined) return begin(event, context);
  if (isEnding(transaction)) return answer("CONCURRENT_TRANSACTIONS");
  const { producerId, epoch, lastEpoch, previousProducerId, state } = transaction;
  const isKnown =
    producer === null ||
    producer.producerId === producerId ||
    (producer.producerId === previousProducerId && isExhausted(producer.epoch));
  if (!isKnown) return answer("PRODUCER_FENCED");
  // Somebody else's transaction ends first; the producer is told to ask again.
  if (state === "Ongoing") return answer("CONCURRENT_TRANSACTIONS", fence(transaction, context));
  const next = {
    ...transaction,
    previousProducerId: producerId,
    state: "Empty",
    partitions: new Map(),
    startMs: -1,
    timeoutMs,
    updateMs: nowMs,
  } as const;
  if (isExhausted(epoch) && (producer === null || producer.epoch === epoch)) {
    const fresh = { producerId: freshProducerId, epoch: 0 };
    return begun({ ...next, ...fresh, lastEpoch: producer === null ? -1 : epoch });
  }
  if (producer === null) return begun({ ...next, epoch: epoch + 1, lastEpoch: -1 });
  if (producer.epoch === epoch) return begun({ ...next, epoch: epoch + 1, lastEpoch: epoch });
  // The answer to its last request got lost, and it asks again with the epoch it had before.
  if (producer.epoch === lastEpoch) return begun(next);
  return answer("PRODUCER_FENCED");
}

function begin({ timeoutMs }: InitEvent, context: StepContext): TransactionTransition {
  const { transactionalId, nowMs, freshProducerId } = context;
  return begun({
    transactionalId,
    producerId: freshProducerId,
    epoch: 0,
    lastEpoch: -1,
    previousProducerId: freshProducerId,
    nextProducerId: -1,
    clientVersion: 0,
    timeoutMs,
    state: "Empty",
    partitions: new Map(),
    startMs: -1,
    updateMs: nowMs,
  });
}

function begun(next: Transaction): TransactionTransition {
  return answer("NONE", next, { producerId: next.producerId, epoch: next.epoch });
}

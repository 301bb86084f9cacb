import type { TransactionResult } from "../../record/control.ts";

/** Where a transactional id stands; names and numbers are those of Kafka's `TransactionState`. */
export const TRANSACTION_STATES = [
  "Empty",
  "Ongoing",
  "PrepareCommit",
  "PrepareAbort",
  "CompleteCommit",
  "CompleteAbort",
  "Dead",
] as const;
export type TransactionState = (typeof TRANSACTION_STATES)[number];

/**
 * Kafka's ClientTransactionVersion: what the version of a request says its client can do. 0 is the
 * protocol of KIP-98; with 2 partitions are added by writing to them and each end bumps the epoch (KIP-890).
 */
export type ClientVersion = 0 | 2;

/** The epochs of a producer id end here. */
export const MAX_EPOCH = 32_767;

/** The producer as it names itself in a request. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly epoch: number;
}

/** Topic to partition indexes. */
export type PartitionSet = ReadonlyMap<string, ReadonlySet<number>>;

/** What is known of one transactional id. Never changed, only replaced. */
export interface Transaction {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
  /** The epoch before the last bump, so that its producer may ask again (KIP-360); else -1. Not kept over a restart. */
  readonly lastEpoch: number;
  /** The producer id before the last change; another one only right after epochs were used up. */
  readonly previousProducerId: number;
  /** The producer id that takes over when the transaction has ended, as epochs are used up; else -1 (KIP-890). */
  readonly nextProducerId: number;
  /** {@link ClientVersion} of the request that began or ended the transaction. */
  readonly clientVersion: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  /** Where markers are due when the transaction ends; empty unless it is open or ending. */
  readonly partitions: PartitionSet;
  /** When the transaction began; -1 before the first. */
  readonly startMs: number;
  readonly updateMs: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export function contains(partitions: PartitionSet, { topic, partition }: TopicPartition): boolean {
  return partitions.get(topic)?.has(partition) === true;
}

/** Both together; `partitions` itself stays as it is. */
export function withPartitions(
  partitions: PartitionSet,
  more: readonly TopicPartition[],
): PartitionSet {
  const all = new Map<string, Set<number>>();
  for (const [topic, indexes] of partitions) all.set(topic, new Set(indexes));
  for (const { topic, partition } of more) {
    const indexes = all.get(topic);
    if (indexes === undefined) all.set(topic, new Set([partition]));
    else indexes.add(partition);
  }
  return all;
}

export function* eachPartition(partitions: PartitionSet): Generator<TopicPartition, void, void> {
  for (const [topic, indexes] of partitions) {
    for (const partition of indexes) yield { topic, partition };
  }
}

/** When an open transaction is aborted for its producer's silence; undefined while none is open. */
export function deadlineMs({ state, startMs, timeoutMs }: Transaction): number | undefined {
  return state === "Ongoing" ? startMs + timeoutMs : undefined;
}

/** It has been decided how the transaction ends, and not every partition may know. */
export function isEnding({ state }: Transaction): boolean {
  return state === "PrepareCommit" || state === "PrepareAbort";
}

/** How a transaction that is ending ends. */
export function resultOf({ state }: Transaction): TransactionResult {
  return state === "PrepareCommit" ? "commit" : "abort";
}

/** Kafka keeps the last epoch for fencing, so that an id is given up one epoch early. */
export function isExhausted(epoch: number): boolean {
  return epoch >= MAX_EPOCH - 1;
}

/** Who the producer is once its transaction has ended. */
export function identityAfter({
  producerId,
  epoch,
  nextProducerId,
}: Transaction): ProducerIdentity {
  return nextProducerId < 0 ? { producerId, epoch } : { producerId: nextProducerId, epoch: 0 };
}

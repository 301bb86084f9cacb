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

/** Topic to partition indexes. */
export type PartitionSet = ReadonlyMap<string, ReadonlySet<number>>;

/** What is known of one transactional id. Never changed, only replaced. */
export interface Transaction {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
  /** The epoch before the last bump that the producer itself asked for, so that it may ask again (KIP-360); else -1. */
  readonly lastEpoch: number;
  /** The producer id before its epochs were used up; -1 when there was none. Not kept over a restart. */
  readonly lastProducerId: number;
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

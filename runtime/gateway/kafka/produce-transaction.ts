import type { Broker } from "../../broker/broker.ts";
import type { TransactionError } from "../../broker/transactions/transaction-errors.ts";
import type { WriterKind } from "../../broker/transactions/transaction-writer.ts";
import type { TopicPartition } from "../../broker/transactions/transaction.ts";
import { BATCH_HEADER_BYTES, CURRENT_MAGIC, magicOf, readBatchHeader } from "../../record/batch.ts";
import { KAFKA_ERRORS } from "../../wire/kafka/errors.ts";
import type { ProduceRequest } from "../../wire/kafka/messages/00-produce.ts";

type PartitionData = ProduceRequest["topicData"][number]["partitionData"][number];

const ADDS_SINCE_VERSION = 12;
const ABORTABLE_SINCE_VERSION = 11;
const TOPIC_IDS_SINCE_VERSION = 13;

/** Whether a transactional batch of this version begins a transaction of its own epoch, from sequence 0 on. */
export function addsPartitions(version: number): boolean {
  return version >= ADDS_SINCE_VERSION;
}

function kindOf(version: number): WriterKind {
  if (addsPartitions(version)) return "adds";
  return version >= ABORTABLE_SINCE_VERSION ? "knows-abortable" : "knows-invalid-state";
}

interface TransactionalBatch {
  readonly data: PartitionData;
  readonly where: TopicPartition;
  readonly producer: { readonly producerId: number; readonly epoch: number };
  /** The partition has seen a later epoch of the producer. */
  readonly isOutdated: boolean;
}

function* transactionalBatches(
  broker: Broker,
  { topicData }: ProduceRequest,
  version: number,
): Generator<TransactionalBatch, void, void> {
  for (const { name, topicId, partitionData } of topicData) {
    const byId = version >= TOPIC_IDS_SINCE_VERSION;
    const topic = byId ? broker.topicById(topicId) : broker.topic(name);
    if (topic === undefined || topic.internal) continue;
    for (const data of partitionData) {
      const { records, index } = data;
      const log = topic.partitions[index]?.log;
      if (log === undefined || records === null || records.length < BATCH_HEADER_BYTES) continue;
      if (magicOf(records, 0) !== CURRENT_MAGIC) continue;
      const { isTransactional, producerId, producerEpoch: epoch } = readBatchHeader(records, 0);
      if (!isTransactional) continue;
      const isOutdated = (log.producers.entries.get(producerId)?.epoch ?? -1) > epoch;
      const where = { topic: topic.name, partition: index };
      yield { data, where, producer: { producerId, epoch }, isOutdated };
    }
  }
}

/**
 * Sees to it that the transaction of a Produce request has the partitions of its batches (KIP-890): they
 * are added, or up to version 11 looked for. Returns the error of each that must not be written. Batches
 * of a request without a transactional id are left to the partition, which refuses what is not open.
 */
export async function transactionFaults(
  broker: Broker,
  request: ProduceRequest,
  version: number,
): Promise<ReadonlyMap<PartitionData, number>> {
  const faults = new Map<PartitionData, number>();
  const batches = [...transactionalBatches(broker, request, version)];
  const producer = batches[0]?.producer;
  const { transactionalId } = request;
  if (producer === undefined || transactionalId === null) return faults;
  const isOne = batches.every(
    ({ producer: { producerId, epoch } }) =>
      producerId === producer.producerId && epoch === producer.epoch,
  );
  if (!isOne) {
    for (const { partitionData } of request.topicData) {
      for (const data of partitionData) faults.set(data, KAFKA_ERRORS.INVALID_PRODUCER_ID_MAPPING);
    }
    return faults;
  }
  const kind = kindOf(version);
  const enlisted: TransactionalBatch[] = [];
  for (const batch of batches) {
    if (batch.isOutdated) faults.set(batch.data, KAFKA_ERRORS.INVALID_PRODUCER_EPOCH);
    else enlisted.push(batch);
  }
  if (enlisted.length === 0) return faults;
  const writer = { transactionalId, producer, kind };
  const errors = await broker.transactions.enlist(
    writer,
    enlisted.map(({ where }) => where),
  );
  for (const [i, { data }] of enlisted.entries()) {
    const error = errors[i] ?? "UNKNOWN_SERVER_ERROR";
    if (error !== "NONE") faults.set(data, produceError(error, kind));
  }
  return faults;
}

/** What passes is said with an error after which every producer tries again, however old it is. */
function produceError(error: TransactionError, kind: WriterKind): number {
  const passes =
    error === "COORDINATOR_LOAD_IN_PROGRESS" ||
    error === "COORDINATOR_NOT_AVAILABLE" ||
    (error === "CONCURRENT_TRANSACTIONS" && kind !== "adds");
  return passes ? KAFKA_ERRORS.NOT_ENOUGH_REPLICAS : KAFKA_ERRORS[error];
}

import type { Broker } from "../../broker/broker.ts";
import type { TransactionError } from "../../broker/transactions/transaction-errors.ts";
import type { ProducerIdentity, TopicPartition } from "../../broker/transactions/transaction.ts";
import type {
  TransactionWriter,
  WriterKind,
} from "../../broker/transactions/transaction-writer.ts";
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
  readonly producer: ProducerIdentity;
  /** The partition has seen a later epoch of the producer. */
  readonly isOutdated: boolean;
}

/** Whether the request has batches of a transaction, wherever they are to go. */
function hasTransactional({ topicData }: ProduceRequest): boolean {
  return topicData.some(({ partitionData }) =>
    partitionData.some(({ records }) => records !== null && isTransactional(records)),
  );
}

/** Too short a batch is none: it is refused in any case. */
function isTransactional(records: Buffer): boolean {
  if (records.length < BATCH_HEADER_BYTES || magicOf(records, 0) !== CURRENT_MAGIC) return false;
  return readBatchHeader(records, 0).isTransactional;
}

/** Those of them that may be written. */
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
      if (log === undefined || records === null || !isTransactional(records)) continue;
      const { producerId, producerEpoch: epoch } = readBatchHeader(records, 0);
      const isOutdated = (log.producers.entries.get(producerId)?.epoch ?? -1) > epoch;
      const where = { topic: topic.name, partition: index };
      yield { data, where, producer: { producerId, epoch }, isOutdated };
    }
  }
}

type Faults = ReadonlyMap<PartitionData, number>;

function allFail({ topicData }: ProduceRequest, errorCode: number): Faults {
  return new Map(
    topicData.flatMap(({ partitionData }) => partitionData.map((data) => [data, errorCode])),
  );
}

/**
 * Sees to it that the transaction of a Produce request has the partitions of its batches (KIP-890): they
 * are added, or up to version 11 looked for. Resolves with the error of each that must not be written.
 * Undefined at once when there is no transaction.
 */
export function transactionFaults(
  broker: Broker,
  request: ProduceRequest,
  version: number,
): Promise<Faults> | undefined {
  const { transactionalId } = request;
  if (!hasTransactional(request)) return undefined;
  if (transactionalId === null) {
    const errorCode = KAFKA_ERRORS.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    return Promise.resolve(allFail(request, errorCode));
  }
  const batches = [...transactionalBatches(broker, request, version)];
  const producer = batches[0]?.producer;
  if (producer === undefined) return undefined;
  const isOne = batches.every(
    ({ producer: { producerId, epoch } }) =>
      producerId === producer.producerId && epoch === producer.epoch,
  );
  if (!isOne) return Promise.resolve(allFail(request, KAFKA_ERRORS.INVALID_PRODUCER_ID_MAPPING));
  return enlist(broker, { transactionalId, producer, kind: kindOf(version) }, batches);
}

async function enlist(
  broker: Broker,
  writer: TransactionWriter,
  batches: readonly TransactionalBatch[],
): Promise<Faults> {
  const faults = new Map<PartitionData, number>();
  const enlisted: TransactionalBatch[] = [];
  for (const batch of batches) {
    if (batch.isOutdated) faults.set(batch.data, KAFKA_ERRORS.INVALID_PRODUCER_EPOCH);
    else enlisted.push(batch);
  }
  if (enlisted.length === 0) return faults;
  const errors = await broker.transactions.enlist(
    writer,
    enlisted.map(({ where }) => where),
  );
  for (const [i, { data }] of enlisted.entries()) {
    const error = errors[i] ?? "UNKNOWN_SERVER_ERROR";
    if (error !== "NONE") faults.set(data, produceError(error, writer.kind));
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

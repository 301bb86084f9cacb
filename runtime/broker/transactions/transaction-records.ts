import { ByteReader, ByteWriter, MalformedRecordError } from "../coordinator/byte-codec.ts";
import type { CoordinatorRecord } from "../coordinator/records.ts";
import { type Transaction, TRANSACTION_STATES } from "./transaction.ts";

/*
 * Keys and values of `__transaction_state`, byte for byte as Kafka writes them (definitions
 * `TransactionLogKey` and `TransactionLogValue` in Kafka's transaction-coordinator). Written: key 0 and
 * value 1. Read: values 0 and 1; NextProducerEpoch (tag 3) belongs to KIP-939 and is left alone.
 */

const KEY_VERSION = 0;
const VALUE_VERSION = 1;
const FIRST_FLEXIBLE_VERSION = 1;
/** Tagged fields, with what stands for their absence. */
const PREVIOUS_PRODUCER_ID = { tag: 0, default: -1 } as const;
const NEXT_PRODUCER_ID = { tag: 1, default: -1 } as const;
const CLIENT_VERSION = { tag: 2, default: 0 } as const;

/** What a record says of a transactional id; null when it has been forgotten. */
export interface DecodedTransaction {
  readonly transactionalId: string;
  readonly transaction: Transaction | null;
}

function encodeKey(transactionalId: string): Buffer {
  return new ByteWriter().int16(KEY_VERSION).string(transactionalId).finish();
}

export function encodeTransaction(transaction: Transaction): CoordinatorRecord {
  const { partitions, state } = transaction;
  const writer = new ByteWriter().int16(VALUE_VERSION);
  writer.flexible = true;
  writer
    .int64(transaction.producerId)
    .int16(transaction.epoch)
    .int32(transaction.timeoutMs)
    .int8(TRANSACTION_STATES.indexOf(state));
  // Kafka writes null where no transaction has begun.
  writer.arrayLength(state === "Empty" ? -1 : partitions.size);
  for (const [topic, indexes] of partitions) {
    writer.string(topic).arrayLength(indexes.size);
    for (const index of indexes) writer.int32(index);
    writer.noTags();
  }
  writer.int64(transaction.updateMs).int64(transaction.startMs).tags(tagsOf(transaction));
  return { key: encodeKey(transaction.transactionalId), value: writer.finish() };
}

function tagsOf({ previousProducerId, nextProducerId, clientVersion }: Transaction) {
  const tags: (readonly [number, ByteWriter])[] = [];
  if (previousProducerId !== PREVIOUS_PRODUCER_ID.default) {
    tags.push([PREVIOUS_PRODUCER_ID.tag, new ByteWriter().int64(previousProducerId)]);
  }
  if (nextProducerId !== NEXT_PRODUCER_ID.default) {
    tags.push([NEXT_PRODUCER_ID.tag, new ByteWriter().int64(nextProducerId)]);
  }
  if (clientVersion !== CLIENT_VERSION.default) {
    tags.push([CLIENT_VERSION.tag, new ByteWriter().int16(clientVersion)]);
  }
  return tags;
}

/** The record that makes the log forget a transactional id. */
export function transactionTombstone(transactionalId: string): CoordinatorRecord {
  return { key: encodeKey(transactionalId), value: null };
}

/** Undefined for keys of newer brokers. Throws {@link MalformedRecordError} for impossible bytes. */
export function decodeTransaction(
  key: Buffer,
  value: Buffer | null,
): DecodedTransaction | undefined {
  const reader = new ByteReader(key);
  if (reader.int16() !== KEY_VERSION) return undefined;
  const transactionalId = reader.string();
  return { transactionalId, transaction: value && decodeValue(transactionalId, value) };
}

function decodeValue(transactionalId: string, bytes: Buffer): Transaction {
  const reader = new ByteReader(bytes);
  const version = reader.int16();
  if (version < 0 || version > VALUE_VERSION) {
    throw new MalformedRecordError(`transaction of version ${version}`);
  }
  reader.flexible = version >= FIRST_FLEXIBLE_VERSION;
  const producerId = reader.int64();
  const epoch = reader.int16();
  const timeoutMs = reader.int32();
  const status = reader.int8();
  const state = TRANSACTION_STATES[status];
  if (state === undefined) throw new MalformedRecordError(`transaction state ${status}`);
  const partitions = new Map<string, Set<number>>();
  for (let left = reader.nullableArrayLength(); left > 0; left--) {
    const topic = reader.string();
    const indexes = new Set<number>();
    for (let more = reader.arrayLength(); more > 0; more--) indexes.add(reader.int32());
    reader.skipTags();
    partitions.set(topic, indexes);
  }
  const updateMs = reader.int64();
  const startMs = reader.int64();
  const tags = reader.tags();
  return {
    transactionalId,
    producerId,
    epoch,
    lastEpoch: -1,
    previousProducerId: tags.get(PREVIOUS_PRODUCER_ID.tag)?.int64() ?? PREVIOUS_PRODUCER_ID.default,
    nextProducerId: tags.get(NEXT_PRODUCER_ID.tag)?.int64() ?? NEXT_PRODUCER_ID.default,
    clientVersion: tags.get(CLIENT_VERSION.tag)?.int16() ?? CLIENT_VERSION.default,
    timeoutMs,
    state,
    partitions,
    updateMs,
    startMs,
  };
}

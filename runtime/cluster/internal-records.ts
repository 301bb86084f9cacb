import { MalformedRecordError } from "../broker/coordinator/byte-codec.ts";
import { readAssignment } from "../broker/coordinator/consumer-protocol.ts";
import type { ConsumerRecord } from "../broker/coordinator/consumer/records.ts";
import {
  type CommittedOffset,
  type DecodedRecord,
  decodeRecord,
  type GroupMetadata,
} from "../broker/coordinator/records.ts";
import type { Transaction } from "../broker/transactions/transaction.ts";
import { decodeTransaction } from "../broker/transactions/transaction-records.ts";

/** A key or value of one of Kafka's own topics: its type and fields have the names of Kafka's definitions. */
export interface InternalData {
  readonly type: string;
  readonly version: number;
  readonly [field: string]: unknown;
}

export type InternalRecord =
  | { readonly kind: "record"; readonly key: InternalData; readonly value: InternalData | null }
  | { readonly kind: "unreadable"; readonly reason: string };

type Read = (key: Buffer, value: Buffer | null) => InternalRecord;

const READERS: Readonly<Record<string, Read>> = {
  __consumer_offsets: readGroupRecord,
  __transaction_state: readTransactionRecord,
};

/** Whether a topic is one that Kafka keeps its own records in, which `readInternalRecord` reads. */
export function isInternalTopic(topic: string): boolean {
  return Object.hasOwn(READERS, topic);
}

/** What a record of one of these topics says; undefined for other topics. Never throws for bytes, whatever they are. */
export function readInternalRecord(
  topic: string,
  key: Buffer,
  value: Buffer | null,
): InternalRecord | undefined {
  const read = isInternalTopic(topic) ? READERS[topic] : undefined;
  try {
    return read?.(key, value);
  } catch (error) {
    if (error instanceof MalformedRecordError) {
      return { kind: "unreadable", reason: error.message };
    }
    throw error;
  }
}

function versionOf(bytes: Buffer): number {
  return bytes.length < 2 ? -1 : bytes.readInt16BE(0);
}

function data(
  type: string,
  bytes: Buffer,
  fields: Readonly<Record<string, unknown>>,
): InternalData {
  return { type, version: versionOf(bytes), ...fields };
}

function readGroupRecord(key: Buffer, value: Buffer | null): InternalRecord {
  const record = decodeRecord(key, value);
  if (record.kind === "unknown") {
    return { kind: "unreadable", reason: `keys of version ${record.keyVersion} are not known` };
  }
  const { name, keyFields, valueFields } = groupFields(record);
  return {
    kind: "record",
    key: data(`${name}Key`, key, keyFields),
    value: value && data(`${name}Value`, value, valueFields ?? {}),
  };
}

interface Fields {
  readonly name: string;
  readonly keyFields: Readonly<Record<string, unknown>>;
  readonly valueFields: Readonly<Record<string, unknown>> | null;
}

function groupFields(record: Exclude<DecodedRecord, { kind: "unknown" }>): Fields {
  switch (record.kind) {
    case "offset": {
      const { groupId: group, topic, partition } = record.key;
      const valueFields = record.value && offsetFields(record.value);
      return { name: "OffsetCommit", keyFields: { group, topic, partition }, valueFields };
    }
    case "group": {
      const valueFields = record.value && classicGroupFields(record.value);
      return { name: "GroupMetadata", keyFields: { group: record.groupId }, valueFields };
    }
    case "consumer":
      return consumerFields(record.record);
  }
}

function offsetFields(value: CommittedOffset): Readonly<Record<string, unknown>> {
  const { offset, leaderEpoch, metadata, commitTimeMs, expireTimeMs } = value;
  const commit = { offset, leaderEpoch, metadata, commitTimestamp: time(commitTimeMs) };
  return expireTimeMs === null ? commit : { ...commit, expireTimestamp: time(expireTimeMs) };
}

function classicGroupFields(value: GroupMetadata): Readonly<Record<string, unknown>> {
  const { protocolType, generation, protocol, leader, stateSinceMs } = value;
  return {
    ...{ protocolType, generation, protocol, leader },
    currentStateTimestamp: stateSinceMs === null ? null : time(stateSinceMs),
    members: value.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      // What the members tell each other is theirs; consumers do it in the consumer protocol.
      subscription: hex(member.subscription),
      assignment: readAssignment(member.assignment) ?? hex(member.assignment),
    })),
  };
}

function consumerFields(record: ConsumerRecord): Fields {
  const group = { groupId: record.groupId };
  switch (record.kind) {
    case "group":
      return { name: "ConsumerGroupMetadata", keyFields: group, valueFields: record.value };
    case "targets": {
      const { value } = record;
      const valueFields = value && {
        assignmentEpoch: value.epoch,
        assignmentTimestamp: time(value.madeAtMs),
      };
      return { name: "ConsumerGroupTargetAssignmentMetadata", keyFields: group, valueFields };
    }
    case "member": {
      const keyFields = { ...group, memberId: record.memberId };
      const valueFields = record.value && { ...record.value };
      return { name: "ConsumerGroupMemberMetadata", keyFields, valueFields };
    }
    case "target": {
      const keyFields = { ...group, memberId: record.memberId };
      const valueFields = record.value && { topicPartitions: partitionsOf(record.value) };
      return { name: "ConsumerGroupTargetAssignmentMember", keyFields, valueFields };
    }
    case "position": {
      const { value } = record;
      const valueFields = value && {
        ...{ memberEpoch: value.epoch, previousMemberEpoch: value.previousEpoch },
        state: value.state,
        assignedPartitions: partitionsOf(value.assigned),
        partitionsPendingRevocation: partitionsOf(value.revoking),
      };
      const keyFields = { ...group, memberId: record.memberId };
      return { name: "ConsumerGroupCurrentMemberAssignment", keyFields, valueFields };
    }
    case "regex": {
      const { value } = record;
      const valueFields = value && {
        ...{ topics: value.topics, version: value.version, timestamp: time(value.timestampMs) },
      };
      const keyFields = { ...group, regularExpression: record.pattern };
      return { name: "ConsumerGroupRegularExpression", keyFields, valueFields };
    }
  }
}

function partitionsOf(assignment: ReadonlyMap<string, Iterable<number>>) {
  return [...assignment].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions] }));
}

function readTransactionRecord(key: Buffer, value: Buffer | null): InternalRecord {
  const record = decodeTransaction(key, value);
  if (record === undefined) {
    return { kind: "unreadable", reason: `keys of version ${versionOf(key)} are not known` };
  }
  const { transactionalId, transaction } = record;
  return {
    kind: "record",
    key: data("TransactionLogKey", key, { transactionalId }),
    value:
      value && transaction && data("TransactionLogValue", value, transactionFields(transaction)),
  };
}

function transactionFields(transaction: Transaction): Readonly<Record<string, unknown>> {
  const { partitions } = transaction;
  return {
    producerId: transaction.producerId,
    previousProducerId: transaction.previousProducerId,
    nextProducerId: transaction.nextProducerId,
    producerEpoch: transaction.epoch,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStatus: transaction.state,
    transactionPartitions: [...partitions].map(([topic, indexes]) => ({
      ...{ topic, partitionIds: [...indexes] },
    })),
    transactionLastUpdateTimestamp: time(transaction.updateMs),
    transactionStartTimestamp: time(transaction.startMs),
    clientTransactionVersion: transaction.clientVersion,
  };
}

function hex(bytes: Buffer): string {
  return bytes.toString("hex");
}

/** A time as people read it, or the number where it is none. */
function time(timeMs: number): string | number {
  const date = new Date(timeMs);
  return timeMs < 0 || Number.isNaN(date.getTime()) ? timeMs : date.toISOString();
}

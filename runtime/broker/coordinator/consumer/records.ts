import { ByteReader, ByteWriter, MalformedRecordError } from "../byte-codec.ts";
import type { CoordinatorRecord } from "../records.ts";
import { assignmentOf, toTopicPartitions, type Assignment } from "./assignment.ts";
import type { ConsumerMember, ConsumerMemberState } from "./consumer-group.ts";

/** What a member says of itself, as record 5 keeps it. */
export type ConsumerSubscription = Pick<
  ConsumerMember,
  | "instanceId"
  | "rackId"
  | "clientId"
  | "clientHost"
  | "topics"
  | "regex"
  | "rebalanceTimeoutMs"
  | "assignor"
>;

/** Where a member stands, as record 8 keeps it. */
export type ConsumerPosition = Pick<
  ConsumerMember,
  "epoch" | "previousEpoch" | "state" | "assigned" | "revoking"
>;

/**
 * The records of a consumer group in `__consumer_offsets`. A value of null is a tombstone. They are
 * Kafka's own, byte for byte: ConsumerGroupMetadata (3), ConsumerGroupMemberMetadata (5),
 * ConsumerGroupTargetAssignmentMetadata (6) and -Member (7), ConsumerGroupCurrentMemberAssignment (8)
 * and ConsumerGroupRegularExpression (16). ConsumerGroupPartitionMetadata (4) is of Kafka 4.0 only: it
 * is left alone.
 */
export type ConsumerRecord = { readonly groupId: string } & (
  | {
      readonly kind: "group";
      readonly value: { readonly epoch: number; readonly metadataHash: number } | null;
    }
  | {
      readonly kind: "member";
      readonly memberId: string;
      readonly value: ConsumerSubscription | null;
    }
  | {
      readonly kind: "targets";
      readonly value: { readonly epoch: number; readonly madeAtMs: number } | null;
    }
  | { readonly kind: "target"; readonly memberId: string; readonly value: Assignment | null }
  | {
      readonly kind: "position";
      readonly memberId: string;
      readonly value: ConsumerPosition | null;
    }
  | {
      readonly kind: "regex";
      readonly pattern: string;
      readonly value: {
        readonly topics: readonly string[];
        readonly version: number;
        readonly timestampMs: number;
      } | null;
    }
);

const KEY_VERSIONS = {
  group: 3,
  member: 5,
  targets: 6,
  target: 7,
  position: 8,
  regex: 16,
} as const;
const KINDS = new Map<number, ConsumerRecord["kind"]>([
  [3, "group"],
  [5, "member"],
  [6, "targets"],
  [7, "target"],
  [8, "position"],
  [16, "regex"],
]);
const STATES: readonly ConsumerMemberState[] = [
  "Stable",
  "UnrevokedPartitions",
  "UnreleasedPartitions",
];
const VALUE_VERSION = 0;

export function encodeConsumerRecord(record: ConsumerRecord): CoordinatorRecord {
  const key = new ByteWriter().int16(KEY_VERSIONS[record.kind]).string(record.groupId);
  if ("memberId" in record) key.string(record.memberId);
  else if ("pattern" in record) key.string(record.pattern);
  return { key: key.finish(), value: record.value === null ? null : encodeValue(record) };
}

function encodeValue(record: ConsumerRecord): Buffer {
  const writer = new ByteWriter().int16(VALUE_VERSION);
  writer.flexible = true;
  switch (record.kind) {
    case "group":
      writer.int32(record.value?.epoch ?? 0);
      return writer.taggedInt64(record.value?.metadataHash ?? 0).finish();
    case "targets":
      writer.int32(record.value?.epoch ?? 0);
      return writer.taggedInt64(record.value?.madeAtMs ?? 0).finish();
    case "member":
      if (record.value !== null) writeSubscription(writer, record.value);
      break;
    case "target":
      writeAssignment(writer, record.value ?? new Map());
      break;
    case "position":
      if (record.value !== null) writePosition(writer, record.value);
      break;
    case "regex":
      writeStrings(writer, record.value?.topics ?? []);
      writer.int64(record.value?.version ?? 0).int64(record.value?.timestampMs ?? 0);
      break;
  }
  return writer.noTags().finish();
}

function writeSubscription(writer: ByteWriter, value: ConsumerSubscription): void {
  writer.string(value.instanceId).string(value.rackId);
  writer.string(value.clientId).string(value.clientHost);
  writeStrings(writer, value.topics);
  writer.string(value.regex).int32(value.rebalanceTimeoutMs).string(value.assignor);
}

function writePosition(writer: ByteWriter, value: ConsumerPosition): void {
  writer.int32(value.epoch).int32(value.previousEpoch).int8(STATES.indexOf(value.state));
  writeAssignment(writer, value.assigned);
  writeAssignment(writer, value.revoking);
}

function writeStrings(writer: ByteWriter, strings: readonly string[]): void {
  writer.arrayLength(strings.length);
  for (const one of strings) writer.string(one);
}

function writeAssignment(writer: ByteWriter, assignment: Assignment): void {
  writer.arrayLength(assignment.size);
  for (const { topicId, partitions } of toTopicPartitions(assignment)) {
    writer.uuid(topicId).arrayLength(partitions.length);
    for (const partition of partitions) writer.int32(partition);
    writer.noTags();
  }
}

/**
 * Decodes a record whose key has this version and stands in `key` after it; undefined when it is not
 * of a consumer group. Throws {@link MalformedRecordError}.
 */
export function decodeConsumerRecord(
  keyVersion: number,
  key: ByteReader,
  bytes: Buffer | null,
): ConsumerRecord | undefined {
  const kind = KINDS.get(keyVersion);
  if (kind === undefined) return undefined;
  const groupId = key.string();
  const value = bytes === null ? null : openValue(bytes);
  switch (kind) {
    case "group": {
      const epoch = value?.int32();
      if (epoch === undefined) return { groupId, kind, value: null };
      return { groupId, kind, value: { epoch, metadataHash: value?.taggedInt64(0) ?? 0 } };
    }
    case "targets": {
      const epoch = value?.int32();
      if (epoch === undefined) return { groupId, kind, value: null };
      return { groupId, kind, value: { epoch, madeAtMs: value?.taggedInt64(0) ?? 0 } };
    }
    case "member":
      return { groupId, kind, memberId: key.string(), value: value && readSubscription(value) };
    case "target":
      return { groupId, kind, memberId: key.string(), value: value && readAssignment(value) };
    case "position":
      return { groupId, kind, memberId: key.string(), value: value && readPosition(value) };
    case "regex":
      return { groupId, kind, pattern: key.string(), value: value && readRegex(value) };
  }
}

function openValue(bytes: Buffer): ByteReader {
  const reader = new ByteReader(bytes);
  const version = reader.int16();
  if (version !== VALUE_VERSION) {
    throw new MalformedRecordError(`consumer group record of version ${version}`);
  }
  reader.flexible = true;
  return reader;
}

function readSubscription(reader: ByteReader): ConsumerSubscription {
  return {
    instanceId: reader.nullableString(),
    rackId: reader.nullableString(),
    clientId: reader.string(),
    clientHost: reader.string(),
    topics: readStrings(reader),
    regex: reader.nullableString(),
    rebalanceTimeoutMs: reader.int32(),
    assignor: reader.nullableString(),
  };
}

function readPosition(reader: ByteReader): ConsumerPosition {
  const epoch = reader.int32();
  const previousEpoch = reader.int32();
  const state = STATES[reader.int8()];
  if (state === undefined) throw new MalformedRecordError("unknown member state");
  const assigned = readAssignment(reader);
  return { epoch, previousEpoch, state, assigned, revoking: readAssignment(reader) };
}

function readRegex(reader: ByteReader) {
  return { topics: readStrings(reader), version: reader.int64(), timestampMs: reader.int64() };
}

function readStrings(reader: ByteReader): string[] {
  const strings: string[] = [];
  for (let left = reader.arrayLength(); left > 0; left--) strings.push(reader.string());
  return strings;
}

function readAssignment(reader: ByteReader): Assignment {
  const topics = [];
  for (let left = reader.arrayLength(); left > 0; left--) {
    const topicId = reader.uuid();
    const partitions: number[] = [];
    for (let more = reader.arrayLength(); more > 0; more--) partitions.push(reader.int32());
    reader.skipTags();
    topics.push({ topicId, partitions });
  }
  return assignmentOf(topics);
}

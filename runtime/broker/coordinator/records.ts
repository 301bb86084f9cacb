import { ByteReader, ByteWriter, MalformedRecordError } from "./byte-codec.ts";
import { decodeConsumerRecord, type ConsumerRecord } from "./consumer/records.ts";

/**
 * Keys and values of `__consumer_offsets`, byte for byte as Kafka writes them (definitions
 * `OffsetCommitKey`, `OffsetCommitValue`, `GroupMetadataKey`, `GroupMetadataValue` in Kafka's
 * group-coordinator), so that any Kafka tool decodes the topic. Written: keys v1 and v2, values v3
 * (v1 for an offset with its own expiry). Read: offsets v0-4, groups v0-4. What consumer groups of
 * KIP-848 keep is in `consumer/records.ts`.
 */
export interface CoordinatorRecord {
  readonly key: Buffer;
  /** Null is a tombstone. */
  readonly value: Buffer | null;
}

export interface OffsetKey {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
}

export interface CommittedOffset {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
  readonly commitTimeMs: number;
  /** Set when the committer asked for a retention of its own, else null. */
  readonly expireTimeMs: number | null;
}

export interface MemberMetadata {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rebalanceTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  /** The member's metadata for the group's protocol. */
  readonly subscription: Buffer;
  readonly assignment: Buffer;
}

export interface GroupMetadata {
  /** Empty for a group without one. */
  readonly protocolType: string;
  readonly generation: number;
  readonly protocol: string | null;
  readonly leader: string | null;
  /** When the group entered its present state; null in records of old versions. */
  readonly stateSinceMs: number | null;
  readonly members: readonly MemberMetadata[];
}

/** What a record says. `unknown` keys belong to newer brokers and are left alone. */
export type DecodedRecord =
  | { readonly kind: "offset"; readonly key: OffsetKey; readonly value: CommittedOffset | null }
  | { readonly kind: "group"; readonly groupId: string; readonly value: GroupMetadata | null }
  | { readonly kind: "consumer"; readonly record: ConsumerRecord }
  | { readonly kind: "unknown"; readonly keyVersion: number };

const OFFSET_KEY_VERSION = 1;
const GROUP_KEY_VERSION = 2;
const FIRST_FLEXIBLE_VERSION = 4;

export function encodeOffset(key: OffsetKey, value: CommittedOffset | null): CoordinatorRecord {
  return {
    key: new ByteWriter()
      .int16(OFFSET_KEY_VERSION)
      .string(key.groupId)
      .string(key.topic)
      .int32(key.partition)
      .finish(),
    value: value === null ? null : encodeOffsetValue(value),
  };
}

function encodeOffsetValue(value: CommittedOffset): Buffer {
  const { offset, leaderEpoch, metadata, commitTimeMs, expireTimeMs } = value;
  if (expireTimeMs !== null) {
    // Only version 1 has the expiry; Kafka gives up the leader epoch for it as well.
    const writer = new ByteWriter().int16(1).int64(offset).string(metadata);
    return writer.int64(commitTimeMs).int64(expireTimeMs).finish();
  }
  const writer = new ByteWriter().int16(3).int64(offset).int32(leaderEpoch);
  return writer.string(metadata).int64(commitTimeMs).finish();
}

export function encodeGroup(groupId: string, value: GroupMetadata | null): CoordinatorRecord {
  return {
    key: new ByteWriter().int16(GROUP_KEY_VERSION).string(groupId).finish(),
    value: value === null ? null : encodeGroupValue(value),
  };
}

function encodeGroupValue(value: GroupMetadata): Buffer {
  const writer = new ByteWriter()
    .int16(3)
    .string(value.protocolType)
    .int32(value.generation)
    .string(value.protocol)
    .string(value.leader)
    .int64(value.stateSinceMs ?? -1)
    .int32(value.members.length);
  for (const member of value.members) {
    writer
      .string(member.memberId)
      .string(member.instanceId)
      .string(member.clientId)
      .string(member.clientHost)
      .int32(member.rebalanceTimeoutMs)
      .int32(member.sessionTimeoutMs)
      .bytes(member.subscription)
      .bytes(member.assignment);
  }
  return writer.finish();
}

/** The key of an offset, from a record that has been written here. */
export function decodeOffsetKey(key: Buffer): OffsetKey {
  const reader = new ByteReader(key);
  reader.int16();
  return { groupId: reader.string(), topic: reader.string(), partition: reader.int32() };
}

/** Decodes one record. Throws {@link MalformedRecordError} when a known key holds impossible bytes. */
export function decodeRecord(key: Buffer, value: Buffer | null): DecodedRecord {
  const reader = new ByteReader(key);
  const keyVersion = reader.int16();
  if (keyVersion === 0 || keyVersion === OFFSET_KEY_VERSION) {
    const offsetKey = {
      groupId: reader.string(),
      topic: reader.string(),
      partition: reader.int32(),
    };
    return {
      kind: "offset",
      key: offsetKey,
      value: value === null ? null : decodeOffsetValue(value),
    };
  }
  if (keyVersion === GROUP_KEY_VERSION) {
    const groupId = reader.string();
    return { kind: "group", groupId, value: value === null ? null : decodeGroupValue(value) };
  }
  const record = decodeConsumerRecord(keyVersion, reader, value);
  return record === undefined ? { kind: "unknown", keyVersion } : { kind: "consumer", record };
}

/** Reads a value's version and prepares the reader for it. */
function openValue(bytes: Buffer, what: string): { reader: ByteReader; version: number } {
  const reader = new ByteReader(bytes);
  const version = reader.int16();
  if (version < 0 || version > 4) throw new MalformedRecordError(`${what} of version ${version}`);
  reader.flexible = version >= FIRST_FLEXIBLE_VERSION;
  return { reader, version };
}

function decodeOffsetValue(bytes: Buffer): CommittedOffset {
  const { reader, version } = openValue(bytes, "offset");
  const offset = reader.int64();
  const leaderEpoch = version >= 3 ? reader.int32() : -1;
  const metadata = reader.string();
  const commitTimeMs = reader.int64();
  const expireTimeMs = version === 1 ? reader.int64() : -1;
  return {
    offset,
    leaderEpoch,
    metadata,
    commitTimeMs,
    expireTimeMs: expireTimeMs < 0 ? null : expireTimeMs,
  };
}

function decodeGroupValue(bytes: Buffer): GroupMetadata {
  const { reader, version } = openValue(bytes, "group");
  const protocolType = reader.string();
  const generation = reader.int32();
  const protocol = reader.nullableString();
  const leader = reader.nullableString();
  const stateSinceMs = version >= 2 ? reader.int64() : -1;
  const members: MemberMetadata[] = [];
  for (let left = reader.arrayLength(); left > 0; left--) {
    members.push(decodeMember(reader, version));
  }
  return {
    protocolType,
    generation,
    protocol,
    leader,
    stateSinceMs: stateSinceMs < 0 ? null : stateSinceMs,
    members,
  };
}

function decodeMember(reader: ByteReader, version: number): MemberMetadata {
  const memberId = reader.string();
  const instanceId = version >= 3 ? reader.nullableString() : null;
  const clientId = reader.string();
  const clientHost = reader.string();
  const rebalanceTimeoutMs = version >= 1 ? reader.int32() : -1;
  const sessionTimeoutMs = reader.int32();
  const subscription = reader.bytes();
  const assignment = reader.bytes();
  reader.skipTags();
  return {
    memberId,
    instanceId,
    clientId,
    clientHost,
    rebalanceTimeoutMs: rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
    sessionTimeoutMs,
    subscription,
    assignment,
  };
}

import type { GroupError } from "../group-errors.ts";
import type { CommitRequest } from "../group-requests.ts";
import type { GroupOffsets } from "../group-store.ts";
import { encodeOffset, type CommittedOffset, type CoordinatorRecord } from "../records.ts";
import type { ConsumerGroup } from "./consumer-group.ts";
import { encodeConsumerRecord } from "./records.ts";
import { subscribedNames } from "./topics.ts";

/** OffsetCommit from this version on knows the errors of the consumer protocol. */
const FIRST_COMMIT_VERSION = 9;
/** TxnOffsetCommit from this version on knows them, and that a group may be missing (KIP-1319). */
export const FIRST_TXN_COMMIT_VERSION = 6;

/** A member as it names itself when it asks for offsets; no id and -1 is an administrator. */
export interface EpochClaim {
  readonly memberId: string | null;
  readonly epoch: number;
}

/** Who may commit: a member at its present epoch; without an epoch anybody while the group is empty. */
export function checkConsumerCommit(group: ConsumerGroup, request: CommitRequest): GroupError {
  const { memberId, instanceId, generation: epoch, apiVersion, producer } = request;
  if (epoch < 0 && group.members.size === 0) return "NONE";
  const member = group.members.get(memberId);
  if (producer !== undefined) {
    // Producers older than KIP-447 commit for a group without saying who they are in it.
    if (epoch === -1 && memberId === "" && instanceId === null) return "NONE";
    if (member === undefined) return "UNKNOWN_MEMBER_ID";
    if (member.epoch === epoch) return "NONE";
    return apiVersion >= FIRST_TXN_COMMIT_VERSION ? "STALE_MEMBER_EPOCH" : "ILLEGAL_GENERATION";
  }
  if (member === undefined) return "UNKNOWN_MEMBER_ID";
  if (apiVersion < FIRST_COMMIT_VERSION) return "UNSUPPORTED_VERSION";
  return member.epoch === epoch ? "NONE" : "STALE_MEMBER_EPOCH";
}

/** Who may read offsets: anybody who does not claim to be a member, and members at their epoch. */
export function checkConsumerFetch(
  group: ConsumerGroup,
  { memberId, epoch }: EpochClaim,
): GroupError {
  if (memberId === null && epoch < 0) return "NONE";
  const member = group.members.get(memberId ?? "");
  if (member === undefined) return "UNKNOWN_MEMBER_ID";
  return member.epoch === epoch ? "NONE" : "STALE_MEMBER_EPOCH";
}

export function isConsumerSubscribed(group: ConsumerGroup, topic: string): boolean {
  for (const member of group.members.values()) {
    if (subscribedNames(member, group.regexes).has(topic)) return true;
  }
  return false;
}

/** Tombstones for all that an empty group has besides offsets. */
export function consumerTombstones({ groupId, regexes }: ConsumerGroup): CoordinatorRecord[] {
  return [
    ...Array.from(regexes.keys(), (pattern) =>
      encodeConsumerRecord({ kind: "regex", groupId, pattern, value: null }),
    ),
    encodeConsumerRecord({ kind: "targets", groupId, value: null }),
    encodeConsumerRecord({ kind: "group", groupId, value: null }),
  ];
}

/**
 * Tombstones for what retention takes from a consumer group: offsets of topics without subscribers,
 * counted from their commit, and the group itself when it is empty and has none left.
 */
export function expiredConsumerRecords(
  group: ConsumerGroup,
  offsets: GroupOffsets,
  nowMs: number,
  retentionMs: number,
): CoordinatorRecord[] {
  const { groupId } = group;
  const records: CoordinatorRecord[] = [];
  const isOver = ({ commitTimeMs, expireTimeMs }: CommittedOffset) =>
    nowMs >= (expireTimeMs ?? commitTimeMs + retentionMs);
  let left = 0;
  for (const [topic, partitions] of offsets) {
    const kept = isConsumerSubscribed(group, topic);
    for (const [partition, committed] of partitions) {
      if (kept || !isOver(committed)) left += 1;
      else records.push(encodeOffset({ groupId, topic, partition }, null));
    }
  }
  if (left === 0 && group.members.size === 0) records.push(...consumerTombstones(group));
  return records;
}

import { NOTHING } from "./assignment.ts";
import { emptyConsumerGroup, type ConsumerGroup, type ConsumerMember } from "./consumer-group.ts";
import type { ConsumerRecord } from "./records.ts";

/** A member of which only one of its records has been read so far. */
const UNKNOWN_MEMBER: ConsumerMember = {
  memberId: "",
  instanceId: null,
  rackId: null,
  clientId: "",
  clientHost: "",
  topics: [],
  regex: null,
  rebalanceTimeoutMs: -1,
  assignor: null,
  epoch: 0,
  previousEpoch: 0,
  state: "Stable",
  assigned: NOTHING,
  revoking: NOTHING,
};

/**
 * The only thing that changes a consumer group: what a record makes of it. Undefined is a group that
 * is not there; the tombstone of its metadata takes it away.
 */
export function applyConsumerRecord(
  before: ConsumerGroup | undefined,
  record: ConsumerRecord,
): ConsumerGroup | undefined {
  if (before === undefined && record.value === null) return undefined;
  const group = before ?? emptyConsumerGroup(record.groupId);
  switch (record.kind) {
    case "group":
      return record.value === null ? undefined : { ...group, ...record.value };
    case "targets":
      return { ...group, assignmentEpoch: record.value?.epoch ?? -1 };
    case "target":
      return { ...group, targets: changed(group.targets, record.memberId, record.value) };
    case "regex":
      return {
        ...group,
        regexes: changed(group.regexes, record.pattern, record.value?.topics ?? null),
      };
    case "member":
      return { ...group, members: changedMember(group, record.memberId, record.value) };
    case "position": {
      if (record.value === null && !group.members.has(record.memberId)) return group;
      const value = record.value ?? {
        epoch: 0,
        previousEpoch: 0,
        state: "Stable" as const,
        assigned: NOTHING,
        revoking: NOTHING,
      };
      return { ...group, members: changedMember(group, record.memberId, value) };
    }
  }
}

function changedMember(
  { members }: ConsumerGroup,
  memberId: string,
  value: Partial<ConsumerMember> | null,
): ReadonlyMap<string, ConsumerMember> {
  if (value === null) return changed(members, memberId, null);
  return changed(members, memberId, {
    ...(members.get(memberId) ?? UNKNOWN_MEMBER),
    ...value,
    memberId,
  });
}

function changed<V>(map: ReadonlyMap<string, V>, key: string, value: V | null) {
  const copy = new Map(map);
  if (value === null) copy.delete(key);
  else copy.set(key, value);
  return copy;
}

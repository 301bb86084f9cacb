import {
  contains,
  NOTHING,
  select,
  union,
  type Assignment,
  type TopicPartitions,
} from "./assignment.ts";
import type { ConsumerGroup, ConsumerMember } from "./consumer-group.ts";
import type { ConsumerPosition } from "./records.ts";
import { subscribedTopics, type TopicDirectory } from "./topics.ts";

/**
 * The next step of a member towards its target assignment: first it gives up what it may not keep,
 * then it moves to the group's epoch, then it gets what others have given up. Returns where it stands
 * now, the member itself when it cannot move.
 */
export function reconcile(
  group: ConsumerGroup,
  member: ConsumerMember,
  owned: readonly TopicPartitions[] | null,
  topics: TopicDirectory,
): ConsumerPosition {
  switch (member.state) {
    case "Stable":
      if (member.epoch === group.assignmentEpoch) return member;
      return nextPosition(group, member, owned, topics);
    case "UnrevokedPartitions":
      if (stillOwns(owned, member.revoking)) return member;
      return nextPosition(group, member, owned, topics);
    case "UnreleasedPartitions":
      return nextPosition(group, member, owned, topics);
  }
}

/** A member that does not say what it owns has given up nothing. */
function stillOwns(owned: readonly TopicPartitions[] | null, revoking: Assignment): boolean {
  if (owned === null) return true;
  return owned.some(({ topicId, partitions }) =>
    partitions.some((partition) => contains(revoking, topicId, partition)),
  );
}

function nextPosition(
  group: ConsumerGroup,
  member: ConsumerMember,
  owned: readonly TopicPartitions[] | null,
  topics: TopicDirectory,
): ConsumerPosition {
  const subscribed = subscribedTopics(member, group.regexes, topics);
  const target = select(group.targets.get(member.memberId) ?? NOTHING, (id) => subscribed.has(id));
  const kept = select(member.assigned, (id, partition) => contains(target, id, partition));
  const revoking = select(member.assigned, (id, partition) => !contains(target, id, partition));
  if (revoking.size > 0 && stillOwns(owned, revoking)) {
    return {
      epoch: member.epoch,
      previousEpoch: member.previousEpoch,
      state: "UnrevokedPartitions",
      assigned: kept,
      revoking,
    };
  }
  const wanted = select(target, (id, partition) => !contains(kept, id, partition));
  const held = wanted.size === 0 ? undefined : heldByOthers(group, member);
  const free = select(wanted, (id, partition) => held?.get(id)?.has(partition) !== true);
  const waits = count(free) < count(wanted);
  return {
    epoch: group.assignmentEpoch,
    previousEpoch: member.epoch,
    state: waits ? "UnreleasedPartitions" : "Stable",
    assigned: union(kept, free),
    revoking: NOTHING,
  };
}

function count(assignment: Assignment): number {
  let sum = 0;
  for (const partitions of assignment.values()) sum += partitions.length;
  return sum;
}

/** Partitions that other members may use, or may still be using. */
function heldByOthers(group: ConsumerGroup, self: ConsumerMember): Map<string, Set<number>> {
  const held = new Map<string, Set<number>>();
  for (const member of group.members.values()) {
    if (member.memberId === self.memberId) continue;
    for (const assignment of [member.assigned, member.revoking]) {
      for (const [topicId, partitions] of assignment) {
        const set = held.get(topicId) ?? new Set();
        for (const partition of partitions) set.add(partition);
        held.set(topicId, set);
      }
    }
  }
  return held;
}

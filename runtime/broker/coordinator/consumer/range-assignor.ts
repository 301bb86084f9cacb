import type { Assignor, AssignorMember } from "./assignors.ts";

/** Static members come first, so that a restart under another member id changes nothing. */
function inOrder(a: AssignorMember, b: AssignorMember): number {
  if (a.instanceId !== null && b.instanceId !== null) return a.instanceId < b.instanceId ? -1 : 1;
  if (a.instanceId !== null) return -1;
  if (b.instanceId !== null) return 1;
  return a.memberId < b.memberId ? -1 : 1;
}

/**
 * Gives the subscribers of a topic neighbouring partitions, the same ones of each topic where the
 * subscribers and partition counts are the same (co-partitioning).
 */
export const rangeAssignor: Assignor = (members) => {
  const targets = new Map(members.map(({ memberId }) => [memberId, new Map<string, number[]>()]));
  const subscribers = new Map<string, AssignorMember[]>();
  const partitionCounts = new Map<string, number>();
  for (const member of [...members].sort(inOrder)) {
    for (const [topicId, { partitions }] of member.topics) {
      const others = subscribers.get(topicId);
      if (others === undefined) subscribers.set(topicId, [member]);
      else others.push(member);
      partitionCounts.set(topicId, partitions);
    }
  }
  for (const [topicId, sharers] of subscribers) {
    const count = partitionCounts.get(topicId) ?? 0;
    const each = Math.floor(count / sharers.length);
    const more = count % sharers.length;
    let from = 0;
    for (const [index, { memberId }] of sharers.entries()) {
      const length = each + (index < more ? 1 : 0);
      const first = from;
      if (length > 0) {
        const range = Array.from({ length }, (_, i) => first + i);
        targets.get(memberId)?.set(topicId, range);
      }
      from += length;
    }
  }
  return targets;
};

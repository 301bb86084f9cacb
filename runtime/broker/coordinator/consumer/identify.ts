import { contains, NOTHING, type TopicPartitions } from "./assignment.ts";
import { ConsumerRefusal, type ConsumerDraft } from "./consumer-draft.ts";
import { STATIC_LEAVE_EPOCH, staticMember, type ConsumerMember } from "./consumer-group.ts";
import type { ConsumerHeartbeatRequest } from "./consumer-requests.ts";

/**
 * Finds out who speaks: the id of a member that is there, or that a join adds, or that comes back as
 * the static member it was. A refusal when it is none of these.
 */
export function identify(
  draft: ConsumerDraft,
  request: ConsumerHeartbeatRequest,
): ConsumerRefusal | undefined {
  const { memberId, instanceId, epoch } = request;
  const holder = instanceId === null ? undefined : staticMember(draft.group, instanceId);
  if (holder !== undefined && holder.memberId !== memberId) {
    return replaceStatic(draft, holder, request);
  }
  const member = draft.group.members.get(memberId);
  if (member === undefined) {
    if (epoch !== 0) return unknownMember(request);
    const { members } = draft.group;
    if (members.size >= draft.config.maxConsumerGroupSize) {
      return new ConsumerRefusal(
        "GROUP_MAX_SIZE_REACHED",
        `The consumer group has reached its maximum of ${members.size} members.`,
      );
    }
    return undefined;
  }
  if (instanceId !== null && holder === undefined && epoch !== 0) return unknownMember(request);
  if (epoch !== 0) return checkEpoch(member, epoch, request.owned);
  // Whoever joins anew has given up everything; what it held is free for others at once.
  const position = { epoch: 0, previousEpoch: 0, state: "Stable" as const };
  draft.writePosition(memberId, { ...position, assigned: NOTHING, revoking: NOTHING });
  return undefined;
}

function unknownMember({ memberId, groupId }: ConsumerHeartbeatRequest): ConsumerRefusal {
  return new ConsumerRefusal(
    "UNKNOWN_MEMBER_ID",
    `Member ${memberId} is not a member of group ${groupId}.`,
  );
}

function replaceStatic(
  draft: ConsumerDraft,
  holder: ConsumerMember,
  { memberId, instanceId, epoch, groupId }: ConsumerHeartbeatRequest,
): ConsumerRefusal | undefined {
  const who = `Static member ${memberId} with instance id ${instanceId}`;
  if (epoch !== 0) {
    const why = `${who} was fenced by member ${holder.memberId}.`;
    return new ConsumerRefusal("FENCED_INSTANCE_ID", why);
  }
  if (holder.epoch !== STATIC_LEAVE_EPOCH) {
    const why = `${who} cannot join because member ${holder.memberId} owns the instance id.`;
    return new ConsumerRefusal("UNRELEASED_INSTANCE_ID", why);
  }
  const target = draft.group.targets.get(holder.memberId) ?? NOTHING;
  draft.remove(holder.memberId);
  draft.write({ kind: "member", groupId, memberId, value: subscriptionOf(holder) });
  draft.write({ kind: "target", groupId, memberId, value: target });
  draft.writePosition(memberId, { ...holder, epoch: 0, previousEpoch: 0 });
  return undefined;
}

/** What record 5 keeps of a member. */
export function subscriptionOf(member: ConsumerMember) {
  const { instanceId, rackId, clientId, clientHost, topics, regex } = member;
  const { rebalanceTimeoutMs, assignor } = member;
  const who = { instanceId, rackId, clientId, clientHost };
  return { ...who, topics, regex, rebalanceTimeoutMs, assignor };
}

/**
 * The epoch before the present one is accepted from a member that holds nothing it may not: the reply
 * with the new epoch may have been lost.
 */
function checkEpoch(
  member: ConsumerMember,
  epoch: number,
  owned: readonly TopicPartitions[] | null,
): ConsumerRefusal | undefined {
  if (epoch === member.epoch) return undefined;
  const replyLost =
    epoch < member.epoch &&
    epoch === member.previousEpoch &&
    owned !== null &&
    owned.every(({ topicId, partitions }) =>
      partitions.every((partition) => contains(member.assigned, topicId, partition)),
    );
  if (replyLost) return undefined;
  return new ConsumerRefusal(
    "FENCED_MEMBER_EPOCH",
    `The member epoch ${epoch} is not the ${member.epoch} known by the group coordinator. The member must abandon all its partitions and rejoin.`,
  );
}

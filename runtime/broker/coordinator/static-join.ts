import type { ClassicMember, WaiterId } from "./classic-group.ts";
import { failedJoin, failedSync, type GroupDraft } from "./group-draft.ts";
import type { JoinRequest } from "./group-requests.ts";
import { parkJoin } from "./join-offer.ts";
import {
  completeJoinIfAllJoined,
  joinedResponse,
  prepareRebalance,
  selectProtocol,
} from "./rebalance.ts";

const FIRST_VERSION_WITH_SKIP_ASSIGNMENT = 9;

/**
 * A static member comes back without its member id (KIP-345): it takes the place of the old one,
 * which is fenced. In a stable group whose protocol stays the same that is all: the new id is
 * written to the journal and the member goes on with the old assignment.
 */
export function joinAsKnownInstance(
  draft: GroupDraft,
  waiter: WaiterId,
  request: JoinRequest,
  old: ClassicMember,
  newMemberId: string,
): void {
  const { group } = draft;
  const formerLeader = group.leader;
  const replaced = replaceMember(draft, old, newMemberId);
  const member = draft.touch(parkJoin(draft, waiter, request, replaced));
  if (group.state === "CompletingRebalance") {
    // The leader may already be assigning to the old id, so the assignment could not be delivered.
    prepareRebalance(draft);
  } else if (group.state !== "Stable") {
    completeJoinIfAllJoined(draft);
  } else if (selectProtocol([...group.members.values()]) !== group.protocol) {
    prepareRebalance(draft);
  } else {
    continueStable(draft, member, request.apiVersion, formerLeader);
  }
}

function continueStable(
  draft: GroupDraft,
  member: ClassicMember,
  apiVersion: number,
  formerLeader: string | null,
): void {
  const present = joinedResponse(draft, member.memberId);
  if (apiVersion >= FIRST_VERSION_WITH_SKIP_ASSIGNMENT) {
    // KIP-814: a leader is told that it leads and sees the members, but must not assign again.
    const skipAssignment = draft.group.leader === member.memberId;
    draft.answerJoin(member, { ...present, skipAssignment });
  } else {
    // Older clients would assign if they saw themselves as leader, so they see the old id there.
    draft.answerJoin(member, { ...present, leader: formerLeader ?? "", members: [] });
  }
  draft.persist();
}

/** Puts `newMemberId` where `old` was, in the same order; what the old one has parked is fenced. */
function replaceMember(draft: GroupDraft, old: ClassicMember, newMemberId: string): ClassicMember {
  const { group } = draft;
  const afterJoin = draft.answerJoin(old, failedJoin("FENCED_INSTANCE_ID", old.memberId));
  const freed = draft.answerSync(afterJoin, failedSync("FENCED_INSTANCE_ID"));
  const renamed = { ...freed, memberId: newMemberId };
  const members = [...group.members.values()];
  group.members.clear();
  for (const member of members) {
    const kept = member.memberId === old.memberId ? renamed : member;
    group.members.set(kept.memberId, kept);
  }
  if (group.leader === old.memberId) group.leader = newMemberId;
  if (group.pendingSync.delete(old.memberId)) group.pendingSync.add(newMemberId);
  return renamed;
}

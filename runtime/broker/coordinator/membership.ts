import type { WaiterId } from "./classic-group.ts";
import type { GroupDraft } from "./group-draft.ts";
import type { GroupError } from "./group-errors.ts";
import type { HeartbeatRequest, LeaveRequest, LeavingMember } from "./group-requests.ts";
import { completeJoin, completeJoinIfAllJoined, rebalanceOrCompleteJoin } from "./rebalance.ts";

/** Who speaks, as members identify themselves in every request. */
export interface MemberIdentity {
  readonly memberId: string;
  readonly instanceId: string | null;
}

/** A static member's instance id decides first (KIP-345): whoever does not hold it now is fenced. */
export function checkMember(draft: GroupDraft, who: MemberIdentity): GroupError {
  if (who.instanceId !== null) {
    const holder = draft.staticMember(who.instanceId);
    if (holder === undefined) return "UNKNOWN_MEMBER_ID";
    if (holder.memberId !== who.memberId) return "FENCED_INSTANCE_ID";
  }
  return draft.group.members.has(who.memberId) ? "NONE" : "UNKNOWN_MEMBER_ID";
}

/** {@link checkMember}, then the generation. */
export function checkGeneration(
  draft: GroupDraft,
  who: MemberIdentity & { readonly generation: number },
): GroupError {
  const error = checkMember(draft, who);
  if (error !== "NONE") return error;
  return who.generation === draft.group.generation ? "NONE" : "ILLEGAL_GENERATION";
}

/** A heartbeat keeps the session in every state; during a join phase it also calls the member back. */
export function heartbeat(draft: GroupDraft, waiter: WaiterId, request: HeartbeatRequest): void {
  const member = draft.group.members.get(request.memberId);
  let error = checkGeneration(draft, request);
  if (error === "NONE" && member !== undefined) {
    draft.touch(member);
    if (draft.group.state === "PreparingRebalance") error = "REBALANCE_IN_PROGRESS";
  }
  draft.reply({ kind: "heartbeat", waiter, response: { error } });
}

/** Members leave one by one or, for an administrator, by instance id; then one rebalance follows. */
export function leave(draft: GroupDraft, waiter: WaiterId, request: LeaveRequest): void {
  const members = request.members.map((member) => ({
    memberId: member.memberId,
    instanceId: member.instanceId,
    error: leaveOne(draft, member),
  }));
  draft.reply({ kind: "leave", waiter, response: { error: "NONE", members } });
  if (!members.some(({ error }) => error === "NONE")) return;
  const { state } = draft.group;
  if (state === "Stable" || state === "CompletingRebalance") rebalanceOrCompleteJoin(draft);
  else completeJoinIfAllJoined(draft);
}

function leaveOne(draft: GroupDraft, who: LeavingMember): GroupError {
  if (who.memberId === "") {
    const holder = who.instanceId === null ? undefined : draft.staticMember(who.instanceId);
    if (holder === undefined) return "UNKNOWN_MEMBER_ID";
    draft.remove(holder.memberId);
    return "NONE";
  }
  const error = draft.group.pending.has(who.memberId) ? "NONE" : checkMember(draft, who);
  if (error === "NONE") draft.remove(who.memberId);
  return error;
}

/** Takes out a member whose session has ended, or an id that was never used. */
export function expireMember(draft: GroupDraft, memberId: string): void {
  draft.remove(memberId);
  const { state } = draft.group;
  if (state === "PreparingRebalance") {
    if (draft.allJoined()) completeJoin(draft);
  } else if (state !== "Empty") {
    rebalanceOrCompleteJoin(draft);
  }
}

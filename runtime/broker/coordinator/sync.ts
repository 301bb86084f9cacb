import type { WaiterId } from "./classic-group.ts";
import { failedSync, type GroupDraft } from "./group-draft.ts";
import type { GroupError } from "./group-errors.ts";
import type { SyncRequest, SyncResponse } from "./group-requests.ts";
import { checkGeneration } from "./membership.ts";

/**
 * SyncGroup. Followers are parked until the leader's assignment is in the journal; then everyone
 * gets theirs and the group is Stable. Who syncs later is answered at once.
 */
export function sync(draft: GroupDraft, waiter: WaiterId, request: SyncRequest): void {
  const { group } = draft;
  const refuse = (error: GroupError): void =>
    draft.reply({ kind: "sync", waiter, response: failedSync(error) });

  const error = checkSync(draft, request);
  if (error !== "NONE") return refuse(error);
  const member = group.members.get(request.memberId);
  if (member === undefined || group.state === "Empty") return refuse("UNKNOWN_MEMBER_ID");
  if (group.state === "PreparingRebalance") return refuse("REBALANCE_IN_PROGRESS");

  group.pendingSync.delete(member.memberId);
  if (group.pendingSync.size === 0) group.syncDeadlineMs = null;
  if (group.state === "Stable") {
    draft.reply({ kind: "sync", waiter, response: assigned(draft, member.assignment) });
    return;
  }
  // A second sync of the same member means that it gave up on the first.
  const freed = draft.answerSync(member, failedSync("REBALANCE_IN_PROGRESS"));
  draft.update(freed, { syncWaiter: waiter });
  if (group.leader === member.memberId) settle(draft, request);
}

/** The leader has decided: members it left out get an empty assignment. */
function settle(draft: GroupDraft, request: SyncRequest): void {
  const { group } = draft;
  const assignments = new Map(
    request.assignments.map(({ memberId, assignment }) => [memberId, assignment]),
  );
  draft.transitionTo("Stable");
  for (const member of group.members.values()) {
    const assignment = Buffer.from(assignments.get(member.memberId) ?? []);
    draft.answerSync(draft.update(member, { assignment }), assigned(draft, assignment));
  }
  draft.persist();
}

function assigned({ group }: GroupDraft, assignment: Buffer): SyncResponse {
  const { protocolType, protocol } = group;
  return { error: "NONE", protocolType, protocol, assignment };
}

/** From v5 on a member also says what it believes the protocol to be (KIP-559). */
function checkSync(draft: GroupDraft, request: SyncRequest): GroupError {
  const error = checkGeneration(draft, request);
  if (error !== "NONE") return error;
  const { protocolType, protocol } = draft.group;
  const fits =
    (request.protocolType === null || request.protocolType === protocolType) &&
    (request.protocol === null || request.protocol === protocol);
  return fits ? "NONE" : "INCONSISTENT_GROUP_PROTOCOL";
}

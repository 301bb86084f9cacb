import { NO_BYTES, type ClassicMember, type WaiterId } from "./classic-group.ts";
import { failedJoin, type GroupDraft } from "./group-draft.ts";
import type { GroupError } from "./group-errors.ts";
import type { JoinRequest, MemberProtocol } from "./group-requests.ts";
import { offeredBy, parkJoin } from "./join-offer.ts";
import { checkMember } from "./membership.ts";
import { completeJoinIfAllJoined, joinedResponse, rebalanceOrCompleteJoin } from "./rebalance.ts";
import { joinAsKnownInstance } from "./static-join.ts";

const FIRST_VERSION_WITH_KNOWN_MEMBER_ID = 4;

/**
 * JoinGroup. `freshMemberId` is the id a member without one gets. The checks come in Kafka's order:
 * room in the group, a common protocol, then who the member is.
 */
export function join(
  draft: GroupDraft,
  waiter: WaiterId,
  request: JoinRequest,
  freshMemberId: string,
): void {
  const { memberId, instanceId } = request;
  const refuse = (error: GroupError, id = memberId): void =>
    draft.reply({ kind: "join", waiter, response: failedJoin(error, id) });

  if (!hasRoom(draft, memberId)) {
    draft.remove(memberId);
    refuse("GROUP_MAX_SIZE_REACHED", "");
    completeJoinIfAllJoined(draft);
  } else if (!supportsProtocols(draft, request)) {
    refuse("INCONSISTENT_GROUP_PROTOCOL");
  } else if (memberId !== "") {
    joinWithId(draft, waiter, request, refuse);
  } else if (instanceId !== null) {
    const holder = draft.staticMember(instanceId);
    if (holder === undefined) addMember(draft, waiter, request, freshMemberId);
    else joinAsKnownInstance(draft, waiter, request, holder, freshMemberId);
  } else if (request.apiVersion >= FIRST_VERSION_WITH_KNOWN_MEMBER_ID) {
    draft.group.pending.set(freshMemberId, draft.nowMs + request.sessionTimeoutMs);
    refuse("MEMBER_ID_REQUIRED", freshMemberId);
  } else {
    addMember(draft, waiter, request, freshMemberId);
  }
}

function joinWithId(
  draft: GroupDraft,
  waiter: WaiterId,
  request: JoinRequest,
  refuse: (error: GroupError) => void,
): void {
  const { memberId } = request;
  if (draft.group.pending.has(memberId)) {
    // An id is handed out to dynamic members only, so an instance id here is a client's mistake.
    if (request.instanceId !== null) return refuse("INVALID_REQUEST");
    return addMember(draft, waiter, request, memberId);
  }
  const error = checkMember(draft, request);
  if (error !== "NONE") return refuse(error);
  const member = draft.group.members.get(memberId);
  if (member !== undefined) rejoin(draft, waiter, request, member);
}

/**
 * A member joins again. Nothing new to say means no rebalance: it may have lost the reply, or be a
 * follower that checks in. The leader of a stable group may always ask for one, as topics may have
 * changed without its metadata changing.
 */
function rejoin(
  draft: GroupDraft,
  waiter: WaiterId,
  request: JoinRequest,
  member: ClassicMember,
): void {
  const { group } = draft;
  const unchanged = sameProtocols(member.protocols, request.protocols);
  const mayAskAnyway = group.state === "Stable" && group.leader === member.memberId;
  if (group.state !== "PreparingRebalance" && unchanged && !mayAskAnyway) {
    const response = joinedResponse(draft, member.memberId);
    draft.reply({ kind: "join", waiter, response });
    return;
  }
  parkJoin(draft, waiter, request, member);
  rebalanceOrCompleteJoin(draft);
}

function addMember(
  draft: GroupDraft,
  waiter: WaiterId,
  request: JoinRequest,
  memberId: string,
): void {
  const { group, config, nowMs } = draft;
  if (group.state === "PreparingRebalance" && group.previousState === "Empty") {
    group.newMemberAdded = true;
  }
  if (group.members.size === 0) group.protocolType = request.protocolType;
  group.leader ??= memberId;
  group.pending.delete(memberId);
  group.members.set(memberId, {
    memberId,
    instanceId: request.instanceId,
    clientId: request.clientId,
    clientHost: request.clientHost,
    ...offeredBy(request),
    assignment: NO_BYTES,
    isNew: true,
    joinWaiter: waiter,
    syncWaiter: null,
    // It does not know its id yet and cannot send heartbeats, so the session does not count yet.
    expiresAtMs: nowMs + config.newMemberJoinTimeoutMs,
  });
  rebalanceOrCompleteJoin(draft);
}

/**
 * Whether the group has room (`group.max.size`). During a join phase those who are back count, so
 * that the last to come back is the one to go when the limit was lowered.
 */
function hasRoom({ group, config }: GroupDraft, memberId: string): boolean {
  const member = group.members.get(memberId);
  if (memberId === "" && group.pending.size >= config.maxGroupSize) return false;
  switch (group.state) {
    case "Empty":
      return true;
    case "PreparingRebalance": {
      const joined = [...group.members.values()].filter(({ joinWaiter }) => joinWaiter !== null);
      return (member?.joinWaiter ?? null) !== null || joined.length < config.maxGroupSize;
    }
    case "CompletingRebalance":
    case "Stable":
      return member !== undefined || group.members.size < config.maxGroupSize;
  }
}

/** Whether the request fits the group: same protocol type, and a protocol that all members support. */
function supportsProtocols({ group }: GroupDraft, request: JoinRequest): boolean {
  if (request.protocolType === "" || request.protocols.length === 0) return false;
  if (group.state === "Empty") return true;
  if (group.protocolType !== request.protocolType) return false;
  const members = [...group.members.values()];
  return request.protocols.some((offered) =>
    members.every(({ protocols }) => protocols.some(({ name }) => name === offered.name)),
  );
}

function sameProtocols(a: readonly MemberProtocol[], b: readonly MemberProtocol[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, metadata }, index) => {
      const other = b[index];
      return other !== undefined && other.name === name && other.metadata.equals(metadata);
    })
  );
}

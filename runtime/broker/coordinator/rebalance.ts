import { protocolMetadata, NO_BYTES, rebalanceTimeoutMs } from "./classic-group.ts";
import type { ClassicMember } from "./classic-group.ts";
import { failedSync, type GroupDraft } from "./group-draft.ts";
import type { JoinedMember, JoinResponse } from "./group-requests.ts";

/** Least time between two looks at a group that nobody has come back to. */
const SHORTEST_RETRY_MS = 1_000;

/** Starts a rebalance where the state allows one, else completes one that has everybody. */
export function rebalanceOrCompleteJoin(draft: GroupDraft): void {
  if (draft.group.state === "PreparingRebalance") completeJoinIfAllJoined(draft);
  else prepareRebalance(draft);
}

/**
 * Asks all members to join again. Parked SyncGroup requests are answered REBALANCE_IN_PROGRESS. The
 * first generation of an empty group is held back by the initial rebalance delay (KIP-134).
 */
export function prepareRebalance(draft: GroupDraft): void {
  const { group, config, nowMs } = draft;
  if (group.state === "CompletingRebalance") {
    for (const member of group.members.values()) {
      const reset = draft.update(member, { assignment: NO_BYTES });
      draft.answerSync(reset, failedSync("REBALANCE_IN_PROGRESS"));
    }
  }
  group.pendingSync.clear();
  group.syncDeadlineMs = null;
  const timeoutMs = rebalanceTimeoutMs(group.members.values());
  if (group.state === "Empty") {
    const delayMs = config.initialRebalanceDelayMs;
    group.newMemberAdded = false;
    group.initialDelayLeftMs = Math.max(timeoutMs - delayMs, 0);
    group.joinDeadlineMs = nowMs + delayMs;
    draft.transitionTo("PreparingRebalance");
    return;
  }
  draft.transitionTo("PreparingRebalance");
  if (draft.allJoined()) completeJoin(draft);
  else group.joinDeadlineMs = nowMs + timeoutMs;
}

/** Completes a running rebalance as soon as nobody is missing, except an initial one: that waits. */
export function completeJoinIfAllJoined(draft: GroupDraft): void {
  const { state, previousState } = draft.group;
  if (state === "PreparingRebalance" && previousState !== "Empty" && draft.allJoined()) {
    completeJoin(draft);
  }
}

/** The join deadline has come: more time for an initial rebalance that still grows, else the end. */
export function joinDeadlineReached(draft: GroupDraft): void {
  const { group, config, nowMs } = draft;
  const leftMs = group.initialDelayLeftMs ?? 0;
  if (!group.newMemberAdded || leftMs === 0) return completeJoin(draft);
  const delayMs = Math.min(config.initialRebalanceDelayMs, leftMs);
  group.newMemberAdded = false;
  group.initialDelayLeftMs = leftMs - delayMs;
  group.joinDeadlineMs = nowMs + delayMs;
}

/**
 * Ends the join phase: dynamic members that did not rejoin are out, a leader is chosen, the next
 * generation begins and every parked join is answered. Without members the group becomes Empty,
 * which is written to the journal.
 */
export function completeJoin(draft: GroupDraft): void {
  const { group, nowMs } = draft;
  group.joinDeadlineMs = null;
  group.initialDelayLeftMs = null;
  for (const member of group.members.values()) {
    if (member.joinWaiter === null && member.instanceId === null) draft.remove(member.memberId);
  }
  const timeoutMs = rebalanceTimeoutMs(group.members.values());
  if (!electJoinedLeader(draft) && group.members.size > 0) {
    // Only static members are left and none is back yet: their sessions decide.
    group.joinDeadlineMs = nowMs + Math.max(timeoutMs, SHORTEST_RETRY_MS);
    return;
  }
  group.generation += 1;
  group.pendingSync.clear();
  if (group.members.size === 0) {
    group.protocol = null;
    draft.transitionTo("Empty");
    draft.persist();
    return;
  }
  group.protocol = selectProtocol([...group.members.values()]);
  draft.transitionTo("CompletingRebalance");
  for (const member of group.members.values()) {
    draft.touch(draft.update(member, { isNew: false }));
    group.pendingSync.add(member.memberId);
  }
  group.syncDeadlineMs = nowMs + timeoutMs;
  for (const member of group.members.values()) {
    draft.answerJoin(member, joinedResponse(draft, member.memberId));
  }
}

/** A leader that has rejoined stays; else the first member that has. False when nobody has. */
function electJoinedLeader(draft: GroupDraft): boolean {
  const { group } = draft;
  if (group.leader === null) return false;
  const leader = group.members.get(group.leader);
  if (leader !== undefined && leader.joinWaiter !== null) return true;
  for (const member of group.members.values()) {
    if (member.joinWaiter === null) continue;
    group.leader = member.memberId;
    return true;
  }
  return false;
}

/**
 * Each member votes for the first of its protocols that all support; most votes win, and of equals
 * the one voted for first. Null only when there is no common one, which joining rules out.
 */
export function selectProtocol(members: readonly ClassicMember[]): string | null {
  const names = new Set(members[0]?.protocols.map(({ name }) => name));
  for (const { protocols } of members) {
    for (const name of names) {
      if (!protocols.some((protocol) => protocol.name === name)) names.delete(name);
    }
  }
  const votes = new Map<string, number>();
  for (const { protocols } of members) {
    const choice = protocols.find(({ name }) => names.has(name));
    if (choice !== undefined) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
  }
  let winner: string | null = null;
  for (const [name, count] of votes) {
    if (winner === null || count > (votes.get(winner) ?? 0)) winner = name;
  }
  return winner;
}

/** The present generation as told to one member; only the leader sees the others. */
export function joinedResponse(draft: GroupDraft, memberId: string): JoinResponse {
  const { group } = draft;
  return {
    error: "NONE",
    generation: group.generation,
    protocolType: group.protocolType,
    protocol: group.protocol,
    leader: group.leader ?? "",
    skipAssignment: false,
    memberId,
    members: group.leader === memberId ? joinedMembers(draft) : [],
  };
}

function joinedMembers({ group }: GroupDraft): JoinedMember[] {
  return [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    instanceId: member.instanceId,
    metadata: protocolMetadata(member, group.protocol),
  }));
}

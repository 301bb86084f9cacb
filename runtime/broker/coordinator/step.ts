import { nextDeadlineMs, type ClassicGroup, type WaiterId } from "./classic-group.ts";
import type { GroupConfig } from "./group-config.ts";
import { GroupDraft, type Transition } from "./group-draft.ts";
import type { HeartbeatRequest, JoinRequest, LeaveRequest, SyncRequest } from "./group-requests.ts";
import { join } from "./join.ts";
import { expireMember, heartbeat, leave } from "./membership.ts";
import { joinDeadlineReached, prepareRebalance } from "./rebalance.ts";
import { sync } from "./sync.ts";

/** What can happen to a classic group. */
export type GroupEvent =
  | {
      readonly kind: "join";
      readonly waiter: WaiterId;
      readonly request: JoinRequest;
      /** The id to give to a member that has none; unique. */
      readonly freshMemberId: string;
    }
  | { readonly kind: "sync"; readonly waiter: WaiterId; readonly request: SyncRequest }
  | { readonly kind: "heartbeat"; readonly waiter: WaiterId; readonly request: HeartbeatRequest }
  | { readonly kind: "leave"; readonly waiter: WaiterId; readonly request: LeaveRequest }
  /** Time has passed: whatever is due by `nowMs` happens, in order of its deadline. */
  | { readonly kind: "tick" }
  /** A member committed offsets, which keeps its session like a heartbeat. */
  | { readonly kind: "committed"; readonly memberId: string };

/**
 * The classic group protocol as a function of (group, event, time). The rules are those of Kafka's
 * ClassicGroup and GroupMetadataManager. Nothing is changed here: the caller installs the new group
 * once `metadata`, if any, is written.
 */
export function step(
  group: ClassicGroup,
  event: GroupEvent,
  nowMs: number,
  config: GroupConfig,
): Transition {
  const draft = new GroupDraft(group, nowMs, config);
  switch (event.kind) {
    case "join":
      join(draft, event.waiter, event.request, event.freshMemberId);
      break;
    case "sync":
      sync(draft, event.waiter, event.request);
      break;
    case "heartbeat":
      heartbeat(draft, event.waiter, event.request);
      break;
    case "leave":
      leave(draft, event.waiter, event.request);
      break;
    case "tick":
      tick(draft);
      break;
    case "committed":
      committed(draft, event.memberId);
      break;
  }
  return draft.finish();
}

function committed(draft: GroupDraft, memberId: string): void {
  const member = draft.group.members.get(memberId);
  const { state } = draft.group;
  if (member !== undefined && (state === "Stable" || state === "PreparingRebalance")) {
    draft.touch(member);
  }
}

function tick(draft: GroupDraft): void {
  for (;;) {
    const dueMs = nextDeadlineMs(draft.group);
    if (dueMs === null || dueMs > draft.nowMs) return;
    if (!moveDeadline(draft, dueMs)) return;
  }
}

/** Handles the one deadline that is `dueMs`. False when it could not be moved on in this tick. */
function moveDeadline(draft: GroupDraft, dueMs: number): boolean {
  const { group, nowMs } = draft;
  if (group.joinDeadlineMs === dueMs) {
    joinDeadlineReached(draft);
    return group.joinDeadlineMs === null || group.joinDeadlineMs > nowMs;
  }
  if (group.syncDeadlineMs === dueMs) {
    // Members that took the generation but never synced are out; the others rebalance.
    for (const memberId of group.pendingSync) draft.remove(memberId);
    group.syncDeadlineMs = null;
    prepareRebalance(draft);
    return true;
  }
  for (const [memberId, expiresAtMs] of group.pending) {
    if (expiresAtMs !== dueMs) continue;
    expireMember(draft, memberId);
    return true;
  }
  for (const member of group.members.values()) {
    if (member.expiresAtMs !== dueMs) continue;
    const parked = member.joinWaiter !== null || member.syncWaiter !== null;
    if (parked && !member.isNew) draft.update(member, { expiresAtMs: null });
    else expireMember(draft, member.memberId);
    return true;
  }
  return false;
}

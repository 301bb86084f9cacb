import { NOTHING, sameAssignment, type Assignment } from "./assignment.ts";
import { ASSIGNORS, preferredAssignor } from "./assignors.ts";
import {
  ConsumerDraft,
  ConsumerRefusal,
  type ConsumerSurroundings,
  type ConsumerTransition,
} from "./consumer-draft.ts";
import {
  STATIC_LEAVE_EPOCH,
  staticMember,
  type ConsumerGroup,
  type ConsumerMember,
  type ConsumerTimers,
} from "./consumer-group.ts";
import type { ConsumerHeartbeatRequest, ConsumerHeartbeatResponse } from "./consumer-requests.ts";
import { identify } from "./identify.ts";
import { reconcile } from "./reconcile.ts";
import { forgetUnusedRegexes, raiseEpoch, subscribe } from "./subscribe.ts";
import { subscribedTopics } from "./topics.ts";

/** What can happen to a consumer group. */
export type ConsumerEvent =
  | { readonly kind: "heartbeat"; readonly request: ConsumerHeartbeatRequest }
  /** Time has passed: members that are overdue are out. */
  | { readonly kind: "tick" };

const LEAVE_EPOCH = -1;

/**
 * The consumer group protocol (KIP-848) as a function of (group, timers, event, surroundings). The
 * rules are those of Kafka's GroupMetadataManager and CurrentAssignmentBuilder. Nothing is changed
 * here: the caller writes and applies the records, then takes the timers and sends the reply.
 */
export function consumerStep(
  group: ConsumerGroup,
  timers: ConsumerTimers,
  event: ConsumerEvent,
  around: ConsumerSurroundings,
): ConsumerTransition {
  const draft = new ConsumerDraft(group, timers, around);
  if (event.kind === "tick") return tick(draft);
  const { epoch } = event.request;
  const leaves = epoch === LEAVE_EPOCH || epoch === STATIC_LEAVE_EPOCH;
  const outcome = leaves ? leave(draft, event.request) : heartbeat(draft, event.request);
  if (outcome instanceof ConsumerRefusal) return draft.refuse(outcome);
  return draft.finish(outcome);
}

function heartbeat(
  draft: ConsumerDraft,
  request: ConsumerHeartbeatRequest,
): ConsumerHeartbeatResponse | ConsumerRefusal {
  const { memberId, owned } = request;
  const known = draft.group.members.get(memberId);
  const unidentified = identify(draft, request);
  if (unidentified !== undefined) return unidentified;
  const changed = subscribe(draft, request);
  if (changed instanceof ConsumerRefusal) return changed;
  raiseEpoch(draft, changed);
  if (draft.group.assignmentEpoch < draft.group.epoch) assign(draft);
  const member = draft.group.members.get(memberId);
  if (member === undefined) throw new Error(`${memberId} is not a member after its heartbeat`);
  const moved = { ...member, ...reconcile(draft.group, member, owned, draft.topics) };
  if (!samePosition(member, moved)) draft.writePosition(memberId, moved);
  draft.touch(memberId);
  draft.watch(moved);
  const news = known === undefined || !sameAssignment(known.assigned, moved.assigned);
  return {
    error: "NONE",
    message: null,
    memberId,
    epoch: moved.epoch,
    heartbeatIntervalMs: draft.config.consumerHeartbeatIntervalMs,
    assignment: news || isFull(request) ? moved.assigned : null,
  };
}

/** A request that says everything wants to be told everything. */
function isFull({ epoch, rebalanceTimeoutMs, topics, regex, owned }: ConsumerHeartbeatRequest) {
  if (epoch === 0) return true;
  return rebalanceTimeoutMs >= 0 && (topics !== null || regex !== null) && owned !== null;
}

function samePosition(a: ConsumerMember, b: ConsumerMember): boolean {
  return (
    a.epoch === b.epoch &&
    a.state === b.state &&
    sameAssignment(a.assigned, b.assigned) &&
    sameAssignment(a.revoking, b.revoking)
  );
}

/** Makes the target assignment of the present group epoch; only what differs is written. */
function assign(draft: ConsumerDraft): void {
  const { groupId, members, regexes, targets, epoch } = draft.group;
  const assignor = ASSIGNORS.get(preferredAssignor(members.values()));
  if (assignor === undefined) throw new Error("a member asks for an assignor that there is not");
  const made = assignor(
    Array.from(members.values(), (member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      topics: subscribedTopics(member, regexes, draft.topics),
      target: targets.get(member.memberId) ?? NOTHING,
    })),
  );
  for (const memberId of members.keys()) {
    const value: Assignment = made.get(memberId) ?? NOTHING;
    const before = targets.get(memberId);
    if (before !== undefined && sameAssignment(before, value)) continue;
    draft.write({ kind: "target", groupId, memberId, value });
  }
  draft.write({ kind: "targets", groupId, value: { epoch, madeAtMs: draft.nowMs } });
}

function leave(
  draft: ConsumerDraft,
  request: ConsumerHeartbeatRequest,
): ConsumerHeartbeatResponse | ConsumerRefusal {
  const { memberId, instanceId, epoch } = request;
  const holder = instanceId === null ? undefined : staticMember(draft.group, instanceId);
  if (holder !== undefined && holder.memberId !== memberId) {
    const why = `Static member ${memberId} with instance id ${instanceId} was fenced by member ${holder.memberId}.`;
    return new ConsumerRefusal("FENCED_INSTANCE_ID", why);
  }
  const member = holder ?? (instanceId === null ? draft.group.members.get(memberId) : undefined);
  if (member === undefined) {
    const why = `Member ${memberId} is not a member of group ${draft.group.groupId}.`;
    return new ConsumerRefusal("UNKNOWN_MEMBER_ID", why);
  }
  if (epoch === STATIC_LEAVE_EPOCH) {
    // It keeps its partitions for the next process of its name, until its session ends.
    const position = { ...member, epoch, state: "Stable" as const, revoking: NOTHING };
    draft.writePosition(memberId, position);
    draft.watch({ ...member, ...position });
  } else {
    removeAll(draft, [memberId]);
  }
  return {
    error: "NONE",
    message: null,
    memberId,
    epoch,
    heartbeatIntervalMs: 0,
    assignment: null,
  };
}

function removeAll(draft: ConsumerDraft, memberIds: readonly string[]): void {
  for (const memberId of memberIds) draft.remove(memberId);
  forgetUnusedRegexes(draft);
  raiseEpoch(draft, true);
  const { groupId, members, epoch } = draft.group;
  // Nobody is left to make a target for.
  if (members.size === 0) draft.write({ kind: "targets", groupId, value: { epoch, madeAtMs: 0 } });
}

function tick(draft: ConsumerDraft): ConsumerTransition {
  const overdue = draft.overdue();
  if (overdue.length > 0) removeAll(draft, overdue);
  return draft.finish(null);
}

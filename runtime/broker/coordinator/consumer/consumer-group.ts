import type { Assignment } from "./assignment.ts";

/** How far a member is on its way to its target assignment. */
export type ConsumerMemberState = "Stable" | "UnrevokedPartitions" | "UnreleasedPartitions";

export interface ConsumerMember {
  readonly memberId: string;
  /** `group.instance.id` of a static member, else null. */
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly topics: readonly string[];
  /** Null for a member that subscribes by names alone. */
  readonly regex: string | null;
  readonly rebalanceTimeoutMs: number;
  /** Null for a member that leaves the choice to the group. */
  readonly assignor: string | null;
  /** -2 while a static member is away. */
  readonly epoch: number;
  readonly previousEpoch: number;
  readonly state: ConsumerMemberState;
  /** What the member may use. */
  readonly assigned: Assignment;
  /** What the member has been told to give up and has not given up yet. */
  readonly revoking: Assignment;
}

/**
 * A group of the consumer group protocol (KIP-848): all of it that survives a restart. It changes only
 * in `applyConsumerRecord`.
 */
export interface ConsumerGroup {
  readonly groupId: string;
  /** Raised whenever a new target assignment is needed. */
  readonly epoch: number;
  /** Says which topics, with how many partitions, the target was made for. */
  readonly metadataHash: number;
  /** The group epoch that the target assignment belongs to. */
  readonly assignmentEpoch: number;
  /** In order of joining. */
  readonly members: ReadonlyMap<string, ConsumerMember>;
  /** Target assignment by member id. */
  readonly targets: ReadonlyMap<string, Assignment>;
  /** Topics that each regular expression of the members stands for. */
  readonly regexes: ReadonlyMap<string, readonly string[]>;
}

/** What of a group is forgotten by a restart: when its members have to be heard again. */
export interface ConsumerTimers {
  /** End of session by member id. */
  readonly sessions: ReadonlyMap<string, number>;
  /** By member id: until when it has to give up partitions, if it is still in that epoch then. */
  readonly revocations: ReadonlyMap<string, Revocation>;
  /** The version of the topics that the group has been compared with. */
  readonly topicsVersion: number;
}

export interface Revocation {
  readonly epoch: number;
  readonly dueMs: number;
}

export const NO_TIMERS: ConsumerTimers = {
  sessions: new Map(),
  revocations: new Map(),
  topicsVersion: -1,
};

/** The epoch of a static member that has left for a while. */
export const STATIC_LEAVE_EPOCH = -2;

export type ConsumerGroupState = "Empty" | "Assigning" | "Reconciling" | "Stable";

export function emptyConsumerGroup(groupId: string): ConsumerGroup {
  return {
    groupId,
    // As in Kafka 4.4: the first members have epoch 2.
    epoch: 1,
    metadataHash: 0,
    assignmentEpoch: 0,
    members: new Map(),
    targets: new Map(),
    regexes: new Map(),
  };
}

export function stateOf(group: ConsumerGroup): ConsumerGroupState {
  if (group.members.size === 0) return "Empty";
  if (group.epoch > group.assignmentEpoch) return "Assigning";
  for (const member of group.members.values()) {
    if (member.state !== "Stable" || member.epoch !== group.assignmentEpoch) return "Reconciling";
  }
  return "Stable";
}

export function staticMember(group: ConsumerGroup, instanceId: string): ConsumerMember | undefined {
  for (const member of group.members.values()) {
    if (member.instanceId === instanceId) return member;
  }
  return undefined;
}

/** When the group next needs a tick, or Infinity. */
export function nextConsumerDeadlineMs({ sessions, revocations }: ConsumerTimers): number {
  let nextMs = Infinity;
  for (const dueMs of sessions.values()) nextMs = Math.min(nextMs, dueMs);
  for (const { dueMs } of revocations.values()) nextMs = Math.min(nextMs, dueMs);
  return nextMs;
}

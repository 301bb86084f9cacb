import type { GroupStateName, MemberProtocol } from "./group-requests.ts";
import type { GroupMetadata } from "./records.ts";

/** States a group that exists can be in. Kafka's `Dead` is a group that is not there. */
export type ClassicGroupState = Exclude<GroupStateName, "Dead">;

/** A request that waits for its reply, named by the shell that holds the connection. */
export type WaiterId = number;

export interface ClassicMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocols: readonly MemberProtocol[];
  readonly assignment: Buffer;
  /** True until the member's first join completes; only then does being parked keep it alive. */
  readonly isNew: boolean;
  readonly joinWaiter: WaiterId | null;
  readonly syncWaiter: WaiterId | null;
  /** When the session ends; null while a parked request keeps the member alive. */
  readonly expiresAtMs: number | null;
}

/**
 * A classic consumer group: what Kafka keeps in memory of it. The value never changes; an event
 * gives a new one (see `step.ts`). What of it is durable is a {@link GroupMetadata} in the store.
 */
export interface ClassicGroup {
  readonly groupId: string;
  readonly state: ClassicGroupState;
  readonly previousState: ClassicGroupState;
  readonly stateSinceMs: number | null;
  readonly generation: number;
  /** Null for a group that never had a member. */
  readonly protocolType: string | null;
  /** The strategy chosen for the present generation. */
  readonly protocol: string | null;
  readonly leader: string | null;
  /** In order of joining. */
  readonly members: ReadonlyMap<string, ClassicMember>;
  /** Ids handed out with MEMBER_ID_REQUIRED and not used yet, with the end of their session. */
  readonly pending: ReadonlyMap<string, number>;
  /** Members that got a join reply of this generation and have not synced yet. */
  readonly pendingSync: ReadonlySet<string>;
  readonly joinDeadlineMs: number | null;
  /** While an empty group collects its first members: how much longer that may be extended. */
  readonly initialDelayLeftMs: number | null;
  readonly newMemberAdded: boolean;
  readonly syncDeadlineMs: number | null;
}

export const NO_BYTES = Buffer.alloc(0);

export function emptyGroup(groupId: string): ClassicGroup {
  return {
    groupId,
    state: "Empty",
    previousState: "Empty",
    stateSinceMs: null,
    generation: 0,
    protocolType: null,
    protocol: null,
    leader: null,
    members: new Map(),
    pending: new Map(),
    pendingSync: new Set(),
    joinDeadlineMs: null,
    initialDelayLeftMs: null,
    newMemberAdded: false,
    syncDeadlineMs: null,
  };
}

/** The group as it is after a restart: members are known again, each with a fresh session. */
export function restoreGroup(
  groupId: string,
  metadata: GroupMetadata,
  nowMs: number,
): ClassicGroup {
  const protocolName = metadata.protocol ?? "";
  const members = metadata.members.map((member): [string, ClassicMember] => [
    member.memberId,
    {
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      sessionTimeoutMs: member.sessionTimeoutMs,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      protocols: [{ name: protocolName, metadata: member.subscription }],
      assignment: member.assignment,
      isNew: false,
      joinWaiter: null,
      syncWaiter: null,
      expiresAtMs: nowMs + member.sessionTimeoutMs,
    },
  ]);
  return {
    ...emptyGroup(groupId),
    state: members.length === 0 ? "Empty" : "Stable",
    stateSinceMs: metadata.stateSinceMs,
    generation: metadata.generation,
    protocolType: metadata.protocolType === "" ? null : metadata.protocolType,
    protocol: metadata.protocol,
    leader: metadata.leader ?? members[0]?.[0] ?? null,
    members: new Map(members),
  };
}

/** What of a group is written to the journal when a generation settles. */
export function metadataOf(group: ClassicGroup): GroupMetadata {
  return {
    protocolType: group.protocolType ?? "",
    generation: group.generation,
    protocol: group.protocol,
    leader: group.leader,
    stateSinceMs: group.stateSinceMs,
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      sessionTimeoutMs: member.sessionTimeoutMs,
      subscription: protocolMetadata(member, group.protocol),
      assignment: member.assignment,
    })),
  };
}

/** What `member` said about `protocol`; no bytes when it does not support it. */
export function protocolMetadata(member: ClassicMember, protocol: string | null): Buffer {
  return member.protocols.find(({ name }) => name === protocol)?.metadata ?? NO_BYTES;
}

/** The longest time a member of the group asked for to rejoin, in milliseconds. */
export function rebalanceTimeoutMs(members: Iterable<ClassicMember>): number {
  let longestMs = 0;
  for (const member of members) longestMs = Math.max(longestMs, member.rebalanceTimeoutMs);
  return longestMs;
}

/** When the group next needs a `tick`, or null when nothing is due ever. */
export function nextDeadlineMs(group: ClassicGroup): number | null {
  let nextMs = Infinity;
  for (const member of group.members.values()) {
    if (member.expiresAtMs !== null) nextMs = Math.min(nextMs, member.expiresAtMs);
  }
  for (const expiresAtMs of group.pending.values()) nextMs = Math.min(nextMs, expiresAtMs);
  nextMs = Math.min(nextMs, group.joinDeadlineMs ?? Infinity, group.syncDeadlineMs ?? Infinity);
  return nextMs === Infinity ? null : nextMs;
}

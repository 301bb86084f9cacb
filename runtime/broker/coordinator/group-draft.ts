import {
  metadataOf,
  NO_BYTES,
  type ClassicGroup,
  type ClassicGroupState,
  type ClassicMember,
  type WaiterId,
} from "./classic-group.ts";
import type { GroupConfig } from "./group-config.ts";
import type { GroupError } from "./group-errors.ts";
import type {
  HeartbeatResponse,
  JoinResponse,
  LeaveResponse,
  SyncResponse,
} from "./group-requests.ts";
import type { GroupMetadata } from "./records.ts";

/** The answer to a waiting request. */
export type GroupReply =
  | { readonly kind: "join"; readonly waiter: WaiterId; readonly response: JoinResponse }
  | { readonly kind: "sync"; readonly waiter: WaiterId; readonly response: SyncResponse }
  | { readonly kind: "heartbeat"; readonly waiter: WaiterId; readonly response: HeartbeatResponse }
  | { readonly kind: "leave"; readonly waiter: WaiterId; readonly response: LeaveResponse };

/**
 * What an event does. When `metadata` is set, neither `group` nor `replies` may take effect before
 * it is in the journal; if it cannot be written, the group stays as it was.
 */
export interface Transition {
  readonly group: ClassicGroup;
  readonly replies: readonly GroupReply[];
  readonly metadata: GroupMetadata | null;
}

export function failedJoin(error: GroupError, memberId: string): JoinResponse {
  return {
    error,
    generation: -1,
    protocolType: null,
    protocol: null,
    leader: "",
    skipAssignment: false,
    memberId,
    members: [],
  };
}

export function failedSync(error: GroupError): SyncResponse {
  return { error, protocolType: null, protocol: null, assignment: NO_BYTES };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface DraftGroup extends Mutable<Omit<ClassicGroup, "members" | "pending" | "pendingSync">> {
  readonly members: Map<string, ClassicMember>;
  readonly pending: Map<string, number>;
  readonly pendingSync: Set<string>;
}

/** A copy of a group that the rules of one event change, together with the replies they give. */
export class GroupDraft {
  readonly group: DraftGroup;
  readonly nowMs: number;
  readonly config: GroupConfig;
  readonly #replies: GroupReply[] = [];
  #persist = false;

  constructor(group: ClassicGroup, nowMs: number, config: GroupConfig) {
    this.group = {
      ...group,
      members: new Map(group.members),
      pending: new Map(group.pending),
      pendingSync: new Set(group.pendingSync),
    };
    this.nowMs = nowMs;
    this.config = config;
  }

  reply(reply: GroupReply): void {
    this.#replies.push(reply);
  }

  /** Asks for the group as it is at the end of the event to be written to the journal. */
  persist(): void {
    this.#persist = true;
  }

  finish(): Transition {
    const metadata = this.#persist ? metadataOf(this.group) : null;
    return { group: this.group, replies: this.#replies, metadata };
  }

  transitionTo(state: ClassicGroupState): void {
    this.group.previousState = this.group.state;
    this.group.state = state;
    this.group.stateSinceMs = this.nowMs;
  }

  update(member: ClassicMember, changes: Partial<ClassicMember>): ClassicMember {
    const updated = { ...member, ...changes };
    this.group.members.set(updated.memberId, updated);
    return updated;
  }

  /** Starts the member's session anew. */
  touch(member: ClassicMember): ClassicMember {
    return this.update(member, { expiresAtMs: this.nowMs + member.sessionTimeoutMs });
  }

  /** Answers the member's parked JoinGroup, if it has one. */
  answerJoin(member: ClassicMember, response: JoinResponse): ClassicMember {
    if (member.joinWaiter === null) return member;
    this.reply({ kind: "join", waiter: member.joinWaiter, response });
    return this.update(member, { joinWaiter: null });
  }

  /** Answers the member's parked SyncGroup, if it has one, and starts its session anew. */
  answerSync(member: ClassicMember, response: SyncResponse): ClassicMember {
    if (member.syncWaiter === null) return member;
    this.reply({ kind: "sync", waiter: member.syncWaiter, response });
    return this.touch(this.update(member, { syncWaiter: null }));
  }

  /** Takes a member or a handed-out id away; requests it has parked are answered UNKNOWN_MEMBER_ID. */
  remove(memberId: string): void {
    const { group } = this;
    const member = group.members.get(memberId);
    if (member !== undefined) {
      this.answerJoin(member, failedJoin("UNKNOWN_MEMBER_ID", ""));
      this.answerSync(member, failedSync("UNKNOWN_MEMBER_ID"));
      group.members.delete(memberId);
      if (group.leader === memberId) group.leader = group.members.keys().next().value ?? null;
    }
    group.pending.delete(memberId);
    group.pendingSync.delete(memberId);
    if (group.pendingSync.size === 0) group.syncDeadlineMs = null;
  }

  staticMember(instanceId: string): ClassicMember | undefined {
    for (const member of this.group.members.values()) {
      if (member.instanceId === instanceId) return member;
    }
    return undefined;
  }

  /** Everyone who is to be in the next generation is parked in a join. */
  allJoined(): boolean {
    if (this.group.pending.size > 0) return false;
    for (const member of this.group.members.values()) {
      if (member.joinWaiter === null) return false;
    }
    return true;
  }
}

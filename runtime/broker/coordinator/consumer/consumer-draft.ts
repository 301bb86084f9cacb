import type { GroupConfig } from "../group-config.ts";
import type { GroupError } from "../group-errors.ts";
import { applyConsumerRecord } from "./apply.ts";
import type {
  ConsumerGroup,
  ConsumerMember,
  ConsumerTimers,
  Revocation,
} from "./consumer-group.ts";
import { failedConsumerHeartbeat, type ConsumerHeartbeatResponse } from "./consumer-requests.ts";
import { emptyConsumerGroup } from "./consumer-group.ts";
import type { ConsumerPosition, ConsumerRecord } from "./records.ts";
import type { TopicDirectory } from "./topics.ts";

/** What the rules look at besides the group. */
export interface ConsumerSurroundings {
  readonly nowMs: number;
  readonly config: GroupConfig;
  readonly topics: TopicDirectory;
}

/**
 * What an event does. Neither the timers nor the reply may take effect before the records are in the
 * journal and applied; if they cannot be written, all stays as it was.
 */
export interface ConsumerTransition {
  readonly records: readonly ConsumerRecord[];
  readonly timers: ConsumerTimers;
  readonly reply: ConsumerHeartbeatResponse | null;
}

/** Ends an event with an error; what the draft has collected is forgotten. */
export class ConsumerRefusal {
  readonly error: GroupError;
  readonly message: string;

  constructor(error: GroupError, message: string) {
    this.error = error;
    this.message = message;
  }
}

/** A copy of a group that the rules of one event change, by way of records, and its timers. */
export class ConsumerDraft {
  readonly nowMs: number;
  readonly config: GroupConfig;
  readonly topics: TopicDirectory;
  readonly #before: ConsumerTimers;
  readonly #sessions: Map<string, number>;
  readonly #revocations: Map<string, Revocation>;
  readonly #records: ConsumerRecord[] = [];
  #group: ConsumerGroup;
  #topicsVersion: number;

  constructor(group: ConsumerGroup, timers: ConsumerTimers, around: ConsumerSurroundings) {
    this.#group = group;
    this.#before = timers;
    this.#sessions = new Map(timers.sessions);
    this.#revocations = new Map(timers.revocations);
    this.#topicsVersion = timers.topicsVersion;
    this.nowMs = around.nowMs;
    this.config = around.config;
    this.topics = around.topics;
  }

  /** The group as the records so far have made it. */
  get group(): ConsumerGroup {
    return this.#group;
  }

  write(record: ConsumerRecord): void {
    this.#records.push(record);
    this.#group =
      applyConsumerRecord(this.#group, record) ?? emptyConsumerGroup(this.#group.groupId);
  }

  writePosition(memberId: string, position: ConsumerPosition): void {
    const { epoch, previousEpoch, state, assigned, revoking } = position;
    const value = { epoch, previousEpoch, state, assigned, revoking };
    this.write({ kind: "position", groupId: this.#group.groupId, memberId, value });
  }

  touch(memberId: string): void {
    this.#sessions.set(memberId, this.nowMs + this.config.consumerSessionTimeoutMs);
  }

  /** Sees to it that a member that has to give up partitions does so in time. */
  watch({ memberId, epoch, state, rebalanceTimeoutMs }: ConsumerMember): void {
    if (state !== "UnrevokedPartitions") {
      this.#revocations.delete(memberId);
    } else if (this.#revocations.get(memberId)?.epoch !== epoch) {
      const dueMs = this.nowMs + Math.max(rebalanceTimeoutMs, 0);
      this.#revocations.set(memberId, { epoch, dueMs });
    }
  }

  /** Takes a member away with all that is known of it. */
  remove(memberId: string): void {
    const { groupId } = this.#group;
    this.write({ kind: "position", groupId, memberId, value: null });
    this.write({ kind: "target", groupId, memberId, value: null });
    this.write({ kind: "member", groupId, memberId, value: null });
    this.#sessions.delete(memberId);
    this.#revocations.delete(memberId);
  }

  /** Whether the topics have not changed since the group was last compared with them. */
  get knowsTopics(): boolean {
    return this.#topicsVersion === this.topics.version;
  }

  topicsCompared(): void {
    this.#topicsVersion = this.topics.version;
  }

  /** Members whose session or whose time to give up partitions is over. */
  overdue(): string[] {
    const late = [...this.#sessions].filter(([, dueMs]) => dueMs <= this.nowMs);
    const holding = [...this.#revocations].filter(([, { dueMs }]) => dueMs <= this.nowMs);
    return [...new Set([...late, ...holding].map(([memberId]) => memberId))];
  }

  finish(reply: ConsumerHeartbeatResponse | null): ConsumerTransition {
    const timers = {
      sessions: this.#sessions,
      revocations: this.#revocations,
      topicsVersion: this.#topicsVersion,
    };
    return { records: this.#records, timers, reply };
  }

  refuse({ error, message }: ConsumerRefusal): ConsumerTransition {
    const reply = failedConsumerHeartbeat(error, message);
    return { records: [], timers: this.#before, reply };
  }
}

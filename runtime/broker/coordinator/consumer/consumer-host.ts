import type { Clock } from "../../../core/clock.ts";
import type { Disposable } from "../../../core/lifetime.ts";
import { DeadlineTimer } from "../deadline-timer.ts";
import type { GroupConfig } from "../group-config.ts";
import type { GroupError } from "../group-errors.ts";
import type { GroupHost } from "../group-host.ts";
import { encodeGroup, type CoordinatorRecord } from "../records.ts";
import { DEFAULT_ASSIGNOR, preferredAssignor } from "./assignors.ts";
import { NOTHING, union } from "./assignment.ts";
import type { ConsumerTransition } from "./consumer-draft.ts";
import {
  emptyConsumerGroup,
  NO_TIMERS,
  nextConsumerDeadlineMs,
  stateOf,
  type ConsumerGroup,
  type ConsumerTimers,
} from "./consumer-group.ts";
import { checkConsumerHeartbeat } from "./consumer-limits.ts";
import {
  failedConsumerHeartbeat,
  type ConsumerHeartbeatRequest,
  type ConsumerHeartbeatResponse,
  type DescribedConsumerGroup,
} from "./consumer-requests.ts";
import { consumerStep, type ConsumerEvent } from "./consumer-step.ts";
import { encodeConsumerRecord } from "./records.ts";
import { restoredTimers } from "./restored-timers.ts";
import type { TopicDirectory } from "./topics.ts";

/** Least time until a tick that the journal refused is tried again. */
const RETRY_MS = 1_000;

export interface ConsumerHostDeps {
  /** Holds the journal, the store and the lanes, which all kinds of groups share. */
  readonly host: GroupHost;
  readonly clock: Clock;
  readonly config: GroupConfig;
  readonly topics: TopicDirectory;
  readonly newId: () => string;
  readonly changed: (groupId: string) => void;
}

interface Timed {
  readonly timers: ConsumerTimers;
  readonly retryAtMs: number;
}

/**
 * Lets heartbeats, time and the journal at the consumer groups (KIP-848). What is durable of them is
 * in the store; here are only the timers of those that have members.
 */
export class ConsumerHost implements Disposable {
  readonly #deps: ConsumerHostDeps;
  readonly #timer: DeadlineTimer;
  readonly #timed = new Map<string, Timed>();
  readonly #ticking = new Set<string>();

  constructor(deps: ConsumerHostDeps) {
    this.#deps = deps;
    this.#timer = new DeadlineTimer(deps.clock, () => this.#onTimer());
  }

  /** After replay: members have fresh sessions and time begins to count. */
  start(): void {
    for (const { groupId } of this.#deps.host.store.consumers()) this.#restore(groupId);
  }

  dispose(): void {
    this.#timer.dispose();
  }

  /** ConsumerGroupHeartbeat. Resolves once what it tells is in the journal. */
  heartbeat(asked: ConsumerHeartbeatRequest): Promise<ConsumerHeartbeatResponse> {
    const refusal = checkConsumerHeartbeat(asked);
    if (refusal !== undefined) {
      return Promise.resolve(failedConsumerHeartbeat(refusal.error, refusal.message));
    }
    const memberId = asked.memberId === "" ? this.#deps.newId() : asked.memberId;
    const request = { ...asked, memberId };
    return new Promise((resolve) => {
      const fail = (error: GroupError) => resolve(failedConsumerHeartbeat(error));
      this.#deps.host.run(request.groupId, () => this.#beat(request, resolve, fail), fail);
    });
  }

  describe(groupId: string): DescribedConsumerGroup {
    const group = this.#deps.host.store.consumer(groupId);
    if (group === undefined) {
      const nothing = { epoch: 0, assignmentEpoch: 0, assignor: "", members: [] };
      const message = this.#whyNotFound(groupId);
      return { error: "GROUP_ID_NOT_FOUND", message, groupId, state: "Dead", ...nothing };
    }
    const { epoch, assignmentEpoch, targets } = group;
    return {
      error: "NONE",
      message: null,
      groupId,
      state: stateOf(group),
      epoch,
      assignmentEpoch,
      assignor:
        group.members.size === 0 ? DEFAULT_ASSIGNOR : preferredAssignor(group.members.values()),
      members: Array.from(group.members.values(), (member) => ({
        ...member,
        // What it has been told to give up it still has.
        assigned: union(member.assigned, member.revoking),
        target: targets.get(member.memberId) ?? NOTHING,
      })),
    };
  }

  #whyNotFound(groupId: string): string {
    const isClassic = this.#deps.host.find(groupId) !== undefined;
    return `Group ${groupId} ${isClassic ? "is not a consumer group" : "not found"}.`;
  }

  #beat(
    request: ConsumerHeartbeatRequest,
    resolve: (response: ConsumerHeartbeatResponse) => void,
    fail: (error: GroupError) => void,
  ): Promise<void> | undefined {
    const { host } = this.#deps;
    const { groupId } = request;
    const event = { kind: "heartbeat" as const, request };
    const known = host.store.consumer(groupId);
    if (known !== undefined) return this.#advance(known, event, [], resolve, fail);
    const classic = host.find(groupId);
    const mayJoin = request.epoch === 0 && (classic === undefined || classic.state === "Empty");
    if (!mayJoin) {
      resolve(failedConsumerHeartbeat("GROUP_ID_NOT_FOUND", this.#whyNotFound(groupId)));
      return undefined;
    }
    if (classic === undefined && !host.hasRoomForGroup()) {
      fail("COORDINATOR_NOT_AVAILABLE");
      return undefined;
    }
    // An empty classic group becomes a consumer group and keeps its offsets.
    const wasClassic = host.store.metadata(groupId) !== undefined;
    const first = wasClassic ? [encodeGroup(groupId, null)] : [];
    return this.#advance(emptyConsumerGroup(groupId), event, first, resolve, fail);
  }

  #advance(
    group: ConsumerGroup,
    event: ConsumerEvent,
    first: readonly CoordinatorRecord[],
    resolve: (response: ConsumerHeartbeatResponse) => void,
    fail: (error: GroupError) => void,
  ): Promise<void> | undefined {
    const { clock, config, topics, host } = this.#deps;
    const { groupId } = group;
    const timers = this.#timed.get(groupId)?.timers ?? NO_TIMERS;
    const around = { nowMs: clock.nowMs(), config, topics };
    const transition = consumerStep(group, timers, event, around);
    if (transition.records.length === 0) {
      this.#install(groupId, transition, resolve);
      return undefined;
    }
    const records = [...first, ...transition.records.map(encodeConsumerRecord)];
    return host.write(groupId, records).then((error) => {
      if (error !== "NONE") {
        // Of many records some may have been written before the journal failed.
        this.#restore(groupId);
        return fail(error);
      }
      host.forget(groupId);
      this.#install(groupId, transition, resolve);
      return this.#deps.changed(groupId);
    });
  }

  #install(
    groupId: string,
    { timers, reply }: ConsumerTransition,
    resolve: (response: ConsumerHeartbeatResponse) => void,
  ): void {
    this.#keep(groupId, timers);
    if (reply !== null) resolve(reply);
  }

  #keep(groupId: string, timers: ConsumerTimers): void {
    if (timers.sessions.size === 0) {
      this.#timed.delete(groupId);
      return;
    }
    this.#timed.set(groupId, { timers, retryAtMs: 0 });
    this.#timer.atLatest(nextConsumerDeadlineMs(timers));
  }

  #restore(groupId: string): void {
    const group = this.#deps.host.store.consumer(groupId);
    const timers = this.#timed.get(groupId)?.timers ?? NO_TIMERS;
    const { clock, config } = this.#deps;
    this.#keep(groupId, restoredTimers(group, timers, clock.nowMs(), config));
  }

  #onTimer(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const [groupId, { timers, retryAtMs }] of [...this.#timed]) {
      if (this.#ticking.has(groupId)) continue;
      const dueMs = Math.max(nextConsumerDeadlineMs(timers), retryAtMs);
      if (dueMs <= nowMs) this.#tick(groupId);
      else this.#timer.atLatest(dueMs);
    }
  }

  #tick(groupId: string): void {
    const retryLater = (): void => {
      const timed = this.#timed.get(groupId);
      if (timed === undefined) return;
      const retryAtMs = this.#deps.clock.nowMs() + RETRY_MS;
      this.#timed.set(groupId, { ...timed, retryAtMs });
      this.#timer.atLatest(retryAtMs);
    };
    this.#ticking.add(groupId);
    this.#deps.host.run(
      groupId,
      () => {
        this.#ticking.delete(groupId);
        const group = this.#deps.host.store.consumer(groupId);
        if (group === undefined) {
          this.#timed.delete(groupId);
          return undefined;
        }
        return this.#advance(group, { kind: "tick" }, [], () => undefined, retryLater);
      },
      () => {
        this.#ticking.delete(groupId);
        retryLater();
      },
    );
  }
}

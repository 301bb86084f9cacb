import { FakeClock } from "../../../../runtime/core/clock.ts";
import { createLogger, type LogLine } from "../../../../runtime/core/logger.ts";
import {
  GroupCoordinator,
  type GroupCoordinatorDeps,
  type Journal,
  type JournalRecord,
} from "../../../../runtime/broker/coordinator/group-coordinator.ts";
import type {
  CommitRequest,
  JoinRequest,
  JoinResponse,
  SyncRequest,
} from "../../../../runtime/broker/coordinator/group-requests.ts";

/** A journal in memory that can be told to refuse or to hold back appends. */
export class MemoryJournal implements Journal {
  readonly records: JournalRecord[] = [];
  refuse = false;
  #held: (() => void)[] | undefined;

  async append(records: readonly JournalRecord[]): Promise<void> {
    if (this.#held !== undefined) {
      const held = this.#held;
      await new Promise<void>((resolve) => held.push(resolve));
    }
    if (this.refuse) throw new Error("disk full");
    this.records.push(...records);
  }

  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const resolve of held) resolve();
  }
}

export interface Bench {
  readonly clock: FakeClock;
  readonly journal: MemoryJournal;
  readonly groups: GroupCoordinator;
  readonly lines: LogLine[];
  readonly changes: string[];
  /** Moves time and lets everything that follows from it happen. */
  advance(ms: number): Promise<void>;
}

export function bench(
  deps: Partial<GroupCoordinatorDeps> = {},
  journal = new MemoryJournal(),
  clock = new FakeClock(),
): Bench {
  const lines: LogLine[] = [];
  const changes: string[] = [];
  let ids = 0;
  const groups = new GroupCoordinator({
    journal,
    clock,
    logger: createLogger(
      "groups",
      () => clock.nowMs(),
      (line) => lines.push(line),
    ),
    newId: () => `id${++ids}`,
    ...deps,
  });
  for (const [offset, { key, value }] of journal.records.entries())
    groups.apply(key, value, offset);
  groups.loaded();
  groups.onChange((groupId) => changes.push(groupId));
  return {
    clock,
    journal,
    groups,
    lines,
    changes,
    async advance(ms) {
      clock.advance(ms);
      await settle();
    },
  };
}

/** Lets all promises that can make progress make it. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The promise's value if it has one by now, else `waiting`. */
export async function peek<T>(promise: Promise<T>): Promise<T | "waiting"> {
  await settle();
  return Promise.race([promise, Promise.resolve("waiting" as const)]);
}

export function joinRequest(changes: Partial<JoinRequest> = {}): JoinRequest {
  return {
    groupId: "g",
    memberId: "",
    instanceId: null,
    clientId: "client",
    clientHost: "/127.0.0.1",
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: subscription(["t"]) }],
    apiVersion: 9,
    ...changes,
  };
}

/** A version 0 subscription of the consumer protocol. */
export function subscription(topics: readonly string[]): Buffer {
  const parts = [Buffer.from([0, 0, 0, 0, 0, topics.length])];
  for (const topic of topics) parts.push(Buffer.from([0, topic.length]), Buffer.from(topic));
  return Buffer.concat([...parts, Buffer.from([255, 255, 255, 255])]);
}

export function commitRequest(
  changes: Partial<CommitRequest> = {},
  offset = 1,
  metadata: string | null = null,
): CommitRequest {
  return {
    groupId: "g",
    generation: -1,
    memberId: "",
    instanceId: null,
    apiVersion: 9,
    topics: [{ topic: "t", partitions: [{ partition: 0, offset, leaderEpoch: -1, metadata }] }],
    ...changes,
  };
}

export async function commit(on: Bench, request: CommitRequest): Promise<string> {
  const { topics } = await on.groups.commit(request);
  return topics.flatMap((topic) => topic.partitions.map(({ error }) => error)).join();
}

export async function committed(on: Bench, groupId = "g", topic = "t"): Promise<number> {
  const answer = await on.groups.fetchOffsets({ groupId, topics: [{ topic, partitions: [0] }] });
  return answer.topics[0]?.partitions[0]?.offset ?? NaN;
}

/** Both steps of a new dynamic member's join; its second step is left to wait. */
export async function enter(
  on: Bench,
  changes: Partial<JoinRequest> = {},
): Promise<{ memberId: string; joined: Promise<JoinResponse> }> {
  const first = await on.groups.join(joinRequest(changes));
  const joined = on.groups.join(joinRequest({ ...changes, memberId: first.memberId }));
  await settle();
  return { memberId: first.memberId, joined };
}

export function syncRequest(
  joined: Pick<JoinResponse, "generation" | "memberId" | "protocol">,
  assignments: Record<string, string> = {},
): SyncRequest {
  return {
    groupId: "g",
    generation: joined.generation,
    memberId: joined.memberId,
    instanceId: null,
    protocolType: "consumer",
    protocol: joined.protocol,
    assignments: Object.entries(assignments).map(([memberId, assignment]) => ({
      memberId,
      assignment: Buffer.from(assignment),
    })),
  };
}

/** A group with one dynamic member, Stable, assignment `all`. */
export async function stableGroup(
  on: Bench,
  changes: Partial<JoinRequest> = {},
): Promise<JoinResponse> {
  const { joined } = await enter(on, changes);
  await on.advance(0);
  const response = await joined;
  await on.groups.sync(syncRequest(response, { [response.memberId]: "all" }));
  return response;
}

export function heartbeat(
  on: Bench,
  who: Pick<JoinResponse, "generation" | "memberId">,
  instanceId: string | null = null,
): Promise<string> {
  const { generation, memberId } = who;
  return on.groups
    .heartbeat({ groupId: "g", generation, memberId, instanceId })
    .then(({ error }) => error);
}

export async function stateOf(on: Bench, groupId = "g"): Promise<string> {
  return (await on.groups.describe([groupId]))[0]?.state ?? "none";
}

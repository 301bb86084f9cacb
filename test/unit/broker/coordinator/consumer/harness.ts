import { FakeClock } from "../../../../../runtime/core/clock.ts";
import type {
  ConsumerHeartbeatRequest,
  ConsumerHeartbeatResponse,
} from "../../../../../runtime/broker/coordinator/consumer/consumer-requests.ts";
import type { Assignment } from "../../../../../runtime/broker/coordinator/consumer/assignment.ts";
import type {
  TopicDirectory,
  TopicInfo,
} from "../../../../../runtime/broker/coordinator/consumer/topics.ts";
import { bench, MemoryJournal, type Bench } from "../harness.ts";

/** Topics that a test creates, grows and deletes. */
export class TestTopics implements TopicDirectory {
  readonly #topics = new Map<string, TopicInfo>();
  version = 0;

  constructor(topics: Readonly<Record<string, number>>) {
    for (const [name, partitions] of Object.entries(topics)) this.put(name, partitions);
  }

  put(name: string, partitions: number): void {
    const id = this.#topics.get(name)?.id ?? topicId(name, this.version);
    this.#topics.set(name, { id, name, partitions });
    this.version++;
  }

  delete(name: string): void {
    this.#topics.delete(name);
    this.version++;
  }

  find(name: string): TopicInfo | undefined {
    return this.#topics.get(name);
  }

  names(): Iterable<string> {
    return this.#topics.keys();
  }

  nameOf(id: string): string {
    for (const topic of this.#topics.values()) if (topic.id === id) return topic.name;
    return "deleted";
  }
}

const topicId = (name: string, version: number): string =>
  Buffer.from(`${name}#${version}`.padEnd(16, ".")).subarray(0, 16).toString("base64url");

export interface ConsumerBench extends Bench {
  readonly topics: TestTopics;
}

export function consumerBench(
  topics = new TestTopics({ t: 4 }),
  journal = new MemoryJournal(),
  clock = new FakeClock(),
  config = {},
): ConsumerBench {
  return { ...bench({ topics, config }, journal, clock), topics };
}

/** A consumer that follows the protocol: it takes and gives up what it is told at once. */
export class Consumer {
  readonly #on: ConsumerBench;
  readonly #join: Partial<ConsumerHeartbeatRequest>;
  readonly memberId: string;
  epoch = 0;
  owned: Assignment = new Map();
  last: ConsumerHeartbeatResponse | undefined;

  constructor(
    on: ConsumerBench,
    memberId: string,
    join: Partial<ConsumerHeartbeatRequest> = { topics: ["t"] },
  ) {
    this.#on = on;
    this.memberId = memberId;
    this.#join = join;
  }

  /** What it holds, as `topic:partition`. */
  get holds(): string[] {
    return [...this.owned].flatMap(([id, partitions]) =>
      partitions.map((partition) => `${this.#on.topics.nameOf(id)}:${partition}`),
    );
  }

  /** One heartbeat; the error, or NONE. */
  async beat(changes: Partial<ConsumerHeartbeatRequest> = {}): Promise<string> {
    const joins = this.epoch === 0;
    const response = await this.#on.groups.consumerHeartbeat({
      ...heartbeatRequest(this.memberId, this.epoch),
      ...(joins ? { rebalanceTimeoutMs: 60_000, ...this.#join, owned: [] } : {}),
      ...(joins ? {} : { owned: listed(this.owned) }),
      ...changes,
    });
    this.last = response;
    if (response.error !== "NONE") return response.error;
    this.epoch = response.epoch;
    if (response.assignment !== null) this.owned = response.assignment;
    return "NONE";
  }

  /** Forgets everything, as a process that is told that it is fenced. */
  abandon(): void {
    this.epoch = 0;
    this.owned = new Map();
  }
}

export function heartbeatRequest(memberId: string, epoch: number): ConsumerHeartbeatRequest {
  return {
    groupId: "g",
    memberId,
    epoch,
    instanceId: null,
    rackId: null,
    clientId: "client",
    clientHost: "/127.0.0.1",
    rebalanceTimeoutMs: -1,
    topics: null,
    regex: null,
    assignor: null,
    owned: null,
    apiVersion: 1,
  };
}

const listed = (assignment: Assignment) =>
  Array.from(assignment, ([topicId, partitions]) => ({ topicId, partitions }));

/** Heartbeats of all in turn, until what they hold does not change any more. */
export async function calm(consumers: readonly Consumer[]): Promise<void> {
  for (let round = 0; round < 10; round++) {
    for (const consumer of consumers) await consumer.beat();
  }
}

export async function describeGroup(on: ConsumerBench, groupId = "g") {
  const [group] = await on.groups.describeConsumers([groupId]);
  if (group === undefined) throw new Error("not described");
  return group;
}

/** Who owns which partition, as the coordinator told the members. */
import {
  ConsumerAssignment,
  decodeVersioned,
} from "../../../runtime/wire/kafka/messages/consumer-protocol.ts";
import type { Listener } from "./tap.ts";

/** group.consumer.session.timeout.ms of the lab, less what a timer may be late. */
const SESSION_MS = 44_000;

export interface OwnerFigures {
  /** Generations (classic) or epochs (KIP-848) in which somebody was assigned something. */
  readonly generations: number;
  /** Assignments that were checked. */
  readonly assignments: number;
  /** Sentences about partitions with two owners. */
  readonly violations: readonly string[];
}

/**
 * Classic groups: what the members of one generation are told in SyncGroup must not overlap. What is
 * told to a member again is the same as before.
 */
class ClassicOwners {
  readonly #generations = new Map<number, Map<string, string>>();
  readonly violations: string[] = [];
  assignments = 0;

  get generations(): number {
    return this.#generations.size;
  }

  assign(generation: number, memberId: string, partitions: readonly string[]): void {
    const owners = this.#generations.get(generation) ?? new Map<string, string>();
    this.#generations.set(generation, owners);
    this.assignments++;
    for (const partition of partitions) {
      const owner = owners.get(partition) ?? memberId;
      if (owner !== memberId) {
        this.violations.push(`generation ${generation}: ${partition} of ${owner} and ${memberId}`);
      }
      owners.set(partition, memberId);
    }
  }
}

interface Member {
  readonly partitions: Set<string>;
  lastHeardMs: number;
}

/**
 * Groups of KIP-848: a partition is a member's from the answer that names it until the member says in a
 * heartbeat that it has it no longer, leaves, is told that it is no member, or was silent for longer
 * than its session. Nobody else may be told to own it in between.
 */
class ConsumerOwners {
  readonly #members = new Map<string, Member>();
  readonly #epochs = new Set<number>();
  readonly #nowMs: () => number;
  readonly violations: string[] = [];
  assignments = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get generations(): number {
    return this.#epochs.size;
  }

  /** `owned` is null when the member says nothing about it. */
  heard(memberId: string, epoch: number, owned: readonly string[] | null): void {
    if (epoch < 0) {
      this.#members.delete(memberId);
      return;
    }
    const member = this.#members.get(memberId) ?? { partitions: new Set(), lastHeardMs: 0 };
    this.#members.set(memberId, member);
    member.lastHeardMs = this.#nowMs();
    // Whoever joins begins with nothing.
    const kept = epoch === 0 ? [] : owned;
    if (kept === null) return;
    for (const partition of [...member.partitions]) {
      if (!kept.includes(partition)) member.partitions.delete(partition);
    }
  }

  told(memberId: string, epoch: number, assigned: readonly string[]): void {
    const member = this.#members.get(memberId);
    if (member === undefined) return;
    this.#epochs.add(epoch);
    this.assignments++;
    for (const partition of assigned) {
      for (const [other, { partitions, lastHeardMs }] of this.#members) {
        const isAlive = this.#nowMs() - lastHeardMs < SESSION_MS;
        if (other === memberId || !isAlive || !partitions.has(partition)) continue;
        this.violations.push(`epoch ${epoch}: ${partition} of ${other} is given to ${memberId}`);
      }
      member.partitions.add(partition);
    }
  }

  fenced(memberId: string): void {
    this.#members.delete(memberId);
  }
}

type TopicPartitions = readonly { topicId: string; partitions: readonly number[] }[];

const namesOf = (topics: TopicPartitions): string[] =>
  topics.flatMap(({ topicId, partitions }) => partitions.map((one) => `${topicId}-${one}`));

/** Listens to one group. */
export class Owners implements Listener {
  readonly #classic = new ClassicOwners();
  readonly #consumer: ConsumerOwners;
  readonly #groupId: string;

  constructor(groupId: string, nowMs: () => number) {
    this.#groupId = groupId;
    this.#consumer = new ConsumerOwners(nowMs);
  }

  get figures(): OwnerFigures {
    return {
      generations: this.#classic.generations + this.#consumer.generations,
      assignments: this.#classic.assignments + this.#consumer.assignments,
      violations: [...this.#classic.violations, ...this.#consumer.violations],
    };
  }

  synced(...[request, response]: Parameters<Listener["synced"]>): void {
    if (request.groupId !== this.#groupId || response.errorCode !== 0) return;
    if (response.assignment.length === 0) return;
    const { assignedPartitions } = decodeVersioned(ConsumerAssignment, response.assignment);
    const partitions = assignedPartitions.flatMap((one) =>
      one.partitions.map((partition) => `${one.topic}-${partition}`),
    );
    this.#classic.assign(request.generationId, request.memberId, partitions);
  }

  heartbeat(request: Parameters<Listener["heartbeat"]>[0]): void {
    if (request.groupId !== this.#groupId) return;
    const { memberId, memberEpoch, topicPartitions } = request;
    this.#consumer.heard(memberId, memberEpoch, topicPartitions && namesOf(topicPartitions));
  }

  heartbeatAnswered(...[request, response]: Parameters<Listener["heartbeatAnswered"]>): void {
    if (request.groupId !== this.#groupId || request.memberEpoch < 0) return;
    const memberId = response.memberId ?? request.memberId;
    if (response.errorCode !== 0) {
      this.#consumer.fenced(request.memberId);
    } else if (response.assignment !== null && response.assignment !== undefined) {
      const { memberEpoch, assignment } = response;
      this.#consumer.told(memberId, memberEpoch, namesOf(assignment.topicPartitions));
    }
  }
}

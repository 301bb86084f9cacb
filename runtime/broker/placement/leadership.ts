import type { Logger } from "../../core/logger.ts";
import type { TopicRefusal } from "../outcomes.ts";
import type { Partition } from "../partition.ts";
import type { Topic } from "../topic.ts";
import type { DiskRefusal, TopicCatalogue } from "../topic-catalogue.ts";
import type { TopicRegistry } from "../topic-registry.ts";
import { assignmentFault } from "./assign.ts";
import type { Nodes } from "./nodes.ts";
import {
  elected,
  type Election,
  type Placement,
  reassigned,
  settled,
  toStore,
} from "./placement.ts";

export type ReassignOutcome =
  | { readonly kind: "reassigned" }
  | TopicRefusal<
      "unknown" | "invalid-assignment" | "invalid-replication-factor" | "nothing-under-way" | "disk"
    >;

export type ElectOutcome =
  { readonly kind: "elected" } | TopicRefusal<"unknown" | "not-needed" | "not-available" | "disk">;

export interface Reassignment {
  readonly partition: number;
  /** Null cancels a reassignment, of which none ever lasts. */
  readonly replicas: readonly number[] | null;
}

export interface LeadershipDeps {
  readonly registry: TopicRegistry;
  readonly catalogue: TopicCatalogue;
  readonly nodes: Nodes;
  readonly logger: Logger;
  /** Called with the name of a topic whose leaders or replicas have changed. */
  readonly changed: (topic: string) => void;
}

type Move = (partition: Partition) => Placement;

/** Moves partitions between the nodes of the lab. A move is in the catalogue on disk before anyone sees it. */
export class Leadership {
  readonly #deps: LeadershipDeps;

  constructor(deps: LeadershipDeps) {
    this.#deps = deps;
  }

  /** Takes a node out: its partitions go to the next replica in sync, if there is one. */
  stop(node: number): Promise<void> {
    return this.#turn(node, false);
  }

  /** Takes a node in again: it follows, and leads what has no leader. */
  start(node: number): Promise<void> {
    return this.#turn(node, true);
  }

  async #turn(node: number, isUp: boolean): Promise<void> {
    const { nodes, registry, logger } = this.#deps;
    if (nodes.isUp(node) === isUp) return;
    nodes.set(node, isUp);
    // Which nodes are up is part of what clients are told, also where no partition moves.
    registry.touch();
    await Promise.all(Array.from(registry.all(), (topic) => this.#settle(topic.name)));
    logger.info(`broker ${node} is ${isUp ? "up" : "down"}`);
  }

  /** A disk that refuses does not keep clients from the leader that there is now. */
  #settle(name: string): Promise<unknown> {
    return this.#move(name, "also when the disk refuses", (topic) => {
      const { isUp } = this.#deps.nodes;
      return (partition) => settled(partition.placement, isUp, topic.settings.uncleanElection);
    });
  }

  /** Gives partitions of a topic other replicas, at once: every node has the records already. */
  async reassign(
    name: string,
    wanted: readonly Reassignment[],
    mayChangeFactor: boolean,
  ): Promise<ReassignOutcome[]> {
    const refusals = new Map<number, ReassignOutcome>();
    const failed = await this.#move(name, "or not at all", () => (partition) => {
      const { placement, index } = partition;
      const replicas = wanted.find((one) => one.partition === index)?.replicas;
      if (replicas === undefined) return placement;
      const fault = this.#reassignFault(placement, replicas, mayChangeFactor);
      if (fault === undefined && replicas !== null) {
        return reassigned(placement, replicas, this.#deps.nodes.isUp);
      }
      if (fault !== undefined) refusals.set(index, fault);
      return placement;
    });
    return wanted.map(({ partition }) => {
      const exists = this.#deps.registry.partition(name, partition) !== undefined;
      if (!exists) return unknown(name, partition);
      return refusals.get(partition) ?? failed ?? { kind: "reassigned" };
    });
  }

  #reassignFault(
    placement: Placement,
    replicas: readonly number[] | null,
    mayChangeFactor: boolean,
  ): ReassignOutcome | undefined {
    if (replicas === null) {
      return { kind: "nothing-under-way", message: "No partition reassignment is in progress." };
    }
    const { nodes } = this.#deps;
    const fault = assignmentFault(replicas, nodes.count, nodes.isUp);
    if (fault !== undefined) return fault;
    const before = (placement.assigned ?? placement.replicas).length;
    if (mayChangeFactor || replicas.length === before) return undefined;
    const message = `The replication factor is changed from ${before} to ${replicas.length}.`;
    return { kind: "invalid-replication-factor", message };
  }

  /** Elects leaders of partitions of a topic. */
  async elect(
    name: string,
    partitions: readonly number[],
    election: Election,
  ): Promise<ElectOutcome[]> {
    const refusals = new Map<number, ElectOutcome>();
    const failed = await this.#move(name, "or not at all", () => ({ index, placement }) => {
      if (!partitions.includes(index)) return placement;
      const after = elected(placement, election, this.#deps.nodes.isUp);
      if (typeof after !== "string") return after;
      refusals.set(index, { kind: after, message: ELECTION_MESSAGES[after] });
      return placement;
    });
    return partitions.map((partition) => {
      const exists = this.#deps.registry.partition(name, partition) !== undefined;
      if (!exists) return unknown(name, partition);
      return refusals.get(partition) ?? failed ?? { kind: "elected" };
    });
  }

  /** Writes the placements of topics as they are, after the lab was opened with other nodes than before. */
  async keep(topics: readonly Topic[]): Promise<void> {
    const { catalogue, registry } = this.#deps;
    const writes = topics.map((topic) =>
      catalogue.alone(registry.collisionForm(topic.name), async () => {
        const isThere = registry.find(topic.name) === topic;
        return isThere ? catalogue.change(topic.name, placementsOf(topic)) : undefined;
      }),
    );
    await Promise.all(writes);
  }

  /** Changes the placements of a topic's partitions: all that `moves` changes, in one write. */
  #move(
    name: string,
    durability: "or not at all" | "also when the disk refuses",
    moves: (topic: Topic) => Move,
  ): Promise<DiskRefusal | undefined> {
    const { registry, catalogue, changed } = this.#deps;
    return catalogue.alone(registry.collisionForm(name), async () => {
      const topic = registry.find(name);
      if (topic === undefined) return undefined;
      const after = topic.partitions.map(moves(topic));
      const before = topic.partitions.map(({ placement }) => placement);
      if (after.every((placement, i) => placement === before[i])) return undefined;
      const isMove = after.some(({ epoch, replicas }, i) => {
        return epoch !== before[i]?.epoch || replicas !== before[i].replicas;
      });
      // Who is in sync follows from who is up, and is not kept.
      const failed = isMove
        ? await catalogue.change(name, { placements: toStore(after) })
        : undefined;
      if (failed !== undefined && durability === "or not at all") return failed;
      for (const [i, placement] of after.entries()) topic.partitions[i]?.place(placement);
      registry.touch();
      changed(name);
      return undefined;
    });
  }
}

const ELECTION_MESSAGES = {
  "not-needed": "Leader election not needed for topic partition.",
  "not-available": "No eligible topic partition leaders are available.",
} as const;

export function placementsOf(topic: Topic) {
  return { placements: toStore(topic.partitions.map(({ placement }) => placement)) };
}

function unknown(topic: string, partition: number): TopicRefusal<"unknown"> {
  return { kind: "unknown", message: `There is no partition ${topic}-${partition}.` };
}

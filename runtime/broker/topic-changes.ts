import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { newTopicId } from "../meta/catalogue.ts";
import { type ConfigChange, changedOverrides } from "./alter-config.ts";
import type {
  AlterOutcome,
  CreateOutcome,
  DeleteOutcome,
  GrowOutcome,
  TopicRefusal,
  TopicSpec,
} from "./outcomes.ts";
import type { Partition } from "./partition.ts";
import { placeAdded, placeNew } from "./placement/place-topic.ts";
import type { Nodes } from "./placement/nodes.ts";
import { type Placement, toStore } from "./placement/placement.ts";
import { Topic } from "./topic.ts";
import type { TopicCatalogue } from "./topic-catalogue.ts";
import { topicConfigFault, type TopicOverrides } from "./topic-config.ts";
import { topicNameFault } from "./topic-name.ts";
import type { TopicRegistry } from "./topic-registry.ts";

/** Most partitions of one topic; a bound on what one request can make the lab allocate. */
export const MAX_PARTITIONS_PER_TOPIC = 10_000;
/** Most partitions of all topics together: each costs a few kilobytes of memory and a moment at start. */
export const MAX_PARTITIONS = 50_000;

export interface TopicChangesDeps {
  readonly registry: TopicRegistry;
  readonly catalogue: TopicCatalogue;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Kafka's `num.partitions`. */
  readonly defaultPartitions: number;
  readonly nodes: Nodes;
  readonly openPartition: (topic: Topic, index: number, placement: Placement) => Partition;
  /** Deletes what lies where partitions `from` up to, not including, `to` are going to be; says why it cannot. */
  readonly makeWay: (topic: string, from: number, to: number) => string | undefined;
  /** Deletes the files of a partition. */
  readonly destroyPartition: (topic: string, index: number) => void;
  /** Deletes what groups committed for a topic that is gone. */
  readonly forgetOffsets: (topic: string) => Promise<unknown>;
  /** Called with the name of a topic that has come, gone, grown or changed. */
  readonly changed: (topic: string) => void;
}

/** Creates, deletes, grows and configures topics. Each change is in the catalogue on disk before anyone sees it. */
export class TopicChanges {
  readonly #deps: TopicChangesDeps;
  /** Partitions that are being written into the catalogue. */
  #coming = 0;

  constructor(deps: TopicChangesDeps) {
    this.#deps = deps;
  }

  /** Changes of one topic, and of topics whose names collide, wait for each other. */
  #alone<T>(name: string, change: () => Promise<T>): Promise<T> {
    const { registry, catalogue } = this.#deps;
    return catalogue.alone(registry.collisionForm(name), change);
  }

  create(spec: TopicSpec): Promise<CreateOutcome> {
    return this.#alone(spec.name, () => this.#create(spec));
  }

  async #create(spec: TopicSpec): Promise<CreateOutcome> {
    const { catalogue, clock, registry, nodes } = this.#deps;
    const { name, configs = {} } = spec;
    const fault = this.#nameFault(name) ?? configFault(configs);
    if (fault !== undefined) return fault;
    const partitions = spec.assignments?.length ?? spec.partitions ?? this.#deps.defaultPartitions;
    const countFault = this.#countFault(partitions);
    if (countFault !== undefined) return countFault;
    const placements = placeNew(spec, partitions, nodes, registry.partitionCount);
    if ("kind" in placements) return placements;
    if (spec.validateOnly === true) {
      return { kind: "valid", partitions, replicationFactor: factorOf(placements) };
    }
    const inTheWay = this.#deps.makeWay(name, 0, partitions);
    if (inTheWay !== undefined) return { kind: "disk", message: inTheWay };
    const topic = new Topic(name, newTopicId(), configs);
    const entry = { id: topic.id, partitions, configs, createdAtMs: clock.nowMs() };
    const failed = await this.#reserving(partitions, () =>
      catalogue.put(name, { ...entry, placements: toStore(placements) }),
    );
    if (failed !== undefined) return failed;
    this.#open(topic, placements);
    return { kind: "created", topic };
  }

  #open(topic: Topic, placements: readonly Placement[]): void {
    const { registry, logger, openPartition, changed } = this.#deps;
    for (const [index, placement] of placements.entries()) {
      topic.addPartition(openPartition(topic, index, placement));
    }
    registry.add(topic);
    logger.info(`topic ${topic.name} created with ${placements.length} partition(s)`);
    changed(topic.name);
  }

  #nameFault(name: string): TopicRefusal<"exists" | "invalid-name"> | undefined {
    const { registry } = this.#deps;
    const nameFault = topicNameFault(name);
    if (nameFault !== undefined) return { kind: "invalid-name", message: nameFault };
    if (registry.find(name) !== undefined) {
      return { kind: "exists", message: `Topic '${name}' already exists.` };
    }
    const other = registry.collidingWith(name);
    if (other === undefined) return undefined;
    const message = `Topic '${name}' collides with existing topic '${other}'.`;
    return { kind: "invalid-name", message };
  }

  #countFault(partitions: number): TopicRefusal<"invalid-partitions"> | undefined {
    if (Number.isInteger(partitions) && partitions >= 1 && partitions <= MAX_PARTITIONS_PER_TOPIC) {
      return this.#tooManyFault(partitions);
    }
    return {
      kind: "invalid-partitions",
      message: `A topic has 1 to ${MAX_PARTITIONS_PER_TOPIC} partitions, not ${partitions}.`,
    };
  }

  #tooManyFault(more: number): TopicRefusal<"invalid-partitions"> | undefined {
    const all = this.#deps.registry.partitionCount + this.#coming + more;
    if (all <= MAX_PARTITIONS) return undefined;
    return {
      kind: "invalid-partitions",
      message: `The lab has at most ${MAX_PARTITIONS} partitions in all its topics; this would make ${all}. Delete topics first.`,
    };
  }

  /** Deletes a topic, its records and the offsets that groups committed for it. */
  delete(name: string): Promise<DeleteOutcome> {
    return this.#alone(name, () => this.#delete(name));
  }

  async #delete(name: string): Promise<DeleteOutcome> {
    const { registry, catalogue, logger, changed } = this.#deps;
    const topic = registry.find(name);
    if (topic === undefined) return unknown(name);
    if (topic.internal) {
      return { kind: "internal", message: `Topic '${name}' is internal and cannot be deleted.` };
    }
    const failed = await catalogue.remove(name);
    if (failed !== undefined) return failed;
    registry.remove(topic);
    for (const partition of topic.partitions) partition.close();
    for (const { index } of topic.partitions) this.#deps.destroyPartition(name, index);
    await this.#deps.forgetOffsets(name);
    logger.info(`topic ${name} deleted`);
    changed(name);
    return { kind: "deleted" };
  }

  /** Raises the number of partitions of a topic to `partitions`, on the nodes that are named or in turn. */
  grow(
    name: string,
    partitions: number,
    validateOnly: boolean,
    assignments?: readonly (readonly number[])[],
  ): Promise<GrowOutcome> {
    return this.#alone(name, () => this.#grow(name, partitions, validateOnly, assignments));
  }

  async #grow(
    name: string,
    partitions: number,
    validateOnly: boolean,
    assignments: readonly (readonly number[])[] | undefined,
  ): Promise<GrowOutcome> {
    const { registry, catalogue, nodes, changed, openPartition } = this.#deps;
    const topic = registry.find(name);
    if (topic === undefined) return unknown(name);
    const current = topic.partitions.length;
    if (partitions <= current || partitions > MAX_PARTITIONS_PER_TOPIC) {
      return { kind: "invalid-partitions", message: growthFault(name, current, partitions) };
    }
    const more = partitions - current;
    const tooMany = this.#tooManyFault(more);
    if (tooMany !== undefined) return tooMany;
    const before = topic.partitions.map(({ placement }) => placement);
    const added = placeAdded(assignments, more, before, nodes);
    if ("kind" in added) return added;
    if (validateOnly) return { kind: "grown" };
    const inTheWay = this.#deps.makeWay(name, current, partitions);
    if (inTheWay !== undefined) return { kind: "disk", message: inTheWay };
    const placements = toStore([...before, ...added]);
    const failed = await this.#reserving(more, () =>
      catalogue.change(name, { partitions, placements }),
    );
    if (failed !== undefined) return failed;
    const opened = added.map((placement, i) => openPartition(topic, current + i, placement));
    registry.addPartitions(topic, opened);
    changed(name);
    return { kind: "grown" };
  }

  /** Changes a topic's configuration; running partitions follow it at once. */
  alter(name: string, change: ConfigChange, validateOnly: boolean): Promise<AlterOutcome> {
    return this.#alone(name, () => this.#alter(name, change, validateOnly));
  }

  async #alter(name: string, change: ConfigChange, validateOnly: boolean): Promise<AlterOutcome> {
    const { registry, catalogue, changed } = this.#deps;
    const topic = registry.find(name);
    if (topic === undefined) return unknown(name);
    const configs = changedOverrides(topic.overrides, change);
    if (typeof configs === "string") return { kind: "invalid-config", message: configs };
    const fault = topicConfigFault(configs);
    if (fault !== undefined) return { kind: "invalid-config", message: fault };
    if (validateOnly) return { kind: "altered" };
    const failed = await catalogue.change(name, { configs });
    if (failed !== undefined) return failed;
    topic.setOverrides(configs);
    changed(name);
    return { kind: "altered" };
  }

  /** Counts partitions as there while the catalogue is written. */
  async #reserving<T>(partitions: number, write: () => Promise<T>): Promise<T> {
    this.#coming += partitions;
    try {
      return await write();
    } finally {
      this.#coming -= partitions;
    }
  }
}

function configFault(configs: TopicOverrides): TopicRefusal<"invalid-config"> | undefined {
  const message = topicConfigFault(configs);
  return message === undefined ? undefined : { kind: "invalid-config", message };
}

function growthFault(name: string, current: number, wanted: number): string {
  if (wanted === current) return `Topic already has ${current} partition(s).`;
  return wanted < current
    ? `The topic '${name}' currently has ${current} partition(s); ${wanted} would not be an increase.`
    : `A topic has at most ${MAX_PARTITIONS_PER_TOPIC} partitions, not ${wanted}.`;
}

function factorOf(placements: readonly Placement[]): number {
  return placements[0]?.replicas.length ?? 0;
}

function unknown(name: string): TopicRefusal<"unknown"> {
  return { kind: "unknown", message: `There is no topic '${name}'.` };
}

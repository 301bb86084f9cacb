import type { Clock } from "../core/clock.ts";
import { KeyedLock } from "../core/keyed-lock.ts";
import type { Disposable } from "../core/lifetime.ts";
import type { Logger } from "../core/logger.ts";
import type { LogManager } from "../log/log-manager.ts";
import { type Catalogue, CatalogueError, newTopicId } from "../meta/catalogue.ts";
import { GroupCoordinator } from "./coordinator/group-coordinator.ts";
import type { TopicDirectory } from "./coordinator/consumer/topics.ts";
import { FlushQueue } from "./flush-queue.ts";
import { OffsetsJournal } from "./offsets-journal.ts";
import type {
  CreateOutcome,
  DeleteOutcome,
  GrowOutcome,
  TopicRefusal,
  TopicSpec,
} from "./outcomes.ts";
import { Partition } from "./partition.ts";
import { OFFSETS_TOPIC, Topic } from "./topic.ts";
import { topicConfigFault, type TopicOverrides } from "./topic-config.ts";
import { collisionForm, topicNameFault } from "./topic-name.ts";

/** Most partitions of one topic; a bound on what one request can make the lab allocate. */
export const MAX_PARTITIONS_PER_TOPIC = 10_000;
/** Most partitions of all topics together: each costs a few kilobytes of memory and a moment at start. */
export const MAX_PARTITIONS = 50_000;
/** Kafka's `num.partitions`. */
export const DEFAULT_PARTITIONS = 1;

export interface BrokerDeps {
  readonly catalogue: Catalogue;
  readonly logs: LogManager;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Runs an action after the input that is ready now has been handled, as `setImmediate` does. */
  readonly defer: (action: () => void) => void;
}

/**
 * The verbs every gateway and the local cluster adapter share, free of any protocol. Outcomes are
 * values; what is thrown is a bug or a disk that failed while topics were being changed.
 */
export class Broker {
  readonly groups: GroupCoordinator;
  readonly #deps: BrokerDeps;
  readonly #flushes: FlushQueue;
  readonly #topics = new Map<string, Topic>();
  readonly #byId = new Map<string, Topic>();
  readonly #collisions = new Map<string, string>();
  /** Changes of one topic, and of topics whose names collide, wait for each other. */
  readonly #changes = new KeyedLock();
  #partitionCount = 0;
  /** Counts changes of which topics and partitions there are. */
  #topicsVersion = 0;
  /** Partitions that are being written into the catalogue. */
  #coming = 0;
  readonly #listeners = new Set<() => void>();

  private constructor(deps: BrokerDeps) {
    this.#deps = deps;
    this.#flushes = new FlushQueue(deps.defer);
    this.groups = new GroupCoordinator({
      journal: new OffsetsJournal(() => this.#offsetsPartition(), deps.clock),
      clock: deps.clock,
      logger: deps.logger.child("groups"),
      partitionExists: (topic, partition) => this.partition(topic, partition) !== undefined,
      topics: this.#directory(),
    });
  }

  /** Opens every topic of the catalogue and replays the internal ones. */
  static open(deps: BrokerDeps): Broker {
    const broker = new Broker(deps);
    for (const [name, entry] of deps.catalogue.topics()) {
      broker.#register(new Topic(name, entry.id, entry.configs), entry.partitions);
    }
    const offsets = broker.topic(OFFSETS_TOPIC);
    if (offsets !== undefined) OffsetsJournal.replay(offsets, broker.groups, deps.logger);
    broker.groups.loaded();
    void broker.#forgetOffsetsOfDeletedTopics();
    return broker;
  }

  /** Kafka's cluster id, made when the data folder was. */
  get clusterId(): string {
    return this.#deps.catalogue.clusterId;
  }

  topics(): Iterable<Topic> {
    return this.#topics.values();
  }

  topic(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  topicById(id: string): Topic | undefined {
    return this.#byId.get(id);
  }

  partition(topic: string, index: number): Partition | undefined {
    return this.#topics.get(topic)?.partitions[index];
  }

  /** Calls `listener` whenever a topic appears, disappears, grows, or holds other records than before. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /** Reserves a producer id that no producer of this data folder has had before. */
  newProducerId(): Promise<number> {
    return this.#deps.catalogue.nextProducerId();
  }

  /** Creates a topic; it is in the catalogue on disk before anyone sees it. */
  createTopic(spec: TopicSpec): Promise<CreateOutcome> {
    return this.#changes.run(collisionForm(spec.name), () => this.#create(spec));
  }

  async #create(spec: TopicSpec): Promise<CreateOutcome> {
    const partitions = spec.partitions ?? DEFAULT_PARTITIONS;
    const configs = spec.configs ?? {};
    const fault = this.#createFault(spec.name, partitions, configs);
    if (fault !== undefined) return fault;
    if (spec.validateOnly === true) return { kind: "valid", partitions };
    const topic = new Topic(spec.name, newTopicId(), configs);
    // What a deletion cut short by a crash left behind must not come back as this topic's data.
    for (let index = 0; index < partitions; index++) this.#deps.logs.destroy(spec.name, index);
    const createdAtMs = this.#deps.clock.nowMs();
    const failed = await this.#persist(partitions, (catalogue) =>
      catalogue.putTopic(spec.name, { id: topic.id, partitions, configs, createdAtMs }),
    );
    if (failed !== undefined) return failed;
    this.#register(topic, partitions);
    this.#deps.logger.info(`topic ${spec.name} created with ${partitions} partition(s)`);
    this.#changed();
    return { kind: "created", topic };
  }

  #createFault(
    name: string,
    partitions: number,
    configs: TopicOverrides,
  ): Exclude<CreateOutcome, { kind: "created" | "valid" }> | undefined {
    const nameFault = topicNameFault(name);
    if (nameFault !== undefined) return { kind: "invalid-name", message: nameFault };
    if (this.#topics.has(name)) {
      return { kind: "exists", message: `Topic '${name}' already exists.` };
    }
    const other = this.#collisions.get(collisionForm(name));
    if (other !== undefined) {
      return {
        kind: "invalid-name",
        message: `Topic '${name}' collides with existing topic '${other}'.`,
      };
    }
    if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS_PER_TOPIC) {
      return {
        kind: "invalid-partitions",
        message: `A topic has 1 to ${MAX_PARTITIONS_PER_TOPIC} partitions, not ${partitions}.`,
      };
    }
    const tooMany = this.#tooManyFault(partitions);
    if (tooMany !== undefined) return tooMany;
    const configFault = topicConfigFault(configs);
    return configFault === undefined ? undefined : { kind: "invalid-config", message: configFault };
  }

  #tooManyFault(more: number): TopicRefusal<"invalid-partitions"> | undefined {
    const all = this.#partitionCount + this.#coming + more;
    if (all <= MAX_PARTITIONS) return undefined;
    return {
      kind: "invalid-partitions",
      message: `The lab has at most ${MAX_PARTITIONS} partitions in all its topics; this would make ${all}. Delete topics first.`,
    };
  }

  /** Deletes a topic, its records and the offsets that groups committed for it. */
  deleteTopic(name: string): Promise<DeleteOutcome> {
    return this.#changes.run(collisionForm(name), () => this.#delete(name));
  }

  async #delete(name: string): Promise<DeleteOutcome> {
    const topic = this.#topics.get(name);
    if (topic === undefined) return { kind: "unknown", message: `There is no topic '${name}'.` };
    if (topic.internal) {
      return { kind: "internal", message: `Topic '${name}' is internal and cannot be deleted.` };
    }
    const failed = await this.#persist(0, (catalogue) => catalogue.removeTopic(name));
    if (failed !== undefined) return failed;
    this.#topics.delete(name);
    this.#byId.delete(topic.id);
    this.#collisions.delete(collisionForm(name));
    this.#partitionCount -= topic.partitions.length;
    this.#topicsVersion++;
    for (const partition of topic.partitions) partition.close();
    for (const partition of topic.partitions) this.#deps.logs.destroy(name, partition.index);
    await this.groups.deleteOffsetsOf([name]);
    this.#deps.logger.info(`topic ${name} deleted`);
    this.#changed();
    return { kind: "deleted" };
  }

  /** Raises the number of partitions of a topic to `partitions`. */
  growTopic(name: string, partitions: number, validateOnly: boolean): Promise<GrowOutcome> {
    return this.#changes.run(collisionForm(name), () => this.#grow(name, partitions, validateOnly));
  }

  async #grow(name: string, partitions: number, validateOnly: boolean): Promise<GrowOutcome> {
    const topic = this.#topics.get(name);
    if (topic === undefined) return { kind: "unknown", message: `There is no topic '${name}'.` };
    const current = topic.partitions.length;
    if (partitions <= current || partitions > MAX_PARTITIONS_PER_TOPIC) {
      const message =
        partitions === current
          ? `Topic already has ${current} partition(s).`
          : partitions < current
            ? `The topic '${name}' currently has ${current} partition(s); ${partitions} would not be an increase.`
            : `A topic has at most ${MAX_PARTITIONS_PER_TOPIC} partitions, not ${partitions}.`;
      return { kind: "invalid-partitions", message };
    }
    const tooMany = this.#tooManyFault(partitions - current);
    if (tooMany !== undefined) return tooMany;
    if (validateOnly) return { kind: "grown" };
    const entry = this.#deps.catalogue.topics().get(name);
    if (entry === undefined) throw new Error(`topic ${name} is served but not in the catalogue`);
    const failed = await this.#persist(partitions - current, (catalogue) =>
      catalogue.putTopic(name, { ...entry, partitions }),
    );
    if (failed !== undefined) return failed;
    for (let index = current; index < partitions; index++) {
      topic.addPartition(this.#openPartition(topic, index));
    }
    this.#topicsVersion++;
    this.#changed();
    return { kind: "grown" };
  }

  /** Writes what is staged and refuses everything after it. The logs stay open for their owner to close. */
  close(): void {
    this.groups.dispose();
    this.#flushes.flush();
    for (const topic of this.#topics.values()) {
      for (const partition of topic.partitions) partition.close();
    }
  }

  /** A crash between deleting a topic and forgetting what groups committed for it leaves offsets behind. */
  async #forgetOffsetsOfDeletedTopics(): Promise<void> {
    const gone = [...this.groups.topicsWithOffsets()].filter((name) => !this.#topics.has(name));
    if (gone.length > 0) await this.groups.deleteOffsetsOf(gone);
  }

  /** Changes the catalogue; a disk that refuses is an outcome, anything else is a bug. */
  async #persist(
    morePartitions: number,
    change: (catalogue: Catalogue) => Promise<void>,
  ): Promise<TopicRefusal<"disk"> | undefined> {
    this.#coming += morePartitions;
    try {
      await change(this.#deps.catalogue);
      return undefined;
    } catch (error) {
      if (!(error instanceof CatalogueError)) throw error;
      this.#deps.logger.error(error.message);
      return { kind: "disk", message: error.message };
    } finally {
      this.#coming -= morePartitions;
    }
  }

  async #offsetsPartition(): Promise<Partition> {
    const existing = this.partition(OFFSETS_TOPIC, 0);
    if (existing !== undefined) return existing;
    const outcome = await this.createTopic({
      name: OFFSETS_TOPIC,
      partitions: 1,
      configs: { "cleanup.policy": "compact", "segment.bytes": "16777216" },
    });
    const created = this.partition(OFFSETS_TOPIC, 0);
    if (created !== undefined) return created;
    const why = "message" in outcome ? outcome.message : "";
    throw new Error(`${OFFSETS_TOPIC} cannot be created. ${why}`);
  }

  #register(topic: Topic, partitions: number): void {
    for (let index = 0; index < partitions; index++) {
      topic.addPartition(this.#openPartition(topic, index));
    }
    this.#topics.set(topic.name, topic);
    this.#byId.set(topic.id, topic);
    this.#collisions.set(collisionForm(topic.name), topic.name);
    this.#topicsVersion++;
  }

  /** The topics as groups see them; expressions match internal ones too, as in Kafka. */
  #directory(): TopicDirectory {
    const version = () => this.#topicsVersion;
    const topics = this.#topics;
    return {
      get version() {
        return version();
      },
      find(name) {
        const topic = topics.get(name);
        return topic && { id: topic.id, name, partitions: topic.partitions.length };
      },
      names: () => topics.keys(),
    };
  }

  #openPartition(topic: Topic, index: number): Partition {
    this.#partitionCount++;
    const log = this.#deps.logs.partition(topic.name, index, topic.settings.log);
    return new Partition(index, log, {
      clock: this.#deps.clock,
      flushes: this.#flushes,
      logger: this.#deps.logger,
      settings: () => topic.settings,
      onChange: () => this.#changed(),
    });
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

import type { Clock } from "../core/clock.ts";
import { KeyedLock } from "../core/keyed-lock.ts";
import type { Disposable } from "../core/lifetime.ts";
import type { Logger } from "../core/logger.ts";
import type { LogManager } from "../log/log-manager.ts";
import type { PartitionLog } from "../log/partition-log.ts";
import type { BatchHeader } from "../record/batch.ts";
import { buildEndMarker, type EndMarker } from "../record/control.ts";
import { type Catalogue, CatalogueError, newTopicId } from "../meta/catalogue.ts";
import { type ConfigChange, changedOverrides } from "./alter-config.ts";
import { type AppendResult, refused } from "./append.ts";
import { GroupCoordinator } from "./coordinator/group-coordinator.ts";
import type { TopicDirectory } from "./coordinator/consumer/topics.ts";
import { FlushQueue } from "./flush-queue.ts";
import type {
  AlterOutcome,
  CreateOutcome,
  DeleteOutcome,
  DeleteRecordsOutcome,
  GrowOutcome,
  TopicRefusal,
  TopicSpec,
} from "./outcomes.ts";
import { openLogs } from "./open-logs.ts";
import { Partition } from "./partition.ts";
import { OFFSETS_TOPIC, Topic, TRANSACTIONS_TOPIC } from "./topic.ts";
import { topicConfigFault, type TopicOverrides } from "./topic-config.ts";
import { TopicJournal } from "./topic-journal.ts";
import { collisionForm, topicNameFault } from "./topic-name.ts";
import { commitFault, transactionFault } from "./transactions/faults.ts";
import { endLostTransactions } from "./transactions/lost-transactions.ts";
import { TransactionCoordinator } from "./transactions/transaction-coordinator.ts";
import type { TopicPartition } from "./transactions/transaction.ts";

/** Most partitions of one topic; a bound on what one request can make the lab allocate. */
export const MAX_PARTITIONS_PER_TOPIC = 10_000;
/** Most partitions of all topics together: each costs a few kilobytes of memory and a moment at start. */
export const MAX_PARTITIONS = 50_000;

/** Where the offsets of every group are kept. */
export const GROUP_OFFSETS: TopicPartition = { topic: OFFSETS_TOPIC, partition: 0 };

export interface BrokerDeps {
  readonly catalogue: Catalogue;
  readonly logs: LogManager;
  /** Kafka's `num.partitions`. */
  readonly defaultPartitions: number;
  /** The disk does not tell upper from lower case in names. */
  readonly foldCase: boolean;
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
  readonly transactions: TransactionCoordinator;
  readonly #deps: BrokerDeps;
  readonly #flushes: FlushQueue;
  readonly #topics = new Map<string, Topic>();
  readonly #byId = new Map<string, Topic>();
  readonly #collisions = new Map<string, string>();
  /** Changes of one topic, and of topics whose names collide, wait for each other. */
  readonly #changes = new KeyedLock();
  #partitionCount = 0;
  /** The coordinators know what they knew before. */
  #isLoaded = false;
  /** Counts changes of which topics and partitions there are. */
  #topicsVersion = 0;
  /** Partitions that are being written into the catalogue. */
  #coming = 0;
  readonly #listeners = new Set<() => void>();

  private constructor(deps: BrokerDeps) {
    this.#deps = deps;
    this.#flushes = new FlushQueue(deps.defer);
    this.groups = new GroupCoordinator({
      journal: new TopicJournal(() => this.#internalPartition(OFFSETS_TOPIC), deps.clock),
      clock: deps.clock,
      logger: deps.logger.child("groups"),
      partitionExists: (topic, partition) => this.partition(topic, partition) !== undefined,
      topics: this.#directory(),
      mayCommit: (producer) => commitFault(this.transactions.mayWrite(producer, GROUP_OFFSETS)),
    });
    this.transactions = new TransactionCoordinator({
      journal: new TopicJournal(() => this.#internalPartition(TRANSACTIONS_TOPIC), deps.clock),
      endIn: (marker, where) => this.#endTransaction(marker, where),
      newProducerId: () => this.newProducerId(),
      clock: deps.clock,
      logger: deps.logger.child("transactions"),
    });
  }

  /** Takes in every topic of the catalogue, and replays the internal ones. The other logs are opened later. */
  static open(deps: BrokerDeps): Broker {
    const broker = new Broker(deps);
    for (const [name, entry] of deps.catalogue.topics()) {
      broker.#register(new Topic(name, entry.id, entry.configs), entry.partitions);
    }
    const offsets = broker.topic(OFFSETS_TOPIC);
    if (offsets !== undefined) TopicJournal.replay(offsets, broker.groups, deps.logger);
    broker.groups.loaded();
    const transactions = broker.topic(TRANSACTIONS_TOPIC);
    if (transactions !== undefined) {
      TopicJournal.replay(transactions, broker.transactions, deps.logger);
    }
    broker.transactions.loaded();
    broker.#isLoaded = true;
    const all = [...broker.#topics.values()].flatMap(({ name: topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    for (const { topic, partition } of all.filter((one) => one.partition.isOpen)) {
      void broker.#endLostTransactions(partition.log, { topic, partition: partition.index });
    }
    const giveWay = () => new Promise<void>((resolve) => deps.defer(resolve));
    void openLogs(
      all.map(({ partition }) => partition),
      giveWay,
      deps.logger,
    );
    void broker.#forgetOffsetsOfDeletedTopics();
    return broker;
  }

  /** Kafka's cluster id, made when the data folder was. */
  get clusterId(): string {
    return this.#deps.catalogue.clusterId;
  }

  /** Partitions of a topic that is created without saying how many. */
  get defaultPartitions(): number {
    return this.#deps.defaultPartitions;
  }

  /** Where the logs lie. */
  get dataFolder(): string {
    return this.#deps.logs.dataFolder;
  }

  /** Another number whenever a topic has come, gone or grown, so that answers about all can be kept. */
  get topicsVersion(): number {
    return this.#topicsVersion;
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

  /** Reserves a producer id that no producer of this data folder has had before; undefined when the disk refuses. */
  async newProducerId(): Promise<number | undefined> {
    try {
      return await this.#deps.catalogue.nextProducerId();
    } catch (error) {
      if (!(error instanceof CatalogueError)) throw error;
      this.#deps.logger.error(error.message);
      return undefined;
    }
  }

  /** Creates a topic; it is in the catalogue on disk before anyone sees it. */
  createTopic(spec: TopicSpec): Promise<CreateOutcome> {
    return this.#changes.run(this.#collisionForm(spec.name), () => this.#create(spec));
  }

  async #create(spec: TopicSpec): Promise<CreateOutcome> {
    const partitions = spec.partitions ?? this.defaultPartitions;
    const configs = spec.configs ?? {};
    const fault = this.#createFault(spec.name, partitions, configs);
    if (fault !== undefined) return fault;
    if (spec.validateOnly === true) return { kind: "valid", partitions };
    const inTheWay = this.#deps.logs.makeWay(spec.name, 0, partitions);
    if (inTheWay !== undefined) return { kind: "disk", message: inTheWay };
    const topic = new Topic(spec.name, newTopicId(), configs);
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
    const other = this.#collisions.get(this.#collisionForm(name));
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
    return this.#changes.run(this.#collisionForm(name), () => this.#delete(name));
  }

  async #delete(name: string): Promise<DeleteOutcome> {
    const topic = this.#topics.get(name);
    if (topic === undefined) return { kind: "unknown", message: `There is no topic '${name}'.` };
    if (topic.internal) {
      return { kind: "internal", message: `Topic '${name}' is internal and cannot be deleted.` };
    }
    const failed = await this.#persist(0, (catalogue) => catalogue.removeTopic(name));
    if (failed !== undefined) return failed;
    this.#topicsVersion++;
    this.#topics.delete(name);
    this.#byId.delete(topic.id);
    this.#collisions.delete(this.#collisionForm(name));
    this.#partitionCount -= topic.partitions.length;
    for (const partition of topic.partitions) partition.close();
    for (const partition of topic.partitions) this.#deps.logs.destroy(name, partition.index);
    await this.groups.deleteOffsetsOf([name]);
    this.#deps.logger.info(`topic ${name} deleted`);
    this.#changed();
    return { kind: "deleted" };
  }

  /** Raises the number of partitions of a topic to `partitions`. */
  growTopic(name: string, partitions: number, validateOnly: boolean): Promise<GrowOutcome> {
    return this.#changes.run(this.#collisionForm(name), () =>
      this.#grow(name, partitions, validateOnly),
    );
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
    const inTheWay = this.#deps.logs.makeWay(name, current, partitions);
    if (inTheWay !== undefined) return { kind: "disk", message: inTheWay };
    const failed = await this.#persist(partitions - current, (catalogue) =>
      catalogue.putTopic(name, { ...entry, partitions }),
    );
    if (failed !== undefined) return failed;
    this.#topicsVersion++;
    for (let index = current; index < partitions; index++) {
      topic.addPartition(this.#openPartition(topic, index));
    }
    this.#changed();
    return { kind: "grown" };
  }

  /** Changes a topic's configuration; running partitions follow it at once. */
  alterTopicConfigs(
    name: string,
    change: ConfigChange,
    validateOnly: boolean,
  ): Promise<AlterOutcome> {
    return this.#changes.run(this.#collisionForm(name), () =>
      this.#alter(name, change, validateOnly),
    );
  }

  async #alter(name: string, change: ConfigChange, validateOnly: boolean): Promise<AlterOutcome> {
    const topic = this.#topics.get(name);
    if (topic === undefined) return { kind: "unknown", message: `There is no topic '${name}'.` };
    const configs = changedOverrides(topic.overrides, change);
    if (typeof configs === "string") return { kind: "invalid-config", message: configs };
    const fault = topicConfigFault(configs);
    if (fault !== undefined) return { kind: "invalid-config", message: fault };
    if (validateOnly) return { kind: "altered" };
    const entry = this.#deps.catalogue.topics().get(name);
    if (entry === undefined) throw new Error(`topic ${name} is served but not in the catalogue`);
    const failed = await this.#persist(0, (catalogue) =>
      catalogue.putTopic(name, { ...entry, configs }),
    );
    if (failed !== undefined) return failed;
    topic.setOverrides(configs);
    this.#changed();
    return { kind: "altered" };
  }

  /** Deletes a partition's records before `offset`; -1 stands for its end. */
  deleteRecords(name: string, index: number, offset: number): DeleteRecordsOutcome {
    const topic = this.#topics.get(name);
    const partition = topic?.partitions[index];
    if (topic === undefined || partition === undefined) {
      return { kind: "unknown", message: `Topic '${name}' has no partition ${index}.` };
    }
    if (topic.internal) {
      return { kind: "internal", message: `Topic '${name}' is internal and keeps its records.` };
    }
    if (topic.settings.compacted && !topic.settings.deletes) {
      const message = `Records of topic '${name}' are compacted, never deleted (cleanup.policy).`;
      return { kind: "compacted", message };
    }
    return partition.deleteRecords(offset);
  }

  /** Writes what is staged and refuses everything after it. The logs stay open for their owner to close. */
  close(): void {
    this.transactions.dispose();
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

  #endLostTransactions(log: PartitionLog, where: TopicPartition): Promise<void> {
    return endLostTransactions(log, where, {
      transactions: this.transactions,
      endIn: (marker, at) => this.#endTransaction(marker, at),
      logger: this.#deps.logger,
    });
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

  /** Writes the marker that ends a transaction in one partition; a partition that is gone needs none. */
  #endTransaction(marker: EndMarker, { topic, partition }: TopicPartition): Promise<boolean> {
    const append = async (): Promise<boolean> => {
      const batch = buildEndMarker(marker, this.#deps.clock.nowMs());
      const result = await this.partition(topic, partition)?.appendOwn(batch);
      return result?.kind !== "refused" || result.reason === "unknown-partition";
    };
    return topic === OFFSETS_TOPIC ? this.groups.completeTransaction(marker, append) : append();
  }

  /** Transactional batches go into an open transaction that has the partition, others outside of one. */
  #transactionFault(topic: string, index: number, header: BatchHeader): AppendResult | undefined {
    if (header.producerId < 0 && !header.isTransactional) return undefined;
    const producer = { producerId: header.producerId, epoch: header.producerEpoch };
    const error = this.transactions.mayWrite(producer, { topic, partition: index });
    const fault = transactionFault(error, header);
    return fault === undefined ? undefined : refused(fault.reason, fault.message);
  }

  async #internalPartition(name: string): Promise<Partition> {
    const existing = this.partition(name, 0);
    if (existing !== undefined) return existing;
    const outcome = await this.createTopic({
      name,
      partitions: 1,
      configs: { "cleanup.policy": "compact", "segment.bytes": "16777216" },
    });
    const created = this.partition(name, 0);
    if (created !== undefined) return created;
    const why = "message" in outcome ? outcome.message : "";
    throw new Error(`${name} cannot be created. ${why}`);
  }

  #register(topic: Topic, partitions: number): void {
    for (let index = 0; index < partitions; index++) {
      topic.addPartition(this.#openPartition(topic, index));
    }
    this.#topicsVersion++;
    this.#topics.set(topic.name, topic);
    this.#byId.set(topic.id, topic);
    this.#collisions.set(this.#collisionForm(topic.name), topic.name);
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
    return new Partition(index, {
      open: () => this.#deps.logs.partition(topic.name, index, topic.settings.log),
      onOpened: (log) => {
        const where = { topic: topic.name, partition: index };
        if (this.#isLoaded) void this.#endLostTransactions(log, where);
      },
      clock: this.#deps.clock,
      flushes: this.#flushes,
      logger: this.#deps.logger,
      settings: () => topic.settings,
      transactionFault: (at, header) => this.#transactionFault(topic.name, at, header),
      onChange: () => this.#changed(),
    });
  }

  #collisionForm(name: string): string {
    return collisionForm(name, this.#deps.foldCase);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

import type { Clock } from "../core/clock.ts";
import type { Disposable } from "../core/lifetime.ts";
import type { Logger } from "../core/logger.ts";
import type { LogManager } from "../log/log-manager.ts";
import type { PartitionLog } from "../log/partition-log.ts";
import type { BatchHeader } from "../record/batch.ts";
import { buildEndMarker, type EndMarker } from "../record/control.ts";
import { type Catalogue, CatalogueError, type TopicEntry } from "../meta/catalogue.ts";
import type { ConfigChange } from "./alter-config.ts";
import { type AppendResult, refused } from "./append.ts";
import { GroupCoordinator } from "./coordinator/group-coordinator.ts";
import { FlushQueue } from "./flush-queue.ts";
import type {
  AlterOutcome,
  CreateOutcome,
  DeleteOutcome,
  DeleteRecordsOutcome,
  GrowOutcome,
  TopicSpec,
} from "./outcomes.ts";
import { openLogs } from "./open-logs.ts";
import { Partition } from "./partition.ts";
import { Leadership } from "./placement/leadership.ts";
import { Nodes } from "./placement/nodes.ts";
import { internalReplicationFactor } from "./placement/place-topic.ts";
import { type Placement, restored, settled } from "./placement/placement.ts";
import { groupConfigOf, type StaticConfigs } from "./static-config.ts";
import { OFFSETS_TOPIC, Topic, TRANSACTIONS_TOPIC } from "./topic.ts";
import { TopicCatalogue } from "./topic-catalogue.ts";
import { TopicChanges } from "./topic-changes.ts";
import { TopicJournal } from "./topic-journal.ts";
import { TopicRegistry } from "./topic-registry.ts";
import { commitFault, transactionFault } from "./transactions/faults.ts";
import { endLostTransactions } from "./transactions/lost-transactions.ts";
import { TransactionCoordinator } from "./transactions/transaction-coordinator.ts";
import type { TopicPartition } from "./transactions/transaction.ts";

/** Where the offsets of every group are kept. */
export const GROUP_OFFSETS: TopicPartition = { topic: OFFSETS_TOPIC, partition: 0 };

export interface BrokerDeps {
  readonly catalogue: Catalogue;
  readonly logs: LogManager;
  /** Kafka's `num.partitions`. */
  readonly defaultPartitions: number;
  /** Nodes that the lab shows itself as, 1 unless said otherwise. */
  readonly brokers?: number;
  /** Configurations that it is started with; none when undefined. */
  readonly configs?: StaticConfigs;
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
  readonly nodes: Nodes;
  readonly leadership: Leadership;
  readonly #deps: BrokerDeps;
  readonly #flushes: FlushQueue;
  readonly #registry: TopicRegistry;
  readonly #changes: TopicChanges;
  /** The coordinators know what they knew before. */
  #isLoaded = false;
  readonly #listeners = new Set<(topic: string) => void>();

  private constructor(deps: BrokerDeps) {
    const { catalogue, clock, defaultPartitions, logger, logs } = deps;
    this.#deps = deps;
    this.#flushes = new FlushQueue(deps.defer);
    this.#registry = new TopicRegistry(deps.foldCase);
    this.nodes = new Nodes(deps.brokers ?? 1);
    this.groups = new GroupCoordinator({
      journal: new TopicJournal(() => this.#internalPartition(OFFSETS_TOPIC), clock),
      clock,
      config: groupConfigOf(this.configs),
      logger: logger.child("groups"),
      partitionExists: (topic, partition) => this.partition(topic, partition) !== undefined,
      topics: this.#registry.directory(),
      mayCommit: (producer) => commitFault(this.transactions.mayWrite(producer, GROUP_OFFSETS)),
    });
    this.transactions = new TransactionCoordinator({
      journal: new TopicJournal(() => this.#internalPartition(TRANSACTIONS_TOPIC), clock),
      endIn: (marker, where) => this.#endTransaction(marker, where),
      newProducerId: () => this.newProducerId(),
      clock,
      logger: logger.child("transactions"),
    });
    const shared = {
      registry: this.#registry,
      catalogue: new TopicCatalogue(catalogue, logger),
      nodes: this.nodes,
      logger,
      changed: (topic: string) => this.#changed(topic),
    };
    this.leadership = new Leadership(shared);
    this.#changes = new TopicChanges({
      ...{ ...shared, clock, defaultPartitions },
      openPartition: (topic, index, placement) =>
        this.#partition(
          topic,
          index,
          // A node may have been stopped while the catalogue was written.
          settled(placement, this.nodes.isUp, topic.settings.uncleanElection),
        ),
      makeWay: (topic, from, to) => logs.makeWay(topic, from, to),
      destroyPartition: (topic, index) => logs.destroy(topic, index),
      forgetOffsets: (topic) => this.groups.deleteOffsetsOf([topic]),
    });
  }

  /** Takes in every topic of the catalogue, and replays the internal ones. The other logs are opened later. */
  static open(deps: BrokerDeps): Broker {
    const broker = new Broker(deps);
    const moved: Topic[] = [];
    for (const [name, entry] of deps.catalogue.topics()) {
      const topic = broker.#restore(name, entry);
      const epochs = topic.partitions.map(({ placement }) => placement.epoch);
      if (entry.placements?.some(({ epoch }, i) => epoch !== epochs[i]) === true) moved.push(topic);
    }
    void broker.leadership.keep(moved);
    const offsets = broker.topic(OFFSETS_TOPIC);
    if (offsets !== undefined) TopicJournal.replay(offsets, broker.groups, deps.logger);
    broker.groups.loaded();
    const transactions = broker.topic(TRANSACTIONS_TOPIC);
    if (transactions !== undefined) {
      TopicJournal.replay(transactions, broker.transactions, deps.logger);
    }
    broker.transactions.loaded();
    broker.#isLoaded = true;
    const all = [...broker.topics()].flatMap(({ name: topic, partitions }) =>
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
    deps.logs.onShrink((topic) => broker.#changed(topic));
    return broker;
  }

  #restore(name: string, entry: TopicEntry): Topic {
    const topic = new Topic(name, entry.id, entry.configs);
    for (let index = 0; index < entry.partitions; index++) {
      const stored = entry.placements?.[index];
      // Where leaders have moved the log may know of one that the catalogue does not.
      const log = stored && this.#log(topic, index);
      const placement = restored(stored, index, this.nodes.count, log?.leaderEpoch ?? 0);
      topic.addPartition(this.#partition(topic, index, placement, log));
    }
    this.#registry.add(topic);
    return topic;
  }

  /** Kafka's cluster id, made when the data folder was. */
  get clusterId(): string {
    return this.#deps.catalogue.clusterId;
  }

  /** Partitions of a topic that is created without saying how many. */
  get defaultPartitions(): number {
    return this.#deps.defaultPartitions;
  }

  /** Configurations that it was started with. */
  get configs(): StaticConfigs {
    return this.#deps.configs ?? {};
  }

  /** Where the logs lie. */
  get dataFolder(): string {
    return this.#deps.logs.dataFolder;
  }

  /** Another number whenever a topic has come, gone or grown, so that answers about all can be kept. */
  get topicsVersion(): number {
    return this.#registry.version;
  }

  topics(): Iterable<Topic> {
    return this.#registry.all();
  }

  topic(name: string): Topic | undefined {
    return this.#registry.find(name);
  }

  topicById(id: string): Topic | undefined {
    return this.#registry.findById(id);
  }

  partition(topic: string, index: number): Partition | undefined {
    return this.#registry.partition(topic, index);
  }

  /**
   * Calls `listener` with a topic's name whenever it appears, disappears, grows, or holds other records
   * than before.
   */
  onChange(listener: (topic: string) => void): Disposable {
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
    return this.#changes.create(spec);
  }

  /** Deletes a topic, its records and the offsets that groups committed for it. */
  deleteTopic(name: string): Promise<DeleteOutcome> {
    return this.#changes.delete(name);
  }

  /** Raises the number of partitions of a topic to `partitions`. */
  growTopic(
    name: string,
    partitions: number,
    validateOnly: boolean,
    assignments?: readonly (readonly number[])[],
  ): Promise<GrowOutcome> {
    return this.#changes.grow(name, partitions, validateOnly, assignments);
  }

  /** Changes a topic's configuration; running partitions follow it at once. */
  alterTopicConfigs(
    name: string,
    change: ConfigChange,
    validateOnly: boolean,
  ): Promise<AlterOutcome> {
    return this.#changes.alter(name, change, validateOnly);
  }

  /** Deletes a partition's records before `offset`; -1 stands for its end. */
  deleteRecords(name: string, index: number, offset: number): DeleteRecordsOutcome {
    const topic = this.topic(name);
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
    for (const topic of this.topics()) {
      for (const partition of topic.partitions) partition.close();
    }
  }

  /** A crash between deleting a topic and forgetting what groups committed for it leaves offsets behind. */
  async #forgetOffsetsOfDeletedTopics(): Promise<void> {
    const gone = [...this.groups.topicsWithOffsets()].filter(
      (name) => this.topic(name) === undefined,
    );
    if (gone.length > 0) await this.groups.deleteOffsetsOf(gone);
  }

  #endLostTransactions(log: PartitionLog, where: TopicPartition): Promise<void> {
    return endLostTransactions(log, where, {
      transactions: this.transactions,
      endIn: (marker, at) => this.#endTransaction(marker, at),
      logger: this.#deps.logger,
    });
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
      replicationFactor: internalReplicationFactor(this.nodes.count),
      configs: { "cleanup.policy": "compact", "segment.bytes": "16777216" },
    });
    const created = this.partition(name, 0);
    if (created !== undefined) return created;
    const why = "message" in outcome ? outcome.message : "";
    throw new Error(`${name} cannot be created. ${why}`);
  }

  #log(topic: Topic, index: number): PartitionLog {
    return this.#deps.logs.partition(topic.name, index, topic.settings.log);
  }

  /** A partition whose log is opened later, unless it is open. */
  #partition(topic: Topic, index: number, placement: Placement, log?: PartitionLog): Partition {
    const partition = new Partition(index, placement, {
      open: () => log ?? this.#log(topic, index),
      onOpened: (log) => {
        // Its placement may be of a later epoch than clients were told.
        this.#registry.touch();
        const where = { topic: topic.name, partition: index };
        if (this.#isLoaded) void this.#endLostTransactions(log, where);
      },
      clock: this.#deps.clock,
      flushes: this.#flushes,
      logger: this.#deps.logger,
      settings: () => topic.settings,
      transactionFault: (at, header) => this.#transactionFault(topic.name, at, header),
      onChange: () => this.#changed(topic.name),
    });
    if (log !== undefined) partition.open();
    return partition;
  }

  #changed(topic: string): void {
    for (const listener of this.#listeners) listener(topic);
  }
}

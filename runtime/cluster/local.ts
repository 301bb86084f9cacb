import type { AppendRefusal } from "../broker/append.ts";
import type { Broker } from "../broker/broker.ts";
import type { Partition } from "../broker/partition.ts";
import type { Topic } from "../broker/topic.ts";
import { waitForData } from "../broker/wait.ts";
import type { Clock } from "../core/clock.ts";
import type { Disposable } from "../core/lifetime.ts";
import type {
  AppendOutcome,
  Cluster,
  ClusterTopic,
  CreateTopicOutcome,
  Cursor,
  DecidedRecords,
  DeleteTopicOutcome,
  NewTopic,
  PartitionExtent,
  ReadOutcome,
  WaitOutcome,
} from "./cluster.ts";

/** The lab's own broker as a cluster: no protocol in between, segments are read directly. */
export class LocalCluster implements Cluster {
  readonly readOnly = false;
  readonly #broker: Broker;
  readonly #clock: Clock;

  constructor(broker: Broker, clock: Clock) {
    this.#broker = broker;
    this.#clock = clock;
  }

  topics(): Promise<readonly ClusterTopic[]> {
    return Promise.resolve(Array.from(this.#broker.topics(), describeTopic));
  }

  topic(name: string): Promise<ClusterTopic | undefined> {
    const topic = this.#broker.topic(name);
    return Promise.resolve(topic === undefined ? undefined : describeTopic(topic));
  }

  async createTopic({ name, partitions, configs }: NewTopic): Promise<CreateTopicOutcome> {
    const outcome = await this.#broker.createTopic({ name, partitions, configs });
    if (outcome.kind === "created") return { kind: "created", topic: describeTopic(outcome.topic) };
    if (outcome.kind === "valid") throw new Error("a topic was validated instead of created");
    return { kind: "refused", reason: outcome.kind, message: outcome.message };
  }

  async deleteTopic(name: string): Promise<DeleteTopicOutcome> {
    const outcome = await this.#broker.deleteTopic(name);
    if (outcome.kind === "deleted") return outcome;
    return { kind: "refused", reason: outcome.kind, message: outcome.message };
  }

  read(
    topic: string,
    partition: number,
    offset: number,
    maxBytes: number,
    allocate = (bytes: number): Buffer => Buffer.allocUnsafe(bytes),
  ): Promise<ReadOutcome> {
    const log = this.#broker.partition(topic, partition)?.log;
    if (log === undefined) return Promise.resolve({ kind: "unknown-partition" });
    if (offset === log.endOffset) return Promise.resolve({ kind: "end" });
    if (offset < log.startOffset || offset > log.endOffset) {
      return Promise.resolve({ kind: "out-of-range" });
    }
    try {
      const limits = { maxBytes, atLeastOne: true };
      const read = log.read(offset, limits, allocate);
      return Promise.resolve(read.kind === "empty" ? { kind: "end" } : read);
    } catch (error) {
      if (!(error instanceof Error && error.name === "StorageError")) throw error;
      return Promise.resolve({ kind: "failed", message: error.message });
    }
  }

  decided(topic: string, partition: number, from: number): Promise<DecidedRecords> {
    const log = this.#broker.partition(topic, partition)?.log;
    if (log === undefined) return Promise.resolve({ stableOffset: Infinity, aborted: [] });
    const { lastStableOffset: stableOffset } = log;
    const isAtEnd = from >= stableOffset;
    const aborted = isAtEnd ? [] : log.abortedTransactions(from, stableOffset);
    return Promise.resolve({ stableOffset, aborted });
  }

  offsetForTime(
    topic: string,
    partition: number,
    timestampMs: number,
  ): Promise<number | undefined> {
    const log = this.#broker.partition(topic, partition)?.log;
    return Promise.resolve(log?.offsetForTime(timestampMs)?.offset);
  }

  async append(topic: string, partition: number, batch: Buffer): Promise<AppendOutcome> {
    const target = this.#broker.partition(topic, partition);
    if (target === undefined) {
      const message = `Topic ${topic} has no partition ${partition}.`;
      return { kind: "refused", reason: "unknown-partition", message };
    }
    const result = await target.append(batch);
    if (result.kind === "appended") return { kind: "appended", baseOffset: result.baseOffset };
    return { kind: "refused", reason: reasonOf(result.reason), message: result.message };
  }

  async waitForData(
    topic: string,
    cursors: readonly Cursor[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<WaitOutcome> {
    const partitions: Partition[] = [];
    for (const { partition, offset } of cursors) {
      const waited = this.#broker.partition(topic, partition);
      if (waited === undefined) return "gone";
      if (waited.log.endOffset > offset) return "data";
      partitions.push(waited);
    }
    const wake = await waitForData(partitions, timeoutMs, this.#clock, signal);
    return wake === "data" && this.#broker.topic(topic) === undefined ? "gone" : wake;
  }

  onChange(listener: (topic: string) => void): Disposable {
    return this.#broker.onChange(listener);
  }
}

/** What the interface tells of a topic. */
export function describeTopic(topic: Topic): ClusterTopic {
  return {
    name: topic.name,
    id: topic.id,
    internal: topic.internal,
    maxBatchBytes: topic.settings.log.maxMessageBytes,
    partitions: topic.partitions.map(({ index, log }): PartitionExtent => ({
      partition: index,
      startOffset: log.startOffset,
      endOffset: log.endOffset,
      sizeBytes: log.sizeBytes,
    })),
  };
}

/** The reasons of the broker that a message of ours can meet; its sequence checks are not among them. */
function reasonOf(reason: AppendRefusal): "too-large" | "invalid" | "unknown-partition" | "disk" {
  switch (reason) {
    case "too-large":
    case "unknown-partition":
    case "disk":
      return reason;
    case "corrupt":
    case "invalid-record":
    case "invalid-timestamp":
    case "unsupported-compression":
    case "out-of-order-sequence":
    case "producer-fenced":
    case "invalid-transaction":
      return "invalid";
  }
}

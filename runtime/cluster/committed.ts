import type { Disposable } from "../core/lifetime.ts";
import { markControl, readBatchHeader } from "../record/batch.ts";
import type {
  AbortedRecords,
  AppendOutcome,
  Cluster,
  ClusterTopic,
  CreateTopicOutcome,
  Cursor,
  DecidedRecords,
  DeleteTopicOutcome,
  NewTopic,
  ReadOutcome,
  WaitOutcome,
} from "./cluster.ts";

/**
 * A cluster as consumers with `isolation.level=read_committed` see it: topics end where transactions are
 * undecided, and records of aborted ones look like the broker's own markers, which readers step over.
 */
export class CommittedCluster implements Cluster {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  get readOnly(): boolean {
    return this.#cluster.readOnly;
  }

  async topics(): Promise<readonly ClusterTopic[]> {
    const topics = await this.#cluster.topics();
    return Promise.all(topics.map((topic) => this.#decided(topic)));
  }

  async topic(name: string): Promise<ClusterTopic | undefined> {
    const topic = await this.#cluster.topic(name);
    return topic && this.#decided(topic);
  }

  async read(
    topic: string,
    partition: number,
    offset: number,
    maxBytes: number,
  ): Promise<ReadOutcome> {
    const read = await this.#cluster.read(topic, partition, offset, maxBytes);
    if (read.kind !== "data") return read;
    const { aborted } = await this.#cluster.decided(topic, partition, offset);
    if (aborted.length > 0) hideAborted(read.bytes, aborted);
    return read;
  }

  decided(topic: string, partition: number, from: number): Promise<DecidedRecords> {
    return this.#cluster.decided(topic, partition, from);
  }

  createTopic(spec: NewTopic): Promise<CreateTopicOutcome> {
    return this.#cluster.createTopic(spec);
  }

  deleteTopic(name: string): Promise<DeleteTopicOutcome> {
    return this.#cluster.deleteTopic(name);
  }

  offsetForTime(topic: string, partition: number, timeMs: number): Promise<number | undefined> {
    return this.#cluster.offsetForTime(topic, partition, timeMs);
  }

  append(topic: string, partition: number, batch: Buffer): Promise<AppendOutcome> {
    return this.#cluster.append(topic, partition, batch);
  }

  waitForData(
    topic: string,
    cursors: readonly Cursor[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<WaitOutcome> {
    return this.#cluster.waitForData(topic, cursors, timeoutMs, signal);
  }

  onChange(listener: (topic: string) => void): Disposable {
    return this.#cluster.onChange(listener);
  }

  async #decided(topic: ClusterTopic): Promise<ClusterTopic> {
    const { name } = topic;
    const partitions = topic.partitions.map(async (extent) => {
      const { partition, endOffset } = extent;
      const { stableOffset } = await this.#cluster.decided(name, partition, endOffset);
      return { ...extent, endOffset: Math.min(endOffset, stableOffset) };
    });
    return { ...topic, partitions: await Promise.all(partitions) };
  }
}

/** Makes readers step over what was aborted, in bytes that were read for them alone. */
function hideAborted(bytes: Buffer, aborted: readonly AbortedRecords[]): void {
  for (let at = 0; at < bytes.length;) {
    const { baseOffset, isTransactional, lengthBytes, producerId } = readBatchHeader(bytes, at);
    const isAborted = aborted.some(
      (each) =>
        each.producerId === producerId &&
        baseOffset >= each.firstOffset &&
        baseOffset <= each.lastOffset,
    );
    if (isTransactional && isAborted) markControl(bytes, at);
    // A batch that claims no length is met by who reads it.
    if (lengthBytes <= 0) return;
    at += lengthBytes;
  }
}

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
} from "../../runtime/cluster/cluster.ts";
import type { Clock } from "../../runtime/core/clock.ts";
import { readBatchHeader, writeInt64 } from "../../runtime/record/batch.ts";
import { buildBatch, type BuildOptions, type NewRecord } from "../../runtime/record/build.ts";
import { readRecords } from "../../runtime/record/records.ts";

interface MemoryPartition {
  startOffset: number;
  endOffset: number;
  batches: Buffer[];
}

/** A cluster that keeps batches in memory, for tests of what is written over a cluster. */
export class MemoryCluster implements Cluster {
  readonly readOnly = false;
  readonly #clock: Clock;
  readonly #topics = new Map<string, MemoryPartition[]>();
  readonly #changes = new Set<(topic: string) => void>();
  /** How often `read` was called. */
  reads = 0;
  maxBatchBytes = 1_048_588;
  /** What is decided of transactions, in every partition. */
  stableOffset = Infinity;
  aborted: readonly AbortedRecords[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(topic: string, partitions: number): void {
    this.#topics.set(
      topic,
      Array.from({ length: partitions }, () => ({ startOffset: 0, endOffset: 0, batches: [] })),
    );
    this.#changed(topic);
  }

  /** Appends records as one batch, at once. */
  put(topic: string, partition: number, records: Partial<NewRecord>[], options?: BuildOptions) {
    const whole = records.map((record) => ({
      timestampMs: 0,
      key: null,
      value: null,
      headers: [],
      ...record,
    }));
    return this.putBatch(topic, partition, buildBatch(whole, options));
  }

  putBatch(topic: string, partition: number, batch: Buffer): number {
    const target = this.partition(topic, partition);
    const baseOffset = target.endOffset;
    writeInt64(batch, 0, baseOffset);
    target.batches.push(batch);
    target.endOffset += readBatchHeader(batch, 0).lastOffsetDelta + 1;
    this.#changed(topic);
    return baseOffset;
  }

  partition(topic: string, partition: number): MemoryPartition {
    const found = this.#topics.get(topic)?.[partition];
    if (found === undefined) throw new Error(`no partition ${partition} of ${topic}`);
    return found;
  }

  topics(): Promise<readonly ClusterTopic[]> {
    const names = [...this.#topics.keys()];
    return Promise.resolve(names.flatMap((name) => this.#describe(name) ?? []));
  }

  topic(name: string): Promise<ClusterTopic | undefined> {
    return Promise.resolve(this.#describe(name));
  }

  createTopic({ name, partitions = 1 }: NewTopic): Promise<CreateTopicOutcome> {
    if (this.#topics.has(name)) {
      const message = `Topic ${name} is there.`;
      return Promise.resolve({ kind: "refused", reason: "exists", message });
    }
    this.add(name, partitions);
    const topic = this.#describe(name);
    if (topic === undefined) throw new Error("not created");
    return Promise.resolve({ kind: "created", topic });
  }

  deleteTopic(name: string): Promise<DeleteTopicOutcome> {
    if (!this.#topics.delete(name)) {
      const message = `There is no topic ${name}.`;
      return Promise.resolve({ kind: "refused", reason: "unknown", message });
    }
    this.#changed(name);
    return Promise.resolve({ kind: "deleted" });
  }

  read(topic: string, partition: number, offset: number, maxBytes: number): Promise<ReadOutcome> {
    this.reads += 1;
    const found = this.#topics.get(topic)?.[partition];
    if (found === undefined) return Promise.resolve({ kind: "unknown-partition" });
    if (offset === found.endOffset) return Promise.resolve({ kind: "end" });
    if (offset < found.startOffset || offset > found.endOffset) {
      return Promise.resolve({ kind: "out-of-range" });
    }
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for (const batch of found.batches) {
      const { baseOffset, lastOffsetDelta } = readBatchHeader(batch, 0);
      if (baseOffset + lastOffsetDelta < offset) continue;
      if (chunks.length > 0 && sizeBytes + batch.length > maxBytes) break;
      chunks.push(batch);
      sizeBytes += batch.length;
    }
    return Promise.resolve({ kind: "data", bytes: Buffer.concat(chunks) });
  }

  decided(topic: string, partition: number, from: number): Promise<DecidedRecords> {
    const found = this.#topics.get(topic)?.[partition];
    const stableOffset = Math.min(this.stableOffset, found?.endOffset ?? 0);
    const aborted = this.aborted.filter(({ lastOffset }) => lastOffset >= from);
    return Promise.resolve({ stableOffset, aborted });
  }

  offsetForTime(topic: string, partition: number, timestampMs: number) {
    for (const batch of this.partition(topic, partition).batches) {
      for (const record of readRecords(batch, 0, 1e9)) {
        if (record.timestampMs >= timestampMs) return Promise.resolve(record.offset);
      }
    }
    return Promise.resolve(undefined);
  }

  append(topic: string, partition: number, batch: Buffer): Promise<AppendOutcome> {
    if (batch.length > this.maxBatchBytes) {
      return Promise.resolve({ kind: "refused", reason: "too-large", message: "Too large." });
    }
    return Promise.resolve({
      kind: "appended",
      baseOffset: this.putBatch(topic, partition, batch),
    });
  }

  waitForData(
    topic: string,
    cursors: readonly Cursor[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<WaitOutcome> {
    const state = (): WaitOutcome | undefined => {
      if (!this.#topics.has(topic)) return "gone";
      const ready = cursors.some(
        (cursor) => this.partition(topic, cursor.partition).endOffset > cursor.offset,
      );
      return ready ? "data" : undefined;
    };
    const now = state();
    if (now !== undefined) return Promise.resolve(now);
    return new Promise((resolve) => {
      const change = this.onChange(() => {
        const after = state();
        if (after === undefined) return;
        change.dispose();
        resolve(after);
      });
      this.#clock.after(timeoutMs, () => resolve("timeout"));
      signal.addEventListener("abort", () => resolve("aborted"), { once: true });
    });
  }

  onChange(listener: (topic: string) => void) {
    this.#changes.add(listener);
    return { dispose: () => void this.#changes.delete(listener) };
  }

  #describe(name: string): ClusterTopic | undefined {
    const partitions = this.#topics.get(name);
    if (partitions === undefined) return undefined;
    return {
      name,
      id: "AbCdEfGhIjKlMnOpQrStUv",
      internal: name.startsWith("__"),
      maxBatchBytes: this.maxBatchBytes,
      partitions: partitions.map(({ startOffset, endOffset, batches }, partition) => ({
        partition,
        startOffset,
        endOffset,
        sizeBytes: batches.reduce((sum, batch) => sum + batch.length, 0),
      })),
    };
  }

  #changed(topic: string): void {
    for (const listener of [...this.#changes]) listener(topic);
  }
}

import type { Disposable } from "../core/lifetime.ts";

/** One partition's extent: it holds the offsets `startOffset` up to, not including, `endOffset`. */
export interface PartitionExtent {
  readonly partition: number;
  readonly startOffset: number;
  readonly endOffset: number;
  /** Bytes of record batches as stored. */
  readonly sizeBytes: number;
}

export interface ClusterTopic {
  readonly name: string;
  /** Kafka's topic id in its base64url form of 22 characters. */
  readonly id: string;
  readonly internal: boolean;
  /** The topic's `max.message.bytes`: the largest record batch it takes. */
  readonly maxBatchBytes: number;
  /** In order of their index, which is their place. */
  readonly partitions: readonly PartitionExtent[];
}

export interface NewTopic {
  readonly name: string;
  /** The cluster's default when undefined. */
  readonly partitions: number | undefined;
  readonly configs: Readonly<Record<string, string>>;
}

/** Why a verb was refused, with a sentence for the person who asked. */
export interface Refusal<Reason extends string> {
  readonly kind: "refused";
  readonly reason: Reason;
  readonly message: string;
}

export type CreateTopicOutcome =
  | { readonly kind: "created"; readonly topic: ClusterTopic }
  | Refusal<
      | "exists"
      | "invalid-name"
      | "invalid-partitions"
      | "invalid-config"
      | "invalid-replication-factor"
      | "invalid-assignment"
      | "read-only"
      | "disk"
    >;

export type DeleteTopicOutcome =
  { readonly kind: "deleted" } | Refusal<"unknown" | "internal" | "read-only" | "disk">;

export type ReadOutcome =
  /** Whole record batches, the one that contains the asked offset first. */
  | { readonly kind: "data"; readonly bytes: Buffer }
  /** The offset is the partition's end: nothing is there yet. */
  | { readonly kind: "end" }
  /** The offset is below the start (retention has taken it) or beyond the end. */
  | { readonly kind: "out-of-range" }
  | { readonly kind: "unknown-partition" }
  /** The disk, or what lies on it, failed. */
  | { readonly kind: "failed"; readonly message: string };

export type AppendOutcome =
  | { readonly kind: "appended"; readonly baseOffset: number }
  | Refusal<"too-large" | "invalid" | "unknown-partition" | "read-only" | "disk">;

/** Records of a transaction that was aborted, in one partition. */
export interface AbortedRecords {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Of the marker that ended it. */
  readonly lastOffset: number;
}

/** What is decided of the transactions with records in one partition. */
export interface DecidedRecords {
  /** No record before it belongs to a transaction that is still open. */
  readonly stableOffset: number;
  readonly aborted: readonly AbortedRecords[];
}

/** The place in one partition that a reader has come to. */
export interface Cursor {
  readonly partition: number;
  readonly offset: number;
}

/** Why a wait for data ended. `gone` means that the topic is not there any more. */
export type WaitOutcome = "data" | "timeout" | "aborted" | "gone";

/**
 * A cluster as peek, search, replay and recipes see it, the lab or a remote one. Outcomes are
 * values; what is thrown is a bug or a connection that broke.
 */
export interface Cluster {
  /** Nothing can be written to it: every verb that would is refused as `read-only`. */
  readonly readOnly: boolean;
  /** Every topic, internal ones included, in no particular order. */
  topics(): Promise<readonly ClusterTopic[]>;
  topic(name: string): Promise<ClusterTopic | undefined>;
  createTopic(spec: NewTopic): Promise<CreateTopicOutcome>;
  deleteTopic(name: string): Promise<DeleteTopicOutcome>;
  /**
   * Up to `maxBytes` of whole batches from `offset` on, or one batch when the first is larger. They may lie
   * in a buffer from `allocate`, which lends at least as many bytes as it is asked for.
   */
  read(
    topic: string,
    partition: number,
    offset: number,
    maxBytes: number,
    allocate?: (bytes: number) => Buffer,
  ): Promise<ReadOutcome>;
  /** Aborted are those with records at or after `from`. A partition that is not there has nothing undecided. */
  decided(topic: string, partition: number, from: number): Promise<DecidedRecords>;
  /** Offset of the first record whose timestamp is at or after `timestampMs`; undefined when there is none. */
  offsetForTime(topic: string, partition: number, timestampMs: number): Promise<number | undefined>;
  /** Appends one record batch, whose bytes belong to the cluster from now on. */
  append(topic: string, partition: number, batch: Buffer): Promise<AppendOutcome>;
  /** Waits until there is something at one of `cursors`, at once when there is already. */
  waitForData(
    topic: string,
    cursors: readonly Cursor[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<WaitOutcome>;
  /**
   * Calls `listener` with a topic's name whenever it appears, disappears, grows, or holds other records
   * than before.
   */
  onChange(listener: (topic: string) => void): Disposable;
}

import type { ClusterTopic, Refusal } from "./cluster.ts";

/** How a value is written, after Kafka's `ConfigDef.Type`. */
export type ConfigType =
  "boolean" | "string" | "int" | "short" | "long" | "double" | "list" | "password" | "class";

/** One configuration of a topic. */
export interface TopicConfig {
  readonly name: string;
  /** Null where it is sensitive, or where it has none. */
  readonly value: string | null;
  /** What it is when the topic does not set it; undefined when the cluster does not say. */
  readonly defaultValue: string | undefined;
  /** Who set the value: this topic, the broker for all topics, or nobody. */
  readonly source: "topic" | "broker" | "default";
  readonly type: ConfigType;
  /** What it does, in a sentence; empty when the cluster does not say. */
  readonly documentation: string;
  readonly readOnly: boolean;
  readonly sensitive: boolean;
  /** The words that are accepted, of a list for every element; undefined when any is, or unknown. */
  readonly oneOf: readonly string[] | undefined;
  /** Smallest and largest accepted number, both included. */
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** A value that a topic is to have from now on; null for the default. */
export interface ConfigChange {
  readonly name: string;
  readonly value: string | null;
}

/** Why a change cannot be. */
export interface ConfigFault {
  /** The changed configuration that it is about; undefined when it is about none in particular. */
  readonly name: string | undefined;
  readonly message: string;
}

export type AlterConfigsOutcome =
  | { readonly kind: "altered" }
  /** Nothing was changed. */
  | { readonly kind: "invalid"; readonly faults: readonly ConfigFault[] }
  | Refusal<"unknown" | "disk">;

export type AddPartitionsOutcome =
  | { readonly kind: "added"; readonly topic: ClusterTopic }
  | Refusal<"unknown" | "invalid-partitions" | "disk">;

export type DeleteRecordsOutcome =
  /** The first offset that is left; it can lie beyond what was asked for. */
  | { readonly kind: "deleted"; readonly startOffset: number }
  | Refusal<"unknown" | "internal" | "compacted" | "out-of-range" | "disk">;

/** What can be changed about the topics of a cluster, beside creating and deleting them. */
export interface TopicAdmin {
  /** Every configuration in order of its name; undefined for a topic that does not exist. */
  configs(topic: string): Promise<readonly TopicConfig[] | undefined>;
  /** Changes some configurations and leaves the others: all that are given, or none. */
  alterConfigs(
    topic: string,
    changes: readonly ConfigChange[],
    validateOnly: boolean,
  ): Promise<AlterConfigsOutcome>;
  /** Raises the number of partitions to `total`. */
  addPartitions(topic: string, total: number): Promise<AddPartitionsOutcome>;
  /** Deletes the records of a partition below offset `before`. */
  deleteRecords(topic: string, partition: number, before: number): Promise<DeleteRecordsOutcome>;
}

import type { PartitionSummary, TopicSummary } from "./model.ts";

/** Most topics that one request can name. */
export const MAX_NAMED_TOPICS = 10_000;
/** Most partitions of one topic. */
export const MAX_TOPIC_PARTITIONS = 10_000;
/** Longest value of a configuration, in UTF-16 units. */
export const MAX_CONFIG_LENGTH = 32_767;
/** Most configurations that one request can change. */
export const MAX_CONFIG_CHANGES = 1_000;

/** How a configuration is written, after Kafka's `ConfigDef.Type`. */
export type ConfigType =
  "boolean" | "string" | "int" | "short" | "long" | "double" | "list" | "password" | "class";

/** One configuration of a topic. */
export interface TopicConfigEntry {
  readonly name: string;
  /** Null where it is sensitive, or where it has none. */
  readonly value: string | null;
  /** What it is when the topic does not set it; undefined when the cluster does not say. */
  readonly defaultValue?: string | undefined;
  /** Who set the value: this topic, the broker for all topics, or nobody. */
  readonly source: "topic" | "broker" | "default";
  readonly type: ConfigType;
  /** What it does, in a sentence; empty when the cluster does not say. */
  readonly documentation: string;
  readonly readOnly: boolean;
  readonly sensitive: boolean;
  /** The words that are accepted, of a list for every element; undefined when any is, or unknown. */
  readonly oneOf?: readonly string[] | undefined;
  /** Smallest and largest accepted number, both included. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** A value that a topic is to have from now on; null for the default. */
export interface TopicConfigChange {
  readonly name: string;
  readonly value: string | null;
}

export interface TopicConfigFault {
  /** The configuration that it is about; undefined when it is about none in particular. */
  readonly name?: string | undefined;
  readonly message: string;
}

/** Up to where records are deleted. */
export type DeletionTarget =
  /** All records there are now. */
  | { readonly kind: "end" }
  /** Those below the offset. */
  | { readonly kind: "offset"; readonly offset: number }
  /** Those before the first one whose timestamp is at or after this; all where there is none. */
  | { readonly kind: "time"; readonly timestampMs: number };

/** What a deletion does to one partition. */
export interface DeletionStep {
  readonly partition: number;
  /** The first offset that there is now. */
  readonly from: number;
  /** The first offset that is left: `from` when nothing is deleted. */
  readonly to: number;
}

/** What may be asked about topics beside listing, creating and deleting them. */
export interface TopicAdminRequests {
  /** The named topics, internal ones too; those that do not exist are left out. */
  "topics/describe": {
    params: { readonly names: readonly string[] };
    result: { readonly topics: readonly TopicSummary[] };
  };
  /** Every configuration of a topic, in order of its name. */
  "topics/configs": {
    params: { readonly topic: string };
    result: { readonly configs: readonly TopicConfigEntry[] };
  };
  /** Changes some configurations: all that are given, or none when there are faults. */
  "topics/alterConfigs": {
    params: {
      readonly topic: string;
      readonly changes: readonly TopicConfigChange[];
      /** Only says what is wrong with the changes. */
      readonly validateOnly: boolean;
    };
    result: { readonly faults: readonly TopicConfigFault[] };
  };
  /** Raises the number of partitions to `total`. */
  "topics/addPartitions": {
    params: { readonly topic: string; readonly total: number };
    result: TopicSummary;
  };
  /** What a deletion of records would do. */
  "topics/planDeleteRecords": {
    params: {
      readonly topic: string;
      /** All when undefined. */
      readonly partition?: number | undefined;
      readonly target: DeletionTarget;
    };
    result: { readonly steps: readonly DeletionStep[] };
  };
  /** Deletes the records below `to` of each partition, and answers with what the topic holds then. */
  "topics/deleteRecords": {
    params: {
      readonly topic: string;
      readonly steps: readonly Pick<DeletionStep, "partition" | "to">[];
    };
    result: { readonly partitions: readonly PartitionSummary[] };
  };
  /** Deletes all records of each named topic; names what could not be emptied in the error. */
  "topics/empty": {
    params: { readonly names: readonly string[] };
    result: Record<string, never>;
  };
}

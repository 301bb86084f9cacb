import type { AssignFault } from "./placement/assign.ts";
import type { Topic } from "./topic.ts";

/** What a client asks for when it creates a topic. */
export interface TopicSpec {
  readonly name: string;
  /** The broker's `num.partitions` when undefined. */
  readonly partitions?: number | undefined;
  /** Topic configuration by key; the rest has its default. */
  readonly configs?: Readonly<Record<string, string>> | undefined;
  /** The broker's `default.replication.factor` when undefined. */
  readonly replicationFactor?: number | undefined;
  /** The nodes that each partition is to lie on, in place of numbers of partitions and replicas. */
  readonly assignments?: readonly (readonly number[])[] | undefined;
  /** Check only, create nothing (Kafka's validate_only). */
  readonly validateOnly?: boolean | undefined;
}

/** Why a topic verb was refused, with a sentence for the person who asked. */
export interface TopicRefusal<Kind extends string> {
  readonly kind: Kind;
  readonly message: string;
}

export type CreateOutcome =
  | { readonly kind: "created"; readonly topic: Topic }
  /** What would have been created, answered to validateOnly. */
  | {
      readonly kind: "valid";
      readonly partitions: number;
      readonly replicationFactor: number;
    }
  | TopicRefusal<"exists" | "invalid-name" | "invalid-partitions" | "invalid-config" | "disk">
  | AssignFault;

export type DeleteOutcome =
  { readonly kind: "deleted" } | TopicRefusal<"unknown" | "internal" | "disk">;

export type GrowOutcome =
  | { readonly kind: "grown" }
  | TopicRefusal<"unknown" | "invalid-partitions" | "disk">
  | AssignFault;

export type AlterOutcome =
  { readonly kind: "altered" } | TopicRefusal<"unknown" | "invalid-config" | "disk">;

export type DeleteRecordsOutcome =
  | { readonly kind: "deleted"; readonly startOffset: number }
  | TopicRefusal<"unknown" | "internal" | "compacted" | "out-of-range" | "disk">;

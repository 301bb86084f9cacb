import type { Disposable } from "../core/lifetime.ts";
import type { Refusal } from "./cluster.ts";

/** States as Kafka names them; `Assigning` and `Reconciling` are those of KIP-848. */
export type GroupState =
  | "Empty"
  | "PreparingRebalance"
  | "CompletingRebalance"
  | "Assigning"
  | "Reconciling"
  | "Stable"
  | "Dead";

export interface ClusterGroup {
  readonly groupId: string;
  readonly type: "classic" | "consumer";
  readonly state: GroupState;
}

/** Partitions of one topic. */
export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

export interface GroupMember {
  readonly memberId: string;
  /** Of a static member (`group.instance.id`). */
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** Empty while the group rebalances, or where the client speaks a protocol of its own. */
  readonly assignment: readonly TopicPartitions[];
}

export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly metadata: string;
}

export interface GroupDescription extends ClusterGroup {
  /** The generation of a classic group, the epoch of one of KIP-848. */
  readonly epoch: number;
  /** The assignment strategy; empty while there is none. */
  readonly assignor: string;
  readonly members: readonly GroupMember[];
  readonly offsets: readonly CommittedOffset[];
}

export type ChangeOffsetsOutcome =
  { readonly kind: "changed" } | Refusal<"unknown" | "active" | "unknown-partition" | "failed">;

export type DeleteGroupOutcome =
  { readonly kind: "deleted" } | Refusal<"unknown" | "active" | "failed">;

/** The consumer groups of a cluster. */
export interface ClusterGroups {
  list(): Promise<readonly ClusterGroup[]>;
  /** Undefined for a group that does not exist. */
  describe(groupId: string): Promise<GroupDescription | undefined>;
  /** Commits in place of the group, which must have no members. All or none of the offsets are changed. */
  commit(
    groupId: string,
    offsets: readonly Omit<CommittedOffset, "metadata">[],
  ): Promise<ChangeOffsetsOutcome>;
  /** Forgets what the group committed for these partitions; refused while a member is subscribed to the topic. */
  deleteOffsets(
    groupId: string,
    partitions: readonly TopicPartitions[],
  ): Promise<ChangeOffsetsOutcome>;
  /** Deletes the group with its offsets; it must have no members. */
  delete(groupId: string): Promise<DeleteGroupOutcome>;
  /** Calls `listener` with a group's id when its state, members or offsets have changed. */
  onChange(listener: (groupId: string) => void): Disposable;
}

import type { ConsumerGroupState } from "./consumer/consumer-group.ts";
import type { GroupError } from "./group-errors.ts";

/** One assignment strategy a member offers, with what the strategy's leader needs to know of it. */
export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Buffer;
}

export interface JoinRequest {
  readonly groupId: string;
  /** Empty for a member that has no id yet. */
  readonly memberId: string;
  /** `group.instance.id` of a static member (KIP-345), else null. */
  readonly instanceId: string | null;
  readonly clientId: string;
  /** As shown by tools, in Kafka's form `/127.0.0.1`. */
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  /** Negative (JoinGroup v0 has none) means the session timeout. */
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  /** In order of preference. */
  readonly protocols: readonly MemberProtocol[];
  /** From 4 a new dynamic member is first told its id (KIP-394); from 9 skipAssignment is understood. */
  readonly apiVersion: number;
}

export interface JoinedMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly metadata: Buffer;
}

export interface JoinResponse {
  readonly error: GroupError;
  /** -1 unless the error is NONE. */
  readonly generation: number;
  readonly protocolType: string | null;
  readonly protocol: string | null;
  /** Member id of the leader, or empty. */
  readonly leader: string;
  /** KIP-814: the leader must not compute a new assignment. */
  readonly skipAssignment: boolean;
  readonly memberId: string;
  /** All members for the leader, nobody for followers. */
  readonly members: readonly JoinedMember[];
}

export interface SyncRequest {
  readonly groupId: string;
  readonly generation: number;
  readonly memberId: string;
  readonly instanceId: string | null;
  /** Null below SyncGroup v5. */
  readonly protocolType: string | null;
  readonly protocol: string | null;
  /** Filled by the leader only. */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[];
}

export interface SyncResponse {
  readonly error: GroupError;
  readonly protocolType: string | null;
  readonly protocol: string | null;
  readonly assignment: Buffer;
}

export interface HeartbeatRequest {
  readonly groupId: string;
  readonly generation: number;
  readonly memberId: string;
  readonly instanceId: string | null;
}

export interface HeartbeatResponse {
  readonly error: GroupError;
}

export interface LeavingMember {
  /** Empty to remove a static member by its instance id. */
  readonly memberId: string;
  readonly instanceId: string | null;
}

export interface LeaveRequest {
  readonly groupId: string;
  /** One entry for LeaveGroup v0-2. */
  readonly members: readonly LeavingMember[];
}

export interface LeaveResponse {
  /** Of the request as a whole. LeaveGroup v0-2 answers this, or else the error of the only member. */
  readonly error: GroupError;
  readonly members: readonly (LeavingMember & { readonly error: GroupError })[];
}

/** A producer that commits offsets within its transaction. */
export interface CommittingProducer {
  readonly producerId: number;
  readonly epoch: number;
}

export interface CommitRequest {
  readonly groupId: string;
  /** Set for TxnOffsetCommit: the offsets count once the producer's transaction is committed. */
  readonly producer?: CommittingProducer;
  /** Or the member epoch; -1 with an empty member id for a consumer that assigns partitions to itself. */
  readonly generation: number;
  readonly memberId: string;
  readonly instanceId: string | null;
  /** OffsetCommit v2-4 may ask for an own retention in milliseconds; -1 or absent means the broker's. */
  readonly retentionTimeMs?: number;
  /** From 9 a commit to a missing group answers GROUP_ID_NOT_FOUND instead of ILLEGAL_GENERATION. */
  readonly apiVersion: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly offset: number;
      /** -1 when the client does not know it. */
      readonly leaderEpoch: number;
      readonly metadata: string | null;
    }[];
  }[];
}

export interface TopicPartitionErrors {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly error: GroupError }[];
}

export interface CommitResponse {
  /** One entry per requested partition, in request order; an error of the request is on each of them. */
  readonly topics: readonly TopicPartitionErrors[];
}

export interface FetchOffsetsRequest {
  readonly groupId: string;
  /** Who asks, as members of the consumer protocol say from OffsetFetch v9 on. */
  readonly memberId?: string | null;
  readonly memberEpoch?: number;
  /** Refuses partitions for which an open transaction has offsets (KIP-447). */
  readonly requireStable?: boolean;
  /** Null asks for everything the group has committed. */
  readonly topics:
    readonly { readonly topic: string; readonly partitions: readonly number[] }[] | null;
}

export interface FetchOffsetsResponse {
  readonly error: GroupError;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly error: GroupError;
      /** -1 when nothing is committed. */
      readonly offset: number;
      readonly leaderEpoch: number;
      readonly metadata: string;
    }[];
  }[];
}

/** `Dead` is what a group that does not exist looks like from outside. */
export type GroupStateName =
  "Empty" | "PreparingRebalance" | "CompletingRebalance" | "Stable" | "Dead";

export interface ListedGroup {
  readonly groupId: string;
  /** Empty for a group that was made by commits alone. */
  readonly protocolType: string;
  readonly state: GroupStateName | ConsumerGroupState;
  readonly type: "classic" | "consumer";
}

export interface ListResponse {
  readonly error: GroupError;
  readonly groups: readonly ListedGroup[];
}

export interface DescribedMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** Empty unless the group is Stable, like the assignment. */
  readonly metadata: Buffer;
  readonly assignment: Buffer;
}

export interface DescribedGroup {
  /** GROUP_ID_NOT_FOUND with state Dead for an unknown group; DescribeGroups below v6 answers NONE. */
  readonly error: GroupError;
  readonly groupId: string;
  readonly state: GroupStateName;
  readonly protocolType: string;
  /** Empty unless the group is Stable. */
  readonly protocol: string;
  readonly generation: number;
  readonly members: readonly DescribedMember[];
}

export interface DeleteOffsetsRequest {
  readonly groupId: string;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
}

export interface DeleteOffsetsResponse {
  /** Of the request as a whole; when it is not NONE the topics are empty. */
  readonly error: GroupError;
  readonly topics: readonly TopicPartitionErrors[];
}

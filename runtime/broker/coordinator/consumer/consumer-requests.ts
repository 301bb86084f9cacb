import type { GroupError } from "../group-errors.ts";
import type { ConsumerGroupState, ConsumerMember } from "./consumer-group.ts";
import type { Assignment, TopicPartitions } from "./assignment.ts";

/** One heartbeat of a member (KIP-848). Null is what has not changed since the last one. */
export interface ConsumerHeartbeatRequest {
  readonly groupId: string;
  readonly memberId: string;
  /** 0 joins, -1 leaves, -2 says that a static member will be back. */
  readonly epoch: number;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** -1 for unchanged. */
  readonly rebalanceTimeoutMs: number;
  readonly topics: readonly string[] | null;
  readonly regex: string | null;
  readonly assignor: string | null;
  /** Partitions that the member holds. */
  readonly owned: readonly TopicPartitions[] | null;
  /** From 1 the consumer makes its member id itself (KIP-1082). */
  readonly apiVersion: number;
}

export interface ConsumerHeartbeatResponse {
  readonly error: GroupError;
  readonly message: string | null;
  readonly memberId: string | null;
  readonly epoch: number;
  readonly heartbeatIntervalMs: number;
  /** Null when it is what the member knows already. */
  readonly assignment: Assignment | null;
}

export interface DescribedConsumerGroup {
  readonly error: GroupError;
  /** Why there is nothing to describe. */
  readonly message: string | null;
  readonly groupId: string;
  readonly state: ConsumerGroupState | "Dead";
  readonly epoch: number;
  readonly assignmentEpoch: number;
  readonly assignor: string;
  readonly members: readonly (ConsumerMember & { readonly target: Assignment })[];
}

export function failedConsumerHeartbeat(
  error: GroupError,
  message: string | null = null,
): ConsumerHeartbeatResponse {
  return { error, message, memberId: null, epoch: 0, heartbeatIntervalMs: 0, assignment: null };
}

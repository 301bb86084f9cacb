/** Limits and times of the group coordinator. Names follow Kafka's broker configs. */
export interface GroupConfig {
  /** `group.min.session.timeout.ms`: a shorter session is refused. Kafka: 6 s. */
  readonly minSessionTimeoutMs: number;
  /** `group.max.session.timeout.ms`: a longer session is refused. Kafka: 30 min. */
  readonly maxSessionTimeoutMs: number;
  /**
   * `group.initial.rebalance.delay.ms`: how long the first generation of an empty group waits for
   * more members. Kafka: 3 s. Here 0, because in a lab one consumer should not wait; several that
   * start together then see one more rebalance.
   */
  readonly initialRebalanceDelayMs: number;
  /** How long a member that never finished a join may stay parked in one. Kafka: 5 min. */
  readonly newMemberJoinTimeoutMs: number;
  /** `group.max.size`: members, and also ids handed out but not used yet, of one group. */
  readonly maxGroupSize: number;
  /** `group.consumer.session.timeout.ms`: the session of members of the consumer protocol. */
  readonly consumerSessionTimeoutMs: number;
  /** `group.consumer.heartbeat.interval.ms`: how often they are told to come. */
  readonly consumerHeartbeatIntervalMs: number;
  /** `group.consumer.max.size`. Kafka: no limit. */
  readonly maxConsumerGroupSize: number;
  /** `offset.metadata.max.bytes`: UTF-8 bytes of the string committed with an offset. Kafka: 4,096. */
  readonly offsetMetadataMaxBytes: number;
  /** `offsets.retention.minutes` in milliseconds. Kafka: 7 days. */
  readonly offsetsRetentionMs: number;
  /** `offsets.retention.check.interval.ms`. Kafka: 10 min. */
  readonly offsetsRetentionCheckMs: number;
  /** Groups known at once; a request that would create one more is refused. */
  readonly maxGroups: number;
  /** JoinGroup and SyncGroup requests parked at once over all groups; one more is refused. */
  readonly maxWaitingRequests: number;
  /** Requests of one group queued behind an append that has not finished; one more is refused. */
  readonly maxQueuedPerGroup: number;
}

/** What a lab uses unless told otherwise. */
export const DEFAULT_GROUP_CONFIG: GroupConfig = {
  minSessionTimeoutMs: 6_000,
  maxSessionTimeoutMs: 30 * 60_000,
  initialRebalanceDelayMs: 0,
  newMemberJoinTimeoutMs: 5 * 60_000,
  maxGroupSize: 5_000,
  consumerSessionTimeoutMs: 45_000,
  consumerHeartbeatIntervalMs: 5_000,
  maxConsumerGroupSize: 5_000,
  offsetMetadataMaxBytes: 4_096,
  offsetsRetentionMs: 7 * 24 * 60 * 60_000,
  offsetsRetentionCheckMs: 10 * 60_000,
  maxGroups: 100_000,
  maxWaitingRequests: 20_000,
  maxQueuedPerGroup: 10_000,
};

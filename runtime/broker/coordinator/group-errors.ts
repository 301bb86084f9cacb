/**
 * Every outcome a group request can have, named as in Kafka's error table. The gateway maps these
 * names to numbers; nothing in the coordinator knows the numbers.
 */
export type GroupError =
  | "NONE"
  | "UNKNOWN_SERVER_ERROR"
  | "UNKNOWN_TOPIC_OR_PARTITION"
  | "OFFSET_METADATA_TOO_LARGE"
  | "COORDINATOR_LOAD_IN_PROGRESS"
  | "COORDINATOR_NOT_AVAILABLE"
  | "NOT_COORDINATOR"
  | "ILLEGAL_GENERATION"
  | "INCONSISTENT_GROUP_PROTOCOL"
  | "INVALID_GROUP_ID"
  | "UNKNOWN_MEMBER_ID"
  | "INVALID_SESSION_TIMEOUT"
  | "REBALANCE_IN_PROGRESS"
  | "INVALID_REQUEST"
  | "NON_EMPTY_GROUP"
  | "GROUP_ID_NOT_FOUND"
  | "MEMBER_ID_REQUIRED"
  | "GROUP_MAX_SIZE_REACHED"
  | "FENCED_INSTANCE_ID"
  | "GROUP_SUBSCRIBED_TO_TOPIC";

import type { ClassicGroup } from "./classic-group.ts";
import type { ConsumerGroup } from "./consumer/consumer-group.ts";
import { FIRST_TXN_COMMIT_VERSION, isConsumerSubscribed } from "./consumer/consumer-offsets.ts";
import { CONSUMER_PROTOCOL_TYPE, subscribedTopics } from "./consumer-protocol.ts";
import type { GroupConfig } from "./group-config.ts";
import { GroupDraft } from "./group-draft.ts";
import type { GroupError } from "./group-errors.ts";
import type {
  CommitRequest,
  CommitResponse,
  DeleteOffsetsRequest,
  DeleteOffsetsResponse,
  FetchOffsetsRequest,
  FetchOffsetsResponse,
} from "./group-requests.ts";
import type { GroupOffsets } from "./group-store.ts";
import { checkGeneration } from "./membership.ts";
import { encodeOffset, type CoordinatorRecord } from "./records.ts";

const FIRST_VERSION_WITH_GROUP_NOT_FOUND = 9;
const MAX_TOPIC_NAME_LENGTH = 249;

/** Tells whether a partition exists, so that commits to what does not exist are refused. */
export type PartitionExists = (topic: string, partition: number) => boolean;

/** An answer that holds once `records` are in the journal. */
export interface OffsetsPlan<Response> {
  readonly records: readonly CoordinatorRecord[];
  readonly response: Response;
}

/**
 * Who may commit: a member of the present generation, except between join and sync; or, without
 * generation and member id, anybody while the group is empty.
 */
export function checkCommit(
  group: ClassicGroup | undefined,
  request: CommitRequest,
  nowMs: number,
  config: GroupConfig,
): GroupError {
  if (group === undefined) {
    if (request.generation < 0) return "NONE";
    const knowsMissing =
      request.producer === undefined
        ? FIRST_VERSION_WITH_GROUP_NOT_FOUND
        : FIRST_TXN_COMMIT_VERSION;
    return request.apiVersion >= knowsMissing ? "GROUP_ID_NOT_FOUND" : "ILLEGAL_GENERATION";
  }
  if (request.generation < 0 && group.state === "Empty") return "NONE";
  if (request.generation < 0 && request.memberId === "" && request.instanceId === null) {
    // Producers older than KIP-447 commit for a group without saying who they are in it.
    return request.producer === undefined ? "UNKNOWN_MEMBER_ID" : "NONE";
  }
  const error = checkGeneration(new GroupDraft(group, nowMs, config), request);
  if (error !== "NONE" || request.producer !== undefined) return error;
  return group.state === "CompletingRebalance" ? "REBALANCE_IN_PROGRESS" : "NONE";
}

/** Every partition of a commit with the same error. */
export function failedCommit(request: CommitRequest, error: GroupError): CommitResponse {
  return {
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition }) => ({ partition, error })),
    })),
  };
}

/** Records for a commit that {@link checkCommit} let through; each partition may still be refused. */
export function planCommit(
  request: CommitRequest,
  nowMs: number,
  config: GroupConfig,
  partitionExists: PartitionExists,
): OffsetsPlan<CommitResponse> {
  const { groupId, retentionTimeMs = -1 } = request;
  const records: CoordinatorRecord[] = [];
  const topics = request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, offset, leaderEpoch, metadata }) => {
      const fits = topic.length <= MAX_TOPIC_NAME_LENGTH && partitionExists(topic, partition);
      if (!fits) return { partition, error: "UNKNOWN_TOPIC_OR_PARTITION" as const };
      if (Buffer.byteLength(metadata ?? "") > config.offsetMetadataMaxBytes) {
        return { partition, error: "OFFSET_METADATA_TOO_LARGE" as const };
      }
      const committed = {
        offset,
        leaderEpoch,
        metadata: metadata ?? "",
        commitTimeMs: nowMs,
        expireTimeMs: retentionTimeMs < 0 ? null : nowMs + retentionTimeMs,
      };
      records.push(encodeOffset({ groupId, topic, partition }, committed));
      return { partition, error: "NONE" as const };
    }),
  }));
  return { records, response: { topics } };
}

const UNSTABLE = {
  error: "UNSTABLE_OFFSET_COMMIT",
  offset: -1,
  leaderEpoch: -1,
  metadata: "",
} as const;

/** Committed offsets as asked for; -1 where there is none, also in groups that do not exist. */
export function readOffsets(
  offsets: GroupOffsets,
  wanted: FetchOffsetsRequest["topics"],
  isUnstable: (topic: string, partition: number) => boolean = () => false,
): FetchOffsetsResponse {
  const asked =
    wanted ??
    [...offsets].map(([topic, partitions]) => ({ topic, partitions: [...partitions.keys()] }));
  const topics = asked.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => {
      if (isUnstable(topic, partition)) return { partition, ...UNSTABLE };
      const committed = offsets.get(topic)?.get(partition);
      const { offset = -1, leaderEpoch = -1, metadata = "" } = committed ?? {};
      return { partition, error: "NONE" as const, offset, leaderEpoch, metadata };
    }),
  }));
  return { error: "NONE", topics };
}

/** OffsetDelete (KIP-496): offsets of topics that no member of the group is subscribed to. */
export function planDeleteOffsets(
  group: ClassicGroup | ConsumerGroup | undefined,
  offsets: GroupOffsets,
  request: DeleteOffsetsRequest,
): OffsetsPlan<DeleteOffsetsResponse> {
  const refuse = (error: GroupError) => ({ records: [], response: { error, topics: [] } });
  if (group === undefined) return refuse("GROUP_ID_NOT_FOUND");
  const classic = "protocolType" in group ? group : undefined;
  if (classic && classic.state !== "Empty" && classic.protocolType !== CONSUMER_PROTOCOL_TYPE) {
    return refuse("NON_EMPTY_GROUP");
  }
  const records: CoordinatorRecord[] = [];
  const topics = request.topics.map(({ topic, partitions }) => {
    const subscribed =
      "protocolType" in group ? isSubscribed(group, topic) : isConsumerSubscribed(group, topic);
    return {
      topic,
      partitions: partitions.map((partition) => {
        if (subscribed) return { partition, error: "GROUP_SUBSCRIBED_TO_TOPIC" as const };
        if (offsets.get(topic)?.has(partition) === true) {
          records.push(encodeOffset({ groupId: request.groupId, topic, partition }, null));
        }
        return { partition, error: "NONE" as const };
      }),
    };
  });
  return { records, response: { error: "NONE", topics } };
}

/** Whether a member may still want the topic; yes when a group of consumers cannot be read. */
export function isSubscribed(group: ClassicGroup, topic: string): boolean {
  if (group.protocolType !== CONSUMER_PROTOCOL_TYPE || group.members.size === 0) return false;
  return subscribedTopics(group)?.has(topic) ?? true;
}

/** Tombstones for the offsets of a group for which `gone` says so. */
export function offsetTombstones(
  groupId: string,
  offsets: GroupOffsets,
  gone: (topic: string) => boolean = () => true,
): CoordinatorRecord[] {
  return [...offsets]
    .filter(([topic]) => gone(topic))
    .flatMap(([topic, partitions]) =>
      [...partitions.keys()].map((partition) => encodeOffset({ groupId, topic, partition }, null)),
    );
}

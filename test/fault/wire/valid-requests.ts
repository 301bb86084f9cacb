/** One well-formed request of every API, in an inflexible and a flexible version where it has both. */
import { buildBatch } from "../../../runtime/record/build.ts";
import { ProduceRequest } from "../../../runtime/wire/kafka/messages/00-produce.ts";
import { FetchRequest } from "../../../runtime/wire/kafka/messages/01-fetch.ts";
import { ListOffsetsRequest } from "../../../runtime/wire/kafka/messages/02-list-offsets.ts";
import { MetadataRequest } from "../../../runtime/wire/kafka/messages/03-metadata.ts";
import { OffsetCommitRequest } from "../../../runtime/wire/kafka/messages/08-offset-commit.ts";
import { OffsetFetchRequest } from "../../../runtime/wire/kafka/messages/09-offset-fetch.ts";
import { FindCoordinatorRequest } from "../../../runtime/wire/kafka/messages/10-find-coordinator.ts";
import { JoinGroupRequest } from "../../../runtime/wire/kafka/messages/11-join-group.ts";
import { HeartbeatRequest } from "../../../runtime/wire/kafka/messages/12-heartbeat.ts";
import { LeaveGroupRequest } from "../../../runtime/wire/kafka/messages/13-leave-group.ts";
import { SyncGroupRequest } from "../../../runtime/wire/kafka/messages/14-sync-group.ts";
import { DescribeGroupsRequest } from "../../../runtime/wire/kafka/messages/15-describe-groups.ts";
import { ListGroupsRequest } from "../../../runtime/wire/kafka/messages/16-list-groups.ts";
import { ApiVersionsRequest } from "../../../runtime/wire/kafka/messages/18-api-versions.ts";
import { CreateTopicsRequest } from "../../../runtime/wire/kafka/messages/19-create-topics.ts";
import { InitProducerIdRequest } from "../../../runtime/wire/kafka/messages/22-init-producer-id.ts";
import { DescribeConfigsRequest } from "../../../runtime/wire/kafka/messages/32-describe-configs.ts";
import { CreatePartitionsRequest } from "../../../runtime/wire/kafka/messages/37-create-partitions.ts";
import { ConsumerGroupHeartbeatRequest } from "../../../runtime/wire/kafka/messages/68-consumer-group-heartbeat.ts";
import { ConsumerGroupDescribeRequest } from "../../../runtime/wire/kafka/messages/69-consumer-group-describe.ts";
import { DescribeClusterRequest } from "../../../runtime/wire/kafka/messages/60-describe-cluster.ts";
import { encodeAll as requests } from "./encode-all.ts";
import { adminRequests } from "./valid-admin-requests.ts";
import { laterRequests } from "./valid-later-requests.ts";

/** A topic that is there. */
export const TOPIC = "known";

const records = buildBatch([
  { timestampMs: 1, key: Buffer.from("k"), value: Buffer.from("value"), headers: [] },
]);

/** Those that the issue names: they are cut at every byte. */
export const CORE_REQUESTS: readonly Buffer[] = [
  ...requests(ApiVersionsRequest, [0, 3], {
    clientSoftwareName: "hostile",
    clientSoftwareVersion: "1.0",
  }),
  ...requests(MetadataRequest, [4, 9], {
    topics: [{ name: TOPIC }],
    allowAutoTopicCreation: false,
  }),
  ...requests(ProduceRequest, [3, 9], {
    acks: -1,
    timeoutMs: 1_000,
    topicData: [{ name: TOPIC, partitionData: [{ index: 0, records }] }],
  }),
  ...requests(FetchRequest, [4, 12], {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 65_536,
    topics: [
      { topic: TOPIC, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 65_536 }] },
    ],
  }),
  ...requests(JoinGroupRequest, [3, 6], {
    groupId: "hostile",
    sessionTimeoutMs: 6_000,
    rebalanceTimeoutMs: 1,
    memberId: "nobody",
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: Buffer.from("metadata") }],
  }),
];

export const ALL_REQUESTS: readonly Buffer[] = [
  ...CORE_REQUESTS,
  ...requests(ListOffsetsRequest, [1, 6], {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
    timeoutMs: 1_000,
  }),
  ...requests(OffsetCommitRequest, [2, 8], {
    groupId: "hostile-offsets",
    memberId: "",
    topics: [
      {
        name: TOPIC,
        partitions: [{ partitionIndex: 0, committedOffset: 0, committedMetadata: "note" }],
      },
    ],
  }),
  ...requests(OffsetFetchRequest, [1, 6], {
    groupId: "hostile-offsets",
    topics: [{ name: TOPIC, partitionIndexes: [0] }],
  }),
  ...requests(FindCoordinatorRequest, [0, 3], { key: "hostile" }),
  ...requests(HeartbeatRequest, [0, 4], { groupId: "hostile", generationId: 1, memberId: "m" }),
  ...requests(LeaveGroupRequest, [0, 4], {
    groupId: "hostile",
    memberId: "m",
    members: [{ memberId: "m" }],
  }),
  ...requests(SyncGroupRequest, [0, 4], {
    groupId: "hostile",
    generationId: 1,
    memberId: "m",
    assignments: [{ memberId: "m", assignment: Buffer.from("assignment") }],
  }),
  ...requests(DescribeGroupsRequest, [0, 5], { groups: ["hostile"] }),
  ...requests(ListGroupsRequest, [0, 4], { statesFilter: ["Stable"] }),
  ...requests(CreateTopicsRequest, [2, 5], {
    topics: [
      {
        name: TOPIC,
        numPartitions: 1,
        replicationFactor: 1,
        assignments: [],
        configs: [{ name: "retention.ms", value: "1000" }],
      },
    ],
    timeoutMs: 1_000,
    validateOnly: true,
  }),
  ...requests(InitProducerIdRequest, [0, 2], { transactionalId: null, transactionTimeoutMs: 1 }),
  ...requests(DescribeConfigsRequest, [1, 4], {
    resources: [{ resourceType: 2, resourceName: TOPIC, configurationKeys: ["retention.ms"] }],
  }),
  ...requests(CreatePartitionsRequest, [0, 2], {
    // A topic that is not there: one changed byte of the count would make thousands of partitions.
    topics: [{ name: "nowhere", count: 1, assignments: null }],
    timeoutMs: 1_000,
    validateOnly: true,
  }),
  ...requests(ConsumerGroupHeartbeatRequest, [0, 1], {
    groupId: "hostile-consumer",
    memberId: "m",
    memberEpoch: 0,
    instanceId: "i",
    rebalanceTimeoutMs: 1_000,
    subscribedTopicNames: [TOPIC],
    subscribedTopicRegex: "(nowhere|[a-b]{1,3})+",
    serverAssignor: "range",
    topicPartitions: [],
  }),
  ...requests(ConsumerGroupDescribeRequest, [0, 1], {
    groupIds: ["hostile-consumer"],
    includeAuthorizedOperations: false,
  }),
  ...requests(DescribeClusterRequest, [0], { includeClusterAuthorizedOperations: false }),
  ...adminRequests(TOPIC),
  ...laterRequests(TOPIC),
];

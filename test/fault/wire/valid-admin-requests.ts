/** One well-formed request of every API of administration, as in valid-requests.ts. */
import { DeleteRecordsRequest } from "../../../runtime/wire/kafka/messages/21-delete-records.ts";
import { OffsetForLeaderEpochRequest } from "../../../runtime/wire/kafka/messages/23-offset-for-leader-epoch.ts";
import { DescribeAclsRequest } from "../../../runtime/wire/kafka/messages/29-describe-acls.ts";
import { CreateAclsRequest } from "../../../runtime/wire/kafka/messages/30-create-acls.ts";
import { DeleteAclsRequest } from "../../../runtime/wire/kafka/messages/31-delete-acls.ts";
import { AlterConfigsRequest } from "../../../runtime/wire/kafka/messages/33-alter-configs.ts";
import { AlterReplicaLogDirsRequest } from "../../../runtime/wire/kafka/messages/34-alter-replica-log-dirs.ts";
import { DescribeLogDirsRequest } from "../../../runtime/wire/kafka/messages/35-describe-log-dirs.ts";
import { ElectLeadersRequest } from "../../../runtime/wire/kafka/messages/43-elect-leaders.ts";
import { IncrementalAlterConfigsRequest } from "../../../runtime/wire/kafka/messages/44-incremental-alter-configs.ts";
import { AlterPartitionReassignmentsRequest } from "../../../runtime/wire/kafka/messages/45-alter-partition-reassignments.ts";
import { ListPartitionReassignmentsRequest } from "../../../runtime/wire/kafka/messages/46-list-partition-reassignments.ts";
import { OffsetDeleteRequest } from "../../../runtime/wire/kafka/messages/47-offset-delete.ts";
import { DescribeClientQuotasRequest } from "../../../runtime/wire/kafka/messages/48-describe-client-quotas.ts";
import { AlterClientQuotasRequest } from "../../../runtime/wire/kafka/messages/49-alter-client-quotas.ts";
import { DescribeUserScramCredentialsRequest } from "../../../runtime/wire/kafka/messages/50-describe-user-scram-credentials.ts";
import { AlterUserScramCredentialsRequest } from "../../../runtime/wire/kafka/messages/51-alter-user-scram-credentials.ts";
import { DescribeQuorumRequest } from "../../../runtime/wire/kafka/messages/55-describe-quorum.ts";
import { UpdateFeaturesRequest } from "../../../runtime/wire/kafka/messages/57-update-features.ts";
import { ListConfigResourcesRequest } from "../../../runtime/wire/kafka/messages/74-list-config-resources.ts";
import { encodeAll } from "./encode-all.ts";

/** The requests, about a topic that is there. */
export function adminRequests(topic: string): Buffer[] {
  const acl = {
    resourceType: 2,
    resourceName: topic,
    principal: "User:hostile",
    host: "*",
    operation: 3,
    permissionType: 3,
  };
  const filter = {
    resourceTypeFilter: 2,
    resourceNameFilter: topic,
    principalFilter: null,
    hostFilter: null,
    operation: 1,
    permissionType: 1,
  };
  const resource = { resourceType: 2, resourceName: topic };
  const value = { name: "retention.ms", value: "1000" };
  const entity = [{ entityType: "user", entityName: "hostile" }];
  const secret = Buffer.from("secret");
  return [
    // Nothing is deleted, altered for good or assigned elsewhere: the topic is used by other requests.
    ...encodeAll(DeleteRecordsRequest, [0, 2], {
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: 0 }] }],
      timeoutMs: 1_000,
    }),
    ...encodeAll(OffsetForLeaderEpochRequest, [2, 4], {
      topics: [{ topic, partitions: [{ partition: 0, leaderEpoch: 0 }] }],
    }),
    ...encodeAll(DescribeAclsRequest, [1, 2], filter),
    ...encodeAll(CreateAclsRequest, [1, 2], { creations: [acl] }),
    ...encodeAll(DeleteAclsRequest, [1, 2], { filters: [filter] }),
    ...encodeAll(AlterConfigsRequest, [0, 2], {
      resources: [{ ...resource, configs: [value] }],
      validateOnly: true,
    }),
    ...encodeAll(AlterReplicaLogDirsRequest, [1, 2], {
      dirs: [{ path: "/nowhere", topics: [{ name: topic, partitions: [0] }] }],
    }),
    ...encodeAll(DescribeLogDirsRequest, [1, 2], { topics: [{ topic, partitions: [0] }] }),
    ...encodeAll(ElectLeadersRequest, [0, 2], {
      electionType: 0,
      topicPartitions: [{ topic, partitions: [0] }],
    }),
    ...encodeAll(IncrementalAlterConfigsRequest, [0, 1], {
      resources: [{ ...resource, configs: [{ ...value, configOperation: 0 }] }],
      validateOnly: true,
    }),
    ...encodeAll(AlterPartitionReassignmentsRequest, [0], {
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, replicas: [1] }] }],
    }),
    ...encodeAll(ListPartitionReassignmentsRequest, [0], {
      topics: [{ name: topic, partitionIndexes: [0] }],
    }),
    ...encodeAll(OffsetDeleteRequest, [0], {
      groupId: "hostile-offsets",
      topics: [{ name: topic, partitions: [{ partitionIndex: 0 }] }],
    }),
    ...encodeAll(DescribeClientQuotasRequest, [0, 1], {
      components: [{ entityType: "user", matchType: 0, match: "hostile" }],
      strict: false,
    }),
    ...encodeAll(AlterClientQuotasRequest, [0, 1], {
      entries: [{ entity, ops: [{ key: "producer_byte_rate", value: 1, remove: false }] }],
      validateOnly: true,
    }),
    ...encodeAll(DescribeUserScramCredentialsRequest, [0], { users: [{ name: "hostile" }] }),
    ...encodeAll(AlterUserScramCredentialsRequest, [0], {
      deletions: [{ name: "hostile", mechanism: 1 }],
      upsertions: [
        { name: "u", mechanism: 1, iterations: 4_096, salt: secret, saltedPassword: secret },
      ],
    }),
    ...encodeAll(DescribeQuorumRequest, [0], {
      topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }],
    }),
    ...encodeAll(ListConfigResourcesRequest, [0, 1], { resourceTypes: [2] }),
    ...encodeAll(UpdateFeaturesRequest, [0], {
      featureUpdates: [{ feature: "hostile", maxVersionLevel: 1, allowDowngrade: false }],
    }),
  ];
}

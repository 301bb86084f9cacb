/** Every API that the lab declares, as a pair of its messages: what scripts ask with and the tap decodes with. */
import type { Message } from "../../../runtime/wire/kafka/schema.ts";
import * as m00 from "../../../runtime/wire/kafka/messages/00-produce.ts";
import * as m01 from "../../../runtime/wire/kafka/messages/01-fetch.ts";
import * as m02 from "../../../runtime/wire/kafka/messages/02-list-offsets.ts";
import * as m03 from "../../../runtime/wire/kafka/messages/03-metadata.ts";
import * as m08 from "../../../runtime/wire/kafka/messages/08-offset-commit.ts";
import * as m09 from "../../../runtime/wire/kafka/messages/09-offset-fetch.ts";
import * as m10 from "../../../runtime/wire/kafka/messages/10-find-coordinator.ts";
import * as m11 from "../../../runtime/wire/kafka/messages/11-join-group.ts";
import * as m12 from "../../../runtime/wire/kafka/messages/12-heartbeat.ts";
import * as m13 from "../../../runtime/wire/kafka/messages/13-leave-group.ts";
import * as m14 from "../../../runtime/wire/kafka/messages/14-sync-group.ts";
import * as m15 from "../../../runtime/wire/kafka/messages/15-describe-groups.ts";
import * as m16 from "../../../runtime/wire/kafka/messages/16-list-groups.ts";
import * as m17 from "../../../runtime/wire/kafka/messages/17-sasl-handshake.ts";
import * as m18 from "../../../runtime/wire/kafka/messages/18-api-versions.ts";
import * as m19 from "../../../runtime/wire/kafka/messages/19-create-topics.ts";
import * as m20 from "../../../runtime/wire/kafka/messages/20-delete-topics.ts";
import * as m21 from "../../../runtime/wire/kafka/messages/21-delete-records.ts";
import * as m22 from "../../../runtime/wire/kafka/messages/22-init-producer-id.ts";
import * as m23 from "../../../runtime/wire/kafka/messages/23-offset-for-leader-epoch.ts";
import * as m24 from "../../../runtime/wire/kafka/messages/24-add-partitions-to-txn.ts";
import * as m25 from "../../../runtime/wire/kafka/messages/25-add-offsets-to-txn.ts";
import * as m26 from "../../../runtime/wire/kafka/messages/26-end-txn.ts";
import * as m28 from "../../../runtime/wire/kafka/messages/28-txn-offset-commit.ts";
import * as m29 from "../../../runtime/wire/kafka/messages/29-describe-acls.ts";
import * as m30 from "../../../runtime/wire/kafka/messages/30-create-acls.ts";
import * as m31 from "../../../runtime/wire/kafka/messages/31-delete-acls.ts";
import * as m32 from "../../../runtime/wire/kafka/messages/32-describe-configs.ts";
import * as m33 from "../../../runtime/wire/kafka/messages/33-alter-configs.ts";
import * as m34 from "../../../runtime/wire/kafka/messages/34-alter-replica-log-dirs.ts";
import * as m35 from "../../../runtime/wire/kafka/messages/35-describe-log-dirs.ts";
import * as m36 from "../../../runtime/wire/kafka/messages/36-sasl-authenticate.ts";
import * as m37 from "../../../runtime/wire/kafka/messages/37-create-partitions.ts";
import * as m42 from "../../../runtime/wire/kafka/messages/42-delete-groups.ts";
import * as m43 from "../../../runtime/wire/kafka/messages/43-elect-leaders.ts";
import * as m44 from "../../../runtime/wire/kafka/messages/44-incremental-alter-configs.ts";
import * as m45 from "../../../runtime/wire/kafka/messages/45-alter-partition-reassignments.ts";
import * as m46 from "../../../runtime/wire/kafka/messages/46-list-partition-reassignments.ts";
import * as m47 from "../../../runtime/wire/kafka/messages/47-offset-delete.ts";
import * as m48 from "../../../runtime/wire/kafka/messages/48-describe-client-quotas.ts";
import * as m49 from "../../../runtime/wire/kafka/messages/49-alter-client-quotas.ts";
import * as m50 from "../../../runtime/wire/kafka/messages/50-describe-user-scram-credentials.ts";
import * as m51 from "../../../runtime/wire/kafka/messages/51-alter-user-scram-credentials.ts";
import * as m55 from "../../../runtime/wire/kafka/messages/55-describe-quorum.ts";
import * as m57 from "../../../runtime/wire/kafka/messages/57-update-features.ts";
import * as m60 from "../../../runtime/wire/kafka/messages/60-describe-cluster.ts";
import * as m61 from "../../../runtime/wire/kafka/messages/61-describe-producers.ts";
import * as m65 from "../../../runtime/wire/kafka/messages/65-describe-transactions.ts";
import * as m66 from "../../../runtime/wire/kafka/messages/66-list-transactions.ts";
import * as m68 from "../../../runtime/wire/kafka/messages/68-consumer-group-heartbeat.ts";
import * as m69 from "../../../runtime/wire/kafka/messages/69-consumer-group-describe.ts";
import * as m74 from "../../../runtime/wire/kafka/messages/74-list-config-resources.ts";
import * as m75 from "../../../runtime/wire/kafka/messages/75-describe-topic-partitions.ts";

export interface Api<In, Out> {
  readonly key: number;
  readonly name: string;
  readonly request: Message<unknown, In>;
  readonly response: Message<Out, never>;
}

/** One whose types are of no interest. */
export interface AnyApi {
  readonly key: number;
  readonly name: string;
  readonly request: Pick<Message<unknown>, "versions" | "flexibleFrom" | "read">;
  readonly response: Pick<Message<unknown>, "versions" | "flexibleFrom" | "read"> & {
    encode(version: number, value: never): Buffer[];
  };
}

function pair<In, Out>(request: Message<unknown, In>, response: Message<Out, never>): Api<In, Out> {
  return { key: request.key, name: request.name.replace(/Request$/, ""), request, response };
}

export const apis = {
  produce: pair(m00.ProduceRequest, m00.ProduceResponse),
  fetch: pair(m01.FetchRequest, m01.FetchResponse),
  listOffsets: pair(m02.ListOffsetsRequest, m02.ListOffsetsResponse),
  metadata: pair(m03.MetadataRequest, m03.MetadataResponse),
  offsetCommit: pair(m08.OffsetCommitRequest, m08.OffsetCommitResponse),
  offsetFetch: pair(m09.OffsetFetchRequest, m09.OffsetFetchResponse),
  findCoordinator: pair(m10.FindCoordinatorRequest, m10.FindCoordinatorResponse),
  joinGroup: pair(m11.JoinGroupRequest, m11.JoinGroupResponse),
  heartbeat: pair(m12.HeartbeatRequest, m12.HeartbeatResponse),
  leaveGroup: pair(m13.LeaveGroupRequest, m13.LeaveGroupResponse),
  syncGroup: pair(m14.SyncGroupRequest, m14.SyncGroupResponse),
  describeGroups: pair(m15.DescribeGroupsRequest, m15.DescribeGroupsResponse),
  listGroups: pair(m16.ListGroupsRequest, m16.ListGroupsResponse),
  saslHandshake: pair(m17.SaslHandshakeRequest, m17.SaslHandshakeResponse),
  apiVersions: pair(m18.ApiVersionsRequest, m18.ApiVersionsResponse),
  createTopics: pair(m19.CreateTopicsRequest, m19.CreateTopicsResponse),
  deleteTopics: pair(m20.DeleteTopicsRequest, m20.DeleteTopicsResponse),
  deleteRecords: pair(m21.DeleteRecordsRequest, m21.DeleteRecordsResponse),
  initProducerId: pair(m22.InitProducerIdRequest, m22.InitProducerIdResponse),
  offsetForLeaderEpoch: pair(m23.OffsetForLeaderEpochRequest, m23.OffsetForLeaderEpochResponse),
  addPartitionsToTxn: pair(m24.AddPartitionsToTxnRequest, m24.AddPartitionsToTxnResponse),
  addOffsetsToTxn: pair(m25.AddOffsetsToTxnRequest, m25.AddOffsetsToTxnResponse),
  endTxn: pair(m26.EndTxnRequest, m26.EndTxnResponse),
  txnOffsetCommit: pair(m28.TxnOffsetCommitRequest, m28.TxnOffsetCommitResponse),
  describeAcls: pair(m29.DescribeAclsRequest, m29.DescribeAclsResponse),
  createAcls: pair(m30.CreateAclsRequest, m30.CreateAclsResponse),
  deleteAcls: pair(m31.DeleteAclsRequest, m31.DeleteAclsResponse),
  describeConfigs: pair(m32.DescribeConfigsRequest, m32.DescribeConfigsResponse),
  alterConfigs: pair(m33.AlterConfigsRequest, m33.AlterConfigsResponse),
  alterReplicaLogDirs: pair(m34.AlterReplicaLogDirsRequest, m34.AlterReplicaLogDirsResponse),
  describeLogDirs: pair(m35.DescribeLogDirsRequest, m35.DescribeLogDirsResponse),
  saslAuthenticate: pair(m36.SaslAuthenticateRequest, m36.SaslAuthenticateResponse),
  createPartitions: pair(m37.CreatePartitionsRequest, m37.CreatePartitionsResponse),
  deleteGroups: pair(m42.DeleteGroupsRequest, m42.DeleteGroupsResponse),
  electLeaders: pair(m43.ElectLeadersRequest, m43.ElectLeadersResponse),
  incrementalAlterConfigs: pair(
    m44.IncrementalAlterConfigsRequest,
    m44.IncrementalAlterConfigsResponse,
  ),
  alterPartitionReassignments: pair(
    m45.AlterPartitionReassignmentsRequest,
    m45.AlterPartitionReassignmentsResponse,
  ),
  listPartitionReassignments: pair(
    m46.ListPartitionReassignmentsRequest,
    m46.ListPartitionReassignmentsResponse,
  ),
  offsetDelete: pair(m47.OffsetDeleteRequest, m47.OffsetDeleteResponse),
  describeClientQuotas: pair(m48.DescribeClientQuotasRequest, m48.DescribeClientQuotasResponse),
  alterClientQuotas: pair(m49.AlterClientQuotasRequest, m49.AlterClientQuotasResponse),
  describeUserScramCredentials: pair(
    m50.DescribeUserScramCredentialsRequest,
    m50.DescribeUserScramCredentialsResponse,
  ),
  alterUserScramCredentials: pair(
    m51.AlterUserScramCredentialsRequest,
    m51.AlterUserScramCredentialsResponse,
  ),
  describeQuorum: pair(m55.DescribeQuorumRequest, m55.DescribeQuorumResponse),
  updateFeatures: pair(m57.UpdateFeaturesRequest, m57.UpdateFeaturesResponse),
  describeCluster: pair(m60.DescribeClusterRequest, m60.DescribeClusterResponse),
  describeProducers: pair(m61.DescribeProducersRequest, m61.DescribeProducersResponse),
  describeTransactions: pair(m65.DescribeTransactionsRequest, m65.DescribeTransactionsResponse),
  listTransactions: pair(m66.ListTransactionsRequest, m66.ListTransactionsResponse),
  consumerGroupHeartbeat: pair(
    m68.ConsumerGroupHeartbeatRequest,
    m68.ConsumerGroupHeartbeatResponse,
  ),
  consumerGroupDescribe: pair(m69.ConsumerGroupDescribeRequest, m69.ConsumerGroupDescribeResponse),
  listConfigResources: pair(m74.ListConfigResourcesRequest, m74.ListConfigResourcesResponse),
  describeTopicPartitions: pair(
    m75.DescribeTopicPartitionsRequest,
    m75.DescribeTopicPartitionsResponse,
  ),
} as const;

export const API_BY_KEY: ReadonlyMap<number, AnyApi> = new Map(
  Object.values(apis).map((api) => [api.key, api]),
);

export const apiName = (key: number): string => API_BY_KEY.get(key)?.name ?? `API ${key}`;

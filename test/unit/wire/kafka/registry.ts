import {
  ProduceRequest,
  ProduceResponse,
} from "../../../../runtime/wire/kafka/messages/00-produce.ts";
import { FetchRequest, FetchResponse } from "../../../../runtime/wire/kafka/messages/01-fetch.ts";
import {
  ListOffsetsRequest,
  ListOffsetsResponse,
} from "../../../../runtime/wire/kafka/messages/02-list-offsets.ts";
import {
  MetadataRequest,
  MetadataResponse,
} from "../../../../runtime/wire/kafka/messages/03-metadata.ts";
import {
  OffsetCommitRequest,
  OffsetCommitResponse,
} from "../../../../runtime/wire/kafka/messages/08-offset-commit.ts";
import {
  OffsetFetchRequest,
  OffsetFetchResponse,
} from "../../../../runtime/wire/kafka/messages/09-offset-fetch.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../../runtime/wire/kafka/messages/10-find-coordinator.ts";
import {
  JoinGroupRequest,
  JoinGroupResponse,
} from "../../../../runtime/wire/kafka/messages/11-join-group.ts";
import {
  HeartbeatRequest,
  HeartbeatResponse,
} from "../../../../runtime/wire/kafka/messages/12-heartbeat.ts";
import {
  LeaveGroupRequest,
  LeaveGroupResponse,
} from "../../../../runtime/wire/kafka/messages/13-leave-group.ts";
import {
  SyncGroupRequest,
  SyncGroupResponse,
} from "../../../../runtime/wire/kafka/messages/14-sync-group.ts";
import {
  DescribeGroupsRequest,
  DescribeGroupsResponse,
} from "../../../../runtime/wire/kafka/messages/15-describe-groups.ts";
import {
  ListGroupsRequest,
  ListGroupsResponse,
} from "../../../../runtime/wire/kafka/messages/16-list-groups.ts";
import {
  SaslHandshakeRequest,
  SaslHandshakeResponse,
} from "../../../../runtime/wire/kafka/messages/17-sasl-handshake.ts";
import {
  ApiVersionsRequest,
  ApiVersionsResponse,
} from "../../../../runtime/wire/kafka/messages/18-api-versions.ts";
import {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from "../../../../runtime/wire/kafka/messages/19-create-topics.ts";
import {
  DeleteTopicsRequest,
  DeleteTopicsResponse,
} from "../../../../runtime/wire/kafka/messages/20-delete-topics.ts";
import {
  DeleteRecordsRequest,
  DeleteRecordsResponse,
} from "../../../../runtime/wire/kafka/messages/21-delete-records.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../../runtime/wire/kafka/messages/22-init-producer-id.ts";
import {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from "../../../../runtime/wire/kafka/messages/23-offset-for-leader-epoch.ts";
import {
  DescribeAclsRequest,
  DescribeAclsResponse,
} from "../../../../runtime/wire/kafka/messages/29-describe-acls.ts";
import {
  CreateAclsRequest,
  CreateAclsResponse,
} from "../../../../runtime/wire/kafka/messages/30-create-acls.ts";
import {
  DeleteAclsRequest,
  DeleteAclsResponse,
} from "../../../../runtime/wire/kafka/messages/31-delete-acls.ts";
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from "../../../../runtime/wire/kafka/messages/32-describe-configs.ts";
import {
  AlterConfigsRequest,
  AlterConfigsResponse,
} from "../../../../runtime/wire/kafka/messages/33-alter-configs.ts";
import {
  AlterReplicaLogDirsRequest,
  AlterReplicaLogDirsResponse,
} from "../../../../runtime/wire/kafka/messages/34-alter-replica-log-dirs.ts";
import {
  DescribeLogDirsRequest,
  DescribeLogDirsResponse,
} from "../../../../runtime/wire/kafka/messages/35-describe-log-dirs.ts";
import {
  SaslAuthenticateRequest,
  SaslAuthenticateResponse,
} from "../../../../runtime/wire/kafka/messages/36-sasl-authenticate.ts";
import {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from "../../../../runtime/wire/kafka/messages/37-create-partitions.ts";
import {
  DeleteGroupsRequest,
  DeleteGroupsResponse,
} from "../../../../runtime/wire/kafka/messages/42-delete-groups.ts";
import {
  ElectLeadersRequest,
  ElectLeadersResponse,
} from "../../../../runtime/wire/kafka/messages/43-elect-leaders.ts";
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../../../../runtime/wire/kafka/messages/44-incremental-alter-configs.ts";
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from "../../../../runtime/wire/kafka/messages/45-alter-partition-reassignments.ts";
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from "../../../../runtime/wire/kafka/messages/46-list-partition-reassignments.ts";
import {
  OffsetDeleteRequest,
  OffsetDeleteResponse,
} from "../../../../runtime/wire/kafka/messages/47-offset-delete.ts";
import {
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
} from "../../../../runtime/wire/kafka/messages/48-describe-client-quotas.ts";
import {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
} from "../../../../runtime/wire/kafka/messages/49-alter-client-quotas.ts";
import {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from "../../../../runtime/wire/kafka/messages/50-describe-user-scram-credentials.ts";
import {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from "../../../../runtime/wire/kafka/messages/51-alter-user-scram-credentials.ts";
import {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
} from "../../../../runtime/wire/kafka/messages/55-describe-quorum.ts";
import {
  UpdateFeaturesRequest,
  UpdateFeaturesResponse,
} from "../../../../runtime/wire/kafka/messages/57-update-features.ts";
import {
  DescribeClusterRequest,
  DescribeClusterResponse,
} from "../../../../runtime/wire/kafka/messages/60-describe-cluster.ts";
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from "../../../../runtime/wire/kafka/messages/68-consumer-group-heartbeat.ts";
import {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from "../../../../runtime/wire/kafka/messages/69-consumer-group-describe.ts";
import {
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
} from "../../../../runtime/wire/kafka/messages/74-list-config-resources.ts";
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from "../../../../runtime/wire/kafka/messages/75-describe-topic-partitions.ts";
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from "../../../../runtime/wire/kafka/messages/24-add-partitions-to-txn.ts";
import {
  AddOffsetsToTxnRequest,
  AddOffsetsToTxnResponse,
} from "../../../../runtime/wire/kafka/messages/25-add-offsets-to-txn.ts";
import {
  EndTxnRequest,
  EndTxnResponse,
} from "../../../../runtime/wire/kafka/messages/26-end-txn.ts";
import {
  TxnOffsetCommitRequest,
  TxnOffsetCommitResponse,
} from "../../../../runtime/wire/kafka/messages/28-txn-offset-commit.ts";
import {
  DescribeProducersRequest,
  DescribeProducersResponse,
} from "../../../../runtime/wire/kafka/messages/61-describe-producers.ts";
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from "../../../../runtime/wire/kafka/messages/65-describe-transactions.ts";
import {
  ListTransactionsRequest,
  ListTransactionsResponse,
} from "../../../../runtime/wire/kafka/messages/66-list-transactions.ts";
import {
  ConsumerAssignment,
  ConsumerSubscription,
} from "../../../../runtime/wire/kafka/messages/consumer-protocol.ts";
import type { Message, Structure } from "../../../../runtime/wire/kafka/schema.ts";

/** Every declared message, for tests that hold for all of them. */
export const messages: readonly Message<unknown>[] = [
  ProduceRequest,
  ProduceResponse,
  FetchRequest,
  FetchResponse,
  ListOffsetsRequest,
  ListOffsetsResponse,
  MetadataRequest,
  MetadataResponse,
  OffsetCommitRequest,
  OffsetCommitResponse,
  OffsetFetchRequest,
  OffsetFetchResponse,
  FindCoordinatorRequest,
  FindCoordinatorResponse,
  JoinGroupRequest,
  JoinGroupResponse,
  HeartbeatRequest,
  HeartbeatResponse,
  LeaveGroupRequest,
  LeaveGroupResponse,
  SyncGroupRequest,
  SyncGroupResponse,
  DescribeGroupsRequest,
  DescribeGroupsResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  SaslHandshakeRequest,
  SaslHandshakeResponse,
  ApiVersionsRequest,
  ApiVersionsResponse,
  CreateTopicsRequest,
  CreateTopicsResponse,
  DeleteTopicsRequest,
  DeleteTopicsResponse,
  DeleteRecordsRequest,
  DeleteRecordsResponse,
  InitProducerIdRequest,
  InitProducerIdResponse,
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
  DescribeAclsRequest,
  DescribeAclsResponse,
  CreateAclsRequest,
  CreateAclsResponse,
  DeleteAclsRequest,
  DeleteAclsResponse,
  DescribeConfigsRequest,
  DescribeConfigsResponse,
  AlterConfigsRequest,
  AlterConfigsResponse,
  AlterReplicaLogDirsRequest,
  AlterReplicaLogDirsResponse,
  DescribeLogDirsRequest,
  DescribeLogDirsResponse,
  SaslAuthenticateRequest,
  SaslAuthenticateResponse,
  CreatePartitionsRequest,
  CreatePartitionsResponse,
  DeleteGroupsRequest,
  DeleteGroupsResponse,
  ElectLeadersRequest,
  ElectLeadersResponse,
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
  OffsetDeleteRequest,
  OffsetDeleteResponse,
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
  DescribeQuorumRequest,
  DescribeQuorumResponse,
  UpdateFeaturesRequest,
  UpdateFeaturesResponse,
  DescribeClusterRequest,
  DescribeClusterResponse,
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
  AddOffsetsToTxnRequest,
  AddOffsetsToTxnResponse,
  EndTxnRequest,
  EndTxnResponse,
  TxnOffsetCommitRequest,
  TxnOffsetCommitResponse,
  DescribeProducersRequest,
  DescribeProducersResponse,
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
  ListTransactionsRequest,
  ListTransactionsResponse,
];
export const structures: readonly Structure<unknown>[] = [ConsumerSubscription, ConsumerAssignment];

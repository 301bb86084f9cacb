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
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../../runtime/wire/kafka/messages/22-init-producer-id.ts";
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from "../../../../runtime/wire/kafka/messages/32-describe-configs.ts";
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
  DescribeClusterRequest,
  DescribeClusterResponse,
} from "../../../../runtime/wire/kafka/messages/60-describe-cluster.ts";
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from "../../../../runtime/wire/kafka/messages/75-describe-topic-partitions.ts";
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
  InitProducerIdRequest,
  InitProducerIdResponse,
  DescribeConfigsRequest,
  DescribeConfigsResponse,
  SaslAuthenticateRequest,
  SaslAuthenticateResponse,
  CreatePartitionsRequest,
  CreatePartitionsResponse,
  DeleteGroupsRequest,
  DeleteGroupsResponse,
  DescribeClusterRequest,
  DescribeClusterResponse,
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
];
export const structures: readonly Structure<unknown>[] = [ConsumerSubscription, ConsumerAssignment];

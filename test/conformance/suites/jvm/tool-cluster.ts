/** What the tools for transactions and for the cluster say. */
import type { Tool, ToolStep } from "./tool-steps.ts";

const step = (
  tool: Tool,
  does: string,
  args: string,
  prints: readonly string[],
  more: Partial<ToolStep> = {},
): ToolStep => ({ tool, does, args, prints, ...more });

const REASSIGNMENT = JSON.stringify({
  version: 1,
  partitions: [{ topic: "c", partition: 0, replicas: [1] }],
});

export const CLUSTER_STEPS: readonly ToolStep[] = [
  step("kafka-topics", "creates one to look at", "--create --topic c --partitions 1", [
    "Created topic c.",
  ]),
  step("kafka-transactions", "lists none", "list", [
    "TransactionalId Coordinator ProducerId TransactionState",
  ]),
  step("kafka-transactions", "finds none hanging", "find-hanging --broker-id 1", [
    "Topic Partition ProducerId ProducerEpoch CoordinatorEpoch StartOffset LastTimestamp Duration(min)",
  ]),
  step("kafka-transactions", "says what is not there", "describe --transactional-id x", [
    "Failed to describe transaction state of transactional-id `x`: DescribeTransactions request for transactionalId `x` failed because the ID could not be found. Enable debug logging for additional detail.",
  ]),
  step(
    "kafka-transactions",
    "describes no producers",
    "describe-producers --topic c --partition 0",
    [
      "ProducerId ProducerEpoch LatestCoordinatorEpoch LastSequence LastTimestamp CurrentTransactionStartOffset",
    ],
  ),
  step("kafka-transactions", "aborts none", "abort --topic c --partition 0 --start-offset 0", [
    "Could not find any open transactions starting at offset 0 on partition c-0",
  ]),
  step(
    "kafka-transactions",
    "ends the transaction of an id",
    "forceTerminateTransaction --transactionalId x",
    [],
  ),
  step(
    "kafka-leader-election",
    "needs none",
    "--election-type preferred --all-topic-partitions",
    [],
  ),
  step(
    "kafka-leader-election",
    "needs none for one",
    "--election-type unclean --topic c --partition 0",
    ["Valid replica already elected for partitions c-0"],
  ),
  step("kafka-log-dirs", "describes", "--describe --topic-list c", [
    "Querying brokers for log directories information",
    "Received log directory information from brokers 1",
    '{"brokers":[{"broker":1,"logDirs":[{"partitions":[{"partition":"c-0","size":0,"offsetLag":0,"isFuture":false}],"error":null,"logDir":"*"}]}],"version":1}',
  ]),
  step("kafka-reassign-partitions", "lists none", "--list", ["No partition reassignments found."]),
  step(
    "kafka-reassign-partitions",
    "moves to where it is",
    "--reassignment-json-file FOLDER/move.json --execute",
    [
      "Current partition replica assignment",
      '{"version":1,"partitions":[{"topic":"c","partition":0,"replicas":[1],"log_dirs":["*"]}]}',
      "Save this to use as the --reassignment-json-file option during rollback",
      "Successfully started partition reassignment for c-0",
    ],
    { file: { name: "move.json", text: REASSIGNMENT } },
  ),
  step(
    "kafka-reassign-partitions",
    "verifies that",
    "--reassignment-json-file FOLDER/move.json --verify",
    [
      "Status of partition reassignment:",
      "Reassignment of partition c-0 is completed.",
      "Clearing broker-level throttles on broker 1",
      "Clearing topic-level throttles on topic c",
    ],
  ),
  step(
    "kafka-reassign-partitions",
    "plans",
    "--topics-to-move-json-file FOLDER/topics.json --broker-list 1 --generate",
    [
      "Current partition replica assignment",
      '{"version":1,"partitions":[{"topic":"c","partition":0,"replicas":[1],"log_dirs":["*"]}]}',
      "Proposed partition reassignment configuration",
      '{"version":1,"partitions":[{"topic":"c","partition":0,"replicas":[1],"log_dirs":["any"]}]}',
    ],
    { file: { name: "topics.json", text: '{"topics":[{"topic":"c"}],"version":1}' } },
  ),
  step("kafka-features", "describes", "describe", [
    "Feature: eligible.leader.replicas.version SupportedMinVersion: 0 SupportedMaxVersion: 1 FinalizedVersionLevel: 1 Epoch: *",
    "Feature: group.version SupportedMinVersion: 0 SupportedMaxVersion: 1 FinalizedVersionLevel: 1 Epoch: *",
    "Feature: kraft.version SupportedMinVersion: 0 SupportedMaxVersion: 1 FinalizedVersionLevel: 1 Epoch: *",
    "Feature: metadata.version SupportedMinVersion: 3.3-IV3 SupportedMaxVersion: 4.3-IV0 FinalizedVersionLevel: 4.3-IV0 Epoch: *",
    "Feature: share.version SupportedMinVersion: 0 SupportedMaxVersion: 1 FinalizedVersionLevel: 1 Epoch: *",
    "Feature: streams.version SupportedMinVersion: 0 SupportedMaxVersion: 1 FinalizedVersionLevel: 1 Epoch: *",
    "Feature: transaction.version SupportedMinVersion: 0 SupportedMaxVersion: 2 FinalizedVersionLevel: 2 Epoch: *",
  ]),
  step("kafka-metadata-quorum", "describes the status", "describe --status", [
    "ClusterId: *",
    "LeaderId: 1",
    "LeaderEpoch: *",
    "HighWatermark: *",
    "MaxFollowerLag: 0",
    "MaxFollowerLagTimeMs: 0",
    'CurrentVoters: [{"id": 1, *"endpoints": ["*"]}]',
    "CurrentObservers: []",
  ]),
  step("kafka-metadata-quorum", "describes the replication", "describe --replication", [
    "NodeId DirectoryId LogEndOffset Lag LastFetchTimestamp LastCaughtUpTimestamp Status",
    "1 * * 0 * * Leader",
  ]),
  step("kafka-cluster", "says its id", "cluster-id --bootstrap-server BOOTSTRAP", [
    "Cluster ID: *",
  ]),
  step("kafka-cluster", "lists endpoints", "list-endpoints --bootstrap-server BOOTSTRAP", [
    "ID HOST PORT RACK STATE ENDPOINT_TYPE",
    "1 127.0.0.1 * null unfenced broker",
  ]),
  step("kafka-acls", "has no authoriser to ask", "--list", [
    "Error while executing ACL command: org.apache.kafka.common.errors.SecurityDisabledException: *",
    "java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.SecurityDisabledException: *",
  ]),
  step("kafka-client-metrics", "lists none", "--list", []),
];

/** What the tools for topics and configs say. */
import type { ToolStep } from "./tool-steps.ts";

const partition = (topic: string, index: number): string =>
  `Topic: ${topic} Partition: ${index} Leader: 1 Replicas: 1 Isr: 1 Elr: LastKnownElr:`;
const topic = (name: string, partitions: number, configs: string): string =>
  `Topic: ${name} TopicId: * PartitionCount: ${partitions} ReplicationFactor: 1 Configs: ${configs}`;

const topics = (does: string, args: string, prints: readonly string[]): ToolStep => ({
  tool: "kafka-topics",
  does,
  args,
  prints,
});

const configs = (does: string, args: string, prints: readonly string[]): ToolStep => ({
  tool: "kafka-configs",
  does,
  args,
  prints,
});

export const TOPIC_STEPS: readonly ToolStep[] = [
  topics("creates", "--create --topic t1 --partitions 3 --config retention.ms=3600000", [
    "Created topic t1.",
  ]),
  topics("refuses one that is there", "--create --topic t1", [
    "Error while executing topic command : Topic 't1' already exists.",
  ]),
  topics("may be asked to accept one that is there", "--create --topic t1 --if-not-exists", []),
  topics("warns of names with a dot or an underscore", "--create --topic a.b_c", [
    "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.",
    "Created topic a.b_c.",
  ]),
  topics("refuses a bad name", "--create --topic a/b", ["Error while executing topic command : *"]),
  topics("refuses too many replicas", "--create --topic r --replication-factor 2", [
    "Error while executing topic command : Unable to replicate the partition 2 time(s): *",
  ]),
  topics("creates by assignment", "--create --topic assigned --replica-assignment 1,1", [
    "Created topic assigned.",
  ]),
  topics("refuses unknown brokers", "--create --topic x --replica-assignment 1,7", [
    "Error while executing topic command : *",
  ]),
  topics("refuses unknown configs", "--create --topic x --config no.such=1", [
    "Error while executing topic command : Unknown topic config name: no.such",
  ]),
  topics("refuses bad values", "--create --topic x --config retention.ms=soon", [
    "Error while executing topic command : Invalid value soon for configuration retention.ms: Not a number of type LONG",
  ]),
  topics("describes", "--describe --topic t1", [
    topic("t1", 3, "*retention.ms=3600000"),
    ...[0, 1, 2].map((index) => partition("t1", index)),
  ]),
  topics("says what is not there", "--describe --topic none", [
    "Error while executing topic command : Topic 'none' does not exist as expected",
  ]),
  topics("adds partitions", "--alter --topic t1 --partitions 5", []),
  topics("refuses fewer partitions", "--alter --topic t1 --partitions 2", [
    "Error while executing topic command : The topic *t1* currently has 5 partition(s); 2 would not be an increase.",
  ]),
  topics("lists", "--list", ["a.b_c", "assigned", "t1"]),
  topics("deletes", "--delete --topic assigned", []),
  topics("deletes what may not be there", "--delete --topic assigned --if-exists", []),
  topics("finds nothing under-replicated", "--describe --under-replicated-partitions", []),
  topics("finds nothing unavailable", "--describe --unavailable-partitions", []),
  topics(
    "finds what is at its minimum of replicas",
    "--describe --at-min-isr-partitions --topic t1",
    [...[0, 1, 2, 3, 4].map((index) => partition("t1", index))],
  ),
  topics("describes those with configs", "--describe --topics-with-overrides --topic t1", [
    topic("t1", 5, "*retention.ms=3600000"),
  ]),
  configs("describes a topic", "--describe --entity-type topics --entity-name t1", [
    "Dynamic configs for topic t1 are:",
    "retention.ms=3600000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=3600000*}",
  ]),
  configs(
    "alters a topic",
    "--alter --entity-type topics --entity-name t1 --add-config cleanup.policy=[compact,delete],segment.ms=100000 --delete-config retention.ms",
    ["Completed updating config for topic t1."],
  ),
  configs("describes it altered", "--describe --entity-type topics --entity-name t1", [
    "Dynamic configs for topic t1 are:",
    "cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete, DEFAULT_CONFIG:log.cleanup.policy=delete}",
    "segment.ms=100000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:segment.ms=100000*}",
  ]),
  configs(
    "refuses bad values",
    "--alter --entity-type topics --entity-name t1 --add-config cleanup.policy=burn",
    [
      "Error while executing config command with args *",
      "java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.InvalidConfigurationException: Invalid value burn for configuration cleanup.policy: String must be one of: compact, delete",
    ],
  ),
  configs("says what is not there", "--describe --entity-type topics --entity-name none", [
    "The topic 'none' doesn't exist and doesn't have dynamic config.",
  ]),
  configs("knows no users", "--describe --entity-type users", []),
  configs("knows no quotas", "--describe --entity-type clients", []),
  configs("says which group is not there", "--describe --entity-type groups --entity-name g", [
    "The group 'g' doesn't exist and doesn't have dynamic config.",
  ]),
  configs(
    "alters a group",
    "--alter --entity-type groups --entity-name g --add-config consumer.session.timeout.ms=50000",
    ["Completed updating config for group g."],
  ),
  configs("describes the altered group", "--describe --entity-type groups --entity-name g", [
    "Dynamic configs for group g are:",
    "consumer.session.timeout.ms=50000 sensitive=false synonyms={DYNAMIC_GROUP_CONFIG:consumer.session.timeout.ms=50000, DEFAULT_CONFIG:group.consumer.session.timeout.ms=45000}",
  ]),
  configs(
    "alters all brokers",
    "--alter --entity-type brokers --entity-default --add-config log.cleaner.threads=2",
    ["Completed updating default config for brokers in the cluster."],
  ),
];

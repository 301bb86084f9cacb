import type { ConfigSpec } from "./config-spec.ts";
import { TOPIC_CONFIG_TEXTS } from "./config-texts.ts";
import { TOPIC_CONFIGS } from "./topic-config.ts";

/** Broker settings that clients and tools read and that no topic setting is derived from. */
const BROKER_ONLY: readonly ConfigSpec[] = [
  {
    name: "advertised.listeners",
    type: "list",
    defaultValue: "",
    documentation: "Where clients reach this broker.",
  },
  {
    name: "auto.create.topics.enable",
    type: "boolean",
    defaultValue: "true",
    documentation: "Whether a topic that a client asks for and that is not there is created.",
  },
  {
    name: "broker.id",
    type: "int",
    defaultValue: "1",
    documentation: "This broker's id; the older name of node.id.",
  },
  {
    name: "connections.max.idle.ms",
    type: "long",
    defaultValue: "600000",
    documentation: "Time after which a silent connection is closed.",
  },
  {
    name: "default.replication.factor",
    type: "int",
    defaultValue: "1",
    documentation: "Replicas of a topic that is created without a number. The lab has one broker.",
  },
  {
    name: "delete.topic.enable",
    type: "boolean",
    defaultValue: "true",
    documentation: "Whether topics can be deleted.",
  },
  {
    name: "fetch.max.bytes",
    type: "int",
    defaultValue: "57671680",
    documentation: "Most bytes that one fetch is answered with.",
  },
  {
    name: "group.consumer.assignors",
    type: "list",
    defaultValue: "uniform,range",
    documentation:
      "Assignors of the consumer protocol that a member may ask for, the first one by default.",
  },
  {
    name: "group.consumer.heartbeat.interval.ms",
    type: "int",
    defaultValue: "5000",
    min: 1,
    documentation: "How often members of a consumer group are told to send heartbeats.",
  },
  {
    name: "group.consumer.migration.policy",
    type: "string",
    defaultValue: "disabled",
    documentation:
      "Whether groups with members change between the classic and the consumer protocol.",
  },
  {
    name: "group.consumer.session.timeout.ms",
    type: "int",
    defaultValue: "45000",
    min: 1,
    documentation: "Time without a heartbeat after which a member of a consumer group is removed.",
  },
  {
    name: "group.coordinator.rebalance.protocols",
    type: "list",
    defaultValue: "classic,consumer",
    documentation: "Group protocols that are served.",
  },
  {
    name: "group.initial.rebalance.delay.ms",
    type: "int",
    defaultValue: "0",
    min: 0,
    documentation: "How long a new group waits for more members before its first assignment.",
  },
  {
    name: "group.max.session.timeout.ms",
    type: "int",
    defaultValue: "1800000",
    min: 1,
    documentation: "Longest session timeout that a group member may ask for.",
  },
  {
    name: "group.min.session.timeout.ms",
    type: "int",
    defaultValue: "6000",
    min: 1,
    documentation: "Shortest session timeout that a group member may ask for.",
  },
  { name: "node.id", type: "int", defaultValue: "1", documentation: "This broker's id." },
  {
    name: "log.retention.hours",
    type: "int",
    defaultValue: "168",
    documentation: "Age beyond which segments go, unless log.retention.ms or minutes is set.",
  },
  {
    name: "log.retention.minutes",
    type: "int",
    defaultValue: "10080",
    brokerUnset: true,
    documentation: "Age beyond which segments go, unless log.retention.ms is set.",
  },
  {
    name: "log.roll.hours",
    type: "int",
    defaultValue: "168",
    documentation: "Age at which a segment is closed, unless log.roll.ms is set.",
  },
  {
    name: "log.roll.jitter.hours",
    type: "int",
    defaultValue: "0",
    documentation: "Most that the closing of segments is spread, unless log.roll.jitter.ms is set.",
  },
  {
    name: "num.partitions",
    type: "int",
    defaultValue: "1",
    documentation: "Partitions of a topic that is created without a number.",
  },
  {
    name: "offsets.retention.minutes",
    type: "int",
    defaultValue: "10080",
    documentation: "How long offsets are kept after their group has become empty.",
  },
  {
    name: "offsets.topic.num.partitions",
    type: "int",
    defaultValue: "1",
    documentation: "Partitions of the topic in which offsets are kept.",
  },
  {
    name: "offsets.topic.replication.factor",
    type: "short",
    defaultValue: "1",
    documentation: "Replicas of the topic in which offsets are kept.",
  },
  {
    name: "producer.id.expiration.ms",
    type: "int",
    defaultValue: "86400000",
    documentation: "How long a silent idempotent producer is remembered.",
  },
  {
    name: "socket.request.max.bytes",
    type: "int",
    defaultValue: "104857600",
    documentation: "Largest request that a client may send.",
  },
  {
    name: "transaction.max.timeout.ms",
    type: "int",
    defaultValue: "900000",
    documentation: "Longest transaction timeout that a producer may ask for.",
  },
  {
    name: "transaction.state.log.num.partitions",
    type: "int",
    defaultValue: "1",
    documentation: "Partitions of the topic in which transactions are kept.",
  },
  {
    name: "transaction.state.log.replication.factor",
    type: "short",
    defaultValue: "1",
    documentation: "Replicas of the topic in which transactions are kept.",
  },
  {
    name: "transactional.id.expiration.ms",
    type: "int",
    defaultValue: "604800000",
    documentation: "How long a silent transactional id is remembered.",
  },
];

/** Every broker configuration that can be read, in order of name. */
export const BROKER_CONFIGS: readonly ConfigSpec[] = [
  ...BROKER_ONLY,
  ...TOPIC_CONFIGS.flatMap(({ brokerName, ...spec }) =>
    brokerName === undefined
      ? []
      : [{ ...spec, name: brokerName, documentation: TOPIC_CONFIG_TEXTS.get(spec.name) ?? "" }],
  ),
].sort((a, b) => (a.name < b.name ? -1 : 1));

import type { ConfigSpec } from "./config-spec.ts";
import { TOPIC_CONFIGS } from "./topic-config.ts";

/** Broker settings that clients and tools read and that no topic setting is derived from. */
const BROKER_ONLY: readonly ConfigSpec[] = [
  { name: "auto.create.topics.enable", type: "boolean", defaultValue: "true" },
  { name: "broker.id", type: "int", defaultValue: "1" },
  { name: "connections.max.idle.ms", type: "long", defaultValue: "600000" },
  { name: "default.replication.factor", type: "int", defaultValue: "1" },
  { name: "delete.topic.enable", type: "boolean", defaultValue: "true" },
  { name: "fetch.max.bytes", type: "int", defaultValue: "57671680" },
  { name: "group.initial.rebalance.delay.ms", type: "int", defaultValue: "0" },
  { name: "group.max.session.timeout.ms", type: "int", defaultValue: "1800000" },
  { name: "group.min.session.timeout.ms", type: "int", defaultValue: "6000" },
  { name: "node.id", type: "int", defaultValue: "1" },
  { name: "num.partitions", type: "int", defaultValue: "1" },
  { name: "offsets.retention.minutes", type: "int", defaultValue: "10080" },
  { name: "offsets.topic.num.partitions", type: "int", defaultValue: "1" },
  { name: "offsets.topic.replication.factor", type: "int", defaultValue: "1" },
  { name: "producer.id.expiration.ms", type: "int", defaultValue: "86400000" },
  { name: "socket.request.max.bytes", type: "int", defaultValue: "104857600" },
  { name: "transaction.max.timeout.ms", type: "int", defaultValue: "900000" },
  { name: "transaction.state.log.num.partitions", type: "int", defaultValue: "1" },
  { name: "transaction.state.log.replication.factor", type: "int", defaultValue: "1" },
  { name: "transactional.id.expiration.ms", type: "int", defaultValue: "604800000" },
];

/** Every broker configuration that can be read, in order of name. */
export const BROKER_CONFIGS: readonly ConfigSpec[] = [
  ...BROKER_ONLY,
  ...TOPIC_CONFIGS.flatMap(({ brokerName, ...spec }) =>
    brokerName === undefined ? [] : [{ ...spec, name: brokerName }],
  ),
].sort((a, b) => (a.name < b.name ? -1 : 1));

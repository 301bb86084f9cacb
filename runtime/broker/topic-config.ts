import type { LogConfig } from "../log/partition-log.ts";
import { type ConfigSpec, configFault, splitList } from "./config-spec.ts";

const LONG_MAX = "9223372036854775807";

/** Every topic configuration of Kafka 4.4 with its default; only where the lab differs does a comment say so. */
export const TOPIC_CONFIGS: readonly ConfigSpec[] = [
  {
    name: "cleanup.policy",
    type: "list",
    defaultValue: "delete",
    oneOf: ["compact", "delete"],
    brokerName: "log.cleanup.policy",
  },
  {
    name: "compression.gzip.level",
    type: "int",
    defaultValue: "-1",
    min: -1,
    max: 9,
    brokerName: "compression.gzip.level",
  },
  {
    name: "compression.lz4.level",
    type: "int",
    defaultValue: "9",
    min: 1,
    max: 17,
    brokerName: "compression.lz4.level",
  },
  {
    name: "compression.type",
    type: "string",
    defaultValue: "producer",
    oneOf: ["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"],
    brokerName: "compression.type",
  },
  {
    name: "compression.zstd.level",
    type: "int",
    defaultValue: "3",
    min: -131072,
    max: 22,
    brokerName: "compression.zstd.level",
  },
  {
    name: "delete.retention.ms",
    type: "long",
    defaultValue: "86400000",
    min: 0,
    brokerName: "log.cleaner.delete.retention.ms",
  },
  { name: "errors.deadletterqueue.group.enable", type: "boolean", defaultValue: "false" },
  {
    name: "file.delete.delay.ms",
    type: "long",
    defaultValue: "60000",
    min: 0,
    brokerName: "log.segment.delete.delay.ms",
  },
  {
    name: "flush.messages",
    type: "long",
    defaultValue: LONG_MAX,
    min: 1,
    brokerName: "log.flush.interval.messages",
  },
  {
    name: "flush.ms",
    type: "long",
    defaultValue: LONG_MAX,
    min: 0,
    brokerName: "log.flush.interval.ms",
    brokerUnset: true,
  },
  { name: "follower.replication.throttled.replicas", type: "list", defaultValue: "" },
  {
    name: "index.interval.bytes",
    type: "int",
    defaultValue: "4096",
    min: 0,
    brokerName: "log.index.interval.bytes",
  },
  { name: "leader.replication.throttled.replicas", type: "list", defaultValue: "" },
  {
    name: "local.retention.bytes",
    type: "long",
    defaultValue: "-2",
    min: -2,
    brokerName: "log.local.retention.bytes",
  },
  {
    name: "local.retention.ms",
    type: "long",
    defaultValue: "-2",
    min: -2,
    brokerName: "log.local.retention.ms",
  },
  {
    name: "max.compaction.lag.ms",
    type: "long",
    defaultValue: LONG_MAX,
    min: 1,
    brokerName: "log.cleaner.max.compaction.lag.ms",
  },
  {
    name: "max.decompressed.message.bytes",
    type: "int",
    defaultValue: "2147483639",
    min: 0,
    brokerName: "max.decompressed.message.bytes",
  },
  {
    name: "max.message.bytes",
    type: "int",
    defaultValue: "1048588",
    min: 0,
    max: 104_857_600,
    brokerName: "message.max.bytes",
  },
  {
    name: "message.timestamp.after.max.ms",
    type: "long",
    defaultValue: "3600000",
    min: 0,
    brokerName: "log.message.timestamp.after.max.ms",
  },
  {
    name: "message.timestamp.before.max.ms",
    type: "long",
    defaultValue: LONG_MAX,
    min: 0,
    brokerName: "log.message.timestamp.before.max.ms",
  },
  {
    name: "message.timestamp.type",
    type: "string",
    defaultValue: "CreateTime",
    oneOf: ["CreateTime", "LogAppendTime"],
    brokerName: "log.message.timestamp.type",
  },
  {
    name: "min.cleanable.dirty.ratio",
    type: "double",
    defaultValue: "0.5",
    min: 0,
    max: 1,
    brokerName: "log.cleaner.min.cleanable.ratio",
  },
  {
    name: "min.compaction.lag.ms",
    type: "long",
    defaultValue: "0",
    min: 0,
    brokerName: "log.cleaner.min.compaction.lag.ms",
  },
  {
    name: "min.insync.replicas",
    type: "int",
    defaultValue: "1",
    min: 1,
    brokerName: "min.insync.replicas",
  },
  { name: "preallocate", type: "boolean", defaultValue: "false", brokerName: "log.preallocate" },
  {
    name: "remote.copy.lag.bytes",
    type: "long",
    defaultValue: "-1",
    min: -1,
    brokerName: "log.remote.copy.lag.bytes",
  },
  {
    name: "remote.copy.lag.ms",
    type: "long",
    defaultValue: "0",
    min: -1,
    brokerName: "log.remote.copy.lag.ms",
  },
  { name: "remote.log.copy.disable", type: "boolean", defaultValue: "false" },
  { name: "remote.log.delete.on.disable", type: "boolean", defaultValue: "false" },
  { name: "remote.storage.enable", type: "boolean", defaultValue: "false", oneOf: ["false"] },
  {
    name: "retention.bytes",
    type: "long",
    defaultValue: "-1",
    min: -1,
    brokerName: "log.retention.bytes",
  },
  {
    name: "retention.ms",
    type: "long",
    defaultValue: "604800000",
    min: -1,
    brokerName: "log.retention.ms",
    brokerUnset: true,
  },
  // Kafka's default is 1 GiB; a laptop's log is cleaned up and recovered in smaller steps.
  {
    name: "segment.bytes",
    type: "int",
    defaultValue: "134217728",
    // Since Kafka 4 (KIP-1030).
    min: 1_048_576,
    brokerName: "log.segment.bytes",
  },
  {
    name: "segment.index.bytes",
    type: "int",
    defaultValue: "10485760",
    min: 4,
    brokerName: "log.index.size.max.bytes",
  },
  {
    name: "segment.jitter.ms",
    type: "long",
    defaultValue: "0",
    min: 0,
    brokerName: "log.roll.jitter.ms",
    brokerUnset: true,
  },
  {
    name: "segment.ms",
    type: "long",
    defaultValue: "604800000",
    min: 1,
    brokerName: "log.roll.ms",
    brokerUnset: true,
  },
  {
    name: "unclean.leader.election.enable",
    type: "boolean",
    defaultValue: "false",
    brokerName: "unclean.leader.election.enable",
  },
];

/** Segments smaller than clients may ask for, for tests, as Kafka has it since KIP-1030. It is not described to anyone. */
const INTERNAL_SEGMENT_BYTES: ConfigSpec = {
  name: "internal.segment.bytes",
  type: "int",
  defaultValue: "",
  min: 1,
};

/** The topic configurations by their names. */
export const TOPIC_CONFIG_BY_NAME: ReadonlyMap<string, ConfigSpec> = new Map(
  [...TOPIC_CONFIGS, INTERNAL_SEGMENT_BYTES].map((spec) => [spec.name, spec]),
);

/** Configuration values that a topic was given; every other key has its default. */
export type TopicOverrides = Readonly<Record<string, string>>;

/** The first reason why `overrides` cannot be a topic's configuration, or undefined. */
export function topicConfigFault(overrides: TopicOverrides): string | undefined {
  for (const [name, value] of Object.entries(overrides)) {
    const spec = TOPIC_CONFIG_BY_NAME.get(name);
    if (spec === undefined) return `Unknown topic config name: ${name}`;
    const fault = configFault(spec, value);
    if (fault !== undefined) return fault;
  }
  return compactionLagFault(overrides);
}

function valueOf(overrides: TopicOverrides, name: string): string {
  return overrides[name] ?? TOPIC_CONFIG_BY_NAME.get(name)?.defaultValue ?? "";
}

function compactionLagFault(overrides: TopicOverrides): string | undefined {
  const [min, max] = ["min.compaction.lag.ms", "max.compaction.lag.ms"].map((name) =>
    valueOf(overrides, name),
  );
  return Number(min) > Number(max)
    ? `min.compaction.lag.ms (${min}) must not be larger than max.compaction.lag.ms (${max}).`
    : undefined;
}

/** What a topic's configuration means to the code that runs it. */
export interface TopicSettings {
  readonly log: LogConfig;
  readonly compacted: boolean;
  /** Whether old records may go as such, by age, by size or when a client deletes them. */
  readonly deletes: boolean;
  readonly logAppendTime: boolean;
  /** How far a CreateTime timestamp may lie ahead of the broker's clock. */
  readonly timestampAfterMaxMs: number;
  readonly timestampBeforeMaxMs: number;
  /** Replicas that have to be in sync for a write that all of them acknowledge. */
  readonly minInSyncReplicas: number;
  /** Whether a replica that was not in sync may lead when no other is there. */
  readonly uncleanElection: boolean;
}

/** Resolves a topic's overrides against the defaults. The overrides were checked before. */
export function topicSettings(overrides: TopicOverrides): TopicSettings {
  const text = (name: string) => valueOf(overrides, name);
  const number = (name: string) => Number(text(name));
  const policies = splitList(text("cleanup.policy"));
  const deletes = policies.includes("delete");
  const compacted = policies.includes("compact");
  return {
    log: {
      segmentBytes: Number(overrides[INTERNAL_SEGMENT_BYTES.name] ?? text("segment.bytes")),
      // A record in a segment that still grows cannot be compacted in time, so the segment is closed.
      segmentMs: Math.min(
        number("segment.ms"),
        compacted ? number("max.compaction.lag.ms") : Infinity,
      ),
      retentionMs: deletes ? number("retention.ms") : -1,
      retentionBytes: deletes ? number("retention.bytes") : -1,
      indexIntervalBytes: number("index.interval.bytes"),
      maxMessageBytes: number("max.message.bytes"),
      ...(compacted && {
        compaction: {
          minCleanableDirtyRatio: number("min.cleanable.dirty.ratio"),
          minCompactionLagMs: number("min.compaction.lag.ms"),
          maxCompactionLagMs: number("max.compaction.lag.ms"),
          deleteRetentionMs: number("delete.retention.ms"),
        },
      }),
    },
    deletes,
    compacted,
    logAppendTime: text("message.timestamp.type") === "LogAppendTime",
    timestampAfterMaxMs: number("message.timestamp.after.max.ms"),
    timestampBeforeMaxMs: number("message.timestamp.before.max.ms"),
    minInSyncReplicas: number("min.insync.replicas"),
    uncleanElection: text("unclean.leader.election.enable") === "true",
  };
}

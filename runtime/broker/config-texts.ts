/** What each topic configuration does, for DescribeConfigs (KIP-569). */
export const TOPIC_CONFIG_TEXTS: ReadonlyMap<string, string> = new Map([
  [
    "cleanup.policy",
    "What happens to old segments: delete them by age or size, compact them by key, or both.",
  ],
  ["compression.gzip.level", "Level for gzip when the broker compresses; -1 is gzip's own choice."],
  ["compression.lz4.level", "Level for lz4 when the broker compresses."],
  [
    "compression.type",
    "How records are stored: producer keeps what producers sent. The lab always does.",
  ],
  ["compression.zstd.level", "Level for zstd when the broker compresses."],
  [
    "delete.retention.ms",
    "How long compaction keeps tombstones, so that readers from the start see them.",
  ],
  [
    "errors.deadletterqueue.group.enable",
    "Whether share groups may write what they give up to this topic. The lab has no share groups.",
  ],
  ["file.delete.delay.ms", "Wait before a deleted segment's file goes. The lab does not wait."],
  ["flush.messages", "Records between two forced syncs. The lab syncs in the background."],
  ["flush.ms", "Time between two forced syncs. The lab syncs in the background."],
  [
    "follower.replication.throttled.replicas",
    "Replicas whose followers are throttled. The lab has one replica.",
  ],
  ["index.interval.bytes", "Bytes of records between two entries of the sparse indexes."],
  [
    "leader.replication.throttled.replicas",
    "Replicas whose leaders are throttled. The lab has one replica.",
  ],
  ["local.retention.bytes", "Size kept locally with tiered storage, which the lab has not."],
  ["local.retention.ms", "Time kept locally with tiered storage, which the lab has not."],
  ["max.compaction.lag.ms", "Longest time that a record may wait for compaction."],
  [
    "max.decompressed.message.bytes",
    "Most bytes that a batch may have decompressed. The lab stops at 256 MiB.",
  ],
  ["max.message.bytes", "Largest record batch that the topic takes, compressed."],
  [
    "message.timestamp.after.max.ms",
    "How far a record's timestamp may lie ahead of the broker's clock.",
  ],
  [
    "message.timestamp.before.max.ms",
    "How far a record's timestamp may lie behind the broker's clock.",
  ],
  [
    "message.timestamp.type",
    "Whether records carry the time of their creation or that of their append.",
  ],
  ["min.cleanable.dirty.ratio", "Share of a log that must be uncompacted before it is compacted."],
  ["min.compaction.lag.ms", "Shortest time that a record stays as it is before compaction."],
  ["min.insync.replicas", "Replicas that acks=all waits for. The lab has one replica."],
  ["preallocate", "Whether a segment's file gets its full size at once. The lab never does."],
  [
    "remote.copy.lag.bytes",
    "How far copies to tiered storage may be behind, which the lab has not.",
  ],
  ["remote.copy.lag.ms", "How late copies to tiered storage may be, which the lab has not."],
  ["remote.log.copy.disable", "Stops copying to tiered storage, which the lab has not."],
  ["remote.log.delete.on.disable", "Deletes tiered segments when tiering stops."],
  ["remote.storage.enable", "Turns tiered storage on, which the lab has not."],
  ["retention.bytes", "Size of a partition beyond which its oldest segments go; -1 is no limit."],
  ["retention.ms", "Age beyond which segments go; -1 keeps them for ever."],
  ["segment.bytes", "Size at which a segment is closed and the next one begins."],
  ["segment.index.bytes", "Largest size of an index file. The lab's indexes grow as needed."],
  ["segment.jitter.ms", "Most that the closing of segments is spread in time. The lab does not."],
  ["segment.ms", "Age at which a segment is closed although it is not full."],
  [
    "unclean.leader.election.enable",
    "Lets a replica that is behind become leader. The lab has one replica.",
  ],
]);

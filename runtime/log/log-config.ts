/** The settings of a topic that concern its log; the names are those of Kafka's topic configuration. */
export interface LogConfig {
  /** A segment is closed before it would grow beyond this. */
  readonly segmentBytes: number;
  /** A segment is closed when a batch is this much younger than its first one. */
  readonly segmentMs: number;
  /** Segments whose newest record is older are deleted; -1 keeps them. */
  readonly retentionMs: number;
  /** Oldest segments are deleted while what remains is at least this much; -1 keeps them. */
  readonly retentionBytes: number;
  /** Bytes between two entries of the sparse indexes. */
  readonly indexIntervalBytes: number;
  /** Largest record batch. */
  readonly maxMessageBytes: number;
  /** Set for a topic whose cleanup.policy contains compact. */
  readonly compaction?: CompactionConfig;
}

/** When and how a log is compacted; the names are those of Kafka's topic configuration. */
export interface CompactionConfig {
  /** The share of bytes not compacted yet above which compaction is worth its while. */
  readonly minCleanableDirtyRatio: number;
  /** Records younger than this are left alone. */
  readonly minCompactionLagMs: number;
  /** Records older than this are compacted whatever the ratio. */
  readonly maxCompactionLagMs: number;
  /** How long a tombstone stays after it became the only record of its key. */
  readonly deleteRetentionMs: number;
}

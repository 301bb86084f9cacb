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
}

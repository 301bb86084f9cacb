/**
 * What a topic's messages come to as a whole: how many there are, their volume over time, and the newest
 * of each key. Everything is answered in steps of about 200 ms: the asker adds up what the steps give and
 * asks again from `next` until `atEnd`, which is all there is to progress, back-pressure and cancelling.
 * Like a read, all of it sees what a transaction has not committed, or has aborted.
 */
import type { MessageFilter, PartitionCursor, PartitionSummary, Position } from "./model.ts";

/** Most buckets of a histogram. */
export const MAX_BUCKETS = 2_000;
/** Most counts in one answer: buckets times partitions. */
export const MAX_HISTOGRAM_COUNTS = 200_000;

/** Most bytes of a key that `messages/latestPerKey` gives and compares, beside its length. */
export const LATEST_KEY_BYTES = 4_096;

/** A place in every partition covered, or one for each of them. */
export type Place =
  Position | { readonly kind: "cursors"; readonly cursors: readonly PartitionCursor[] };

/** From `fromMs` up to, not including, `toMs`; integers of milliseconds since the Unix epoch. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Which messages of a topic a survey looks at. */
export interface SurveyRange {
  readonly topic: string;
  /** All partitions when undefined. */
  readonly partition?: number | undefined;
  /** Where to begin, or the `next` of the step before. */
  readonly from: Place;
  /**
   * Where to end, before the message there; the ends of the partitions when undefined. A step answers with
   * the `end` it took this for: asking on with it keeps what arrives meanwhile out.
   */
  readonly to?: Place | undefined;
  /** Which messages are wanted; all when undefined. */
  readonly filter?: MessageFilter | undefined;
}

/** How far one step has come. */
export interface SurveyStep {
  /** Where the next step begins. */
  readonly next: readonly PartitionCursor[];
  /** Where the survey ends in each partition. */
  readonly end: readonly PartitionCursor[];
  /** The extent of the partitions covered, taken when the step was made. */
  readonly extents: readonly PartitionSummary[];
  /** Messages looked at in this step. */
  readonly scanned: number;
  /** Nothing is left between `next` and `end`. */
  readonly atEnd: boolean;
}

export interface CountParams extends SurveyRange {
  /** Only messages with a timestamp in here are counted, in whatever order they lie; all when undefined. */
  readonly times?: TimeSpan | undefined;
}

export interface CountResult extends SurveyStep {
  /** Messages of this step that are wanted. */
  readonly count: number;
}

export interface HistogramParams extends SurveyRange {
  /**
   * What the buckets cover. When undefined it is taken from the first and the last batch of each partition,
   * and the answer says what it is: ask on with that.
   */
  readonly times?: TimeSpan | undefined;
  /** Wanted number of buckets, 1 to MAX_BUCKETS. */
  readonly buckets: number;
  /** One series of counts for the topic, or one for each partition. */
  readonly by: "topic" | "partition";
  /**
   * Looks at the timestamp of every message. Otherwise, and without a filter, a batch whose first and whose
   * latest timestamp are in one bucket is counted there as a whole by its header: totals are exact all the
   * same, and only a message that is older than the first one of its batch can be in too late a bucket.
   */
  readonly exact?: boolean | undefined;
}

export interface HistogramSeries {
  /** Undefined for the topic as a whole. */
  readonly partition: number | undefined;
  /** Wanted messages of this step, by bucket. */
  readonly counts: readonly number[];
  /** Wanted messages before the first bucket, those without a timestamp among them. */
  readonly earlier: number;
  /** Wanted messages after the last bucket. */
  readonly later: number;
}

export interface HistogramResult extends SurveyStep {
  /** What the buckets cover: `times` as asked for, or what it was taken to be. */
  readonly times: TimeSpan;
  /** Bucket i is from `times.fromMs + i * bucketMs` on; the last may be shorter. */
  readonly bucketMs: number;
  readonly series: readonly HistogramSeries[];
  /** Messages of this step that were counted by the header of their batch. */
  readonly byHeader: number;
}

export interface LatestParams extends SurveyRange {
  /** Most messages of one step, 1 to MAX_PAGE_MESSAGES. */
  readonly limit: number;
}

/**
 * The newest wanted message of each key, going back from the end: `next` is where the next step ends, and
 * is asked for as its `to`. A key that an earlier step gave is to be passed over when it comes again. So who
 * stops after N keys has, in each partition, the N that were written last, each with its newest message.
 * The newest is that of the highest offset in its partition, as compaction would keep it; a key that was
 * written to several partitions has one in each. A tombstone is a message like others.
 */
export interface LatestResult extends SurveyStep {
  /** In the encoding of page.ts, the latest timestamp first. Keys are cut at LATEST_KEY_BYTES, and told apart by these. */
  readonly page: Uint8Array;
  readonly count: number;
  /** Wanted messages of this step whose key is null. */
  readonly withoutKey: number;
}

/** What may be asked of the lab about messages as a whole. */
export interface SurveyRequests {
  "messages/count": { params: CountParams; result: CountResult };
  "messages/histogram": { params: HistogramParams; result: HistogramResult };
  "messages/latestPerKey": { params: LatestParams; result: LatestResult };
}

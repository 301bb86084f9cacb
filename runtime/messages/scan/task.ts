import type { Message } from "../../api/model.ts";
import type { FieldLimit } from "../message.ts";

/** SQL expressions in place of key and value. */
export interface NewParts {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

/** A message that was found, and what its key and value were rewritten to where that was asked for. */
export interface FoundMessage extends Message {
  readonly rewritten?: {
    readonly key?: Uint8Array | null;
    readonly value?: Uint8Array | null;
  };
}

/** Gives the messages that are wanted. */
export interface FindTask {
  readonly kind: "find";
  /** Most messages wanted. */
  readonly limit: number;
  readonly field: FieldLimit;
  /** Only messages from the first of these times up to, not including, the second; all when undefined. */
  readonly times?: { readonly fromMs: number; readonly toMs: number } | undefined;
  readonly rewrite?: NewParts | undefined;
}

/** Counts the messages that are wanted by their time. */
export interface TallyTask {
  readonly kind: "tally";
  readonly buckets: Buckets;
  /** False when a batch may be counted whole where its first and latest timestamps are in one bucket. */
  readonly exact: boolean;
}

/** Gives the last message of each key. */
export interface LatestTask {
  readonly kind: "latest";
  /** Keys, as Latin-1, of which nothing is wanted any more. */
  readonly known: ReadonlySet<string>;
  /** Most messages wanted: those with the highest offsets. */
  readonly limit: number;
  readonly field: FieldLimit;
}

/** What is to be done with the wanted records of a chunk. */
export type ScanTask = FindTask | TallyTask | LatestTask;

/** Stretches of time of one length that follow each other. */
export interface Buckets {
  /** Where the first begins; -Infinity for one bucket of all times. */
  readonly fromMs: number;
  /** Where the last ends. */
  readonly toMs: number;
  readonly bucketMs: number;
  readonly count: number;
}

/** One bucket that every message is in. */
export const ALL_TIMES: Buckets = {
  ...{ fromMs: -Infinity, toMs: Infinity, bucketMs: Infinity, count: 1 },
};

/** The place of a time among the counts: 0 for earlier, 1 for the first bucket, count + 1 for later. */
export function bucketOf(buckets: Buckets, timestampMs: number): number {
  const { fromMs, toMs, bucketMs, count } = buckets;
  if (timestampMs < fromMs) return 0;
  if (timestampMs >= toMs) return count + 1;
  return count === 1 ? 1 : 1 + Math.floor((timestampMs - fromMs) / bucketMs);
}

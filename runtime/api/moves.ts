/**
 * Moving messages: exports, imports, replays, copies of topics and redrives of dead letters. A move is one request that is answered when the move has ended;
 * meanwhile it is asked for its progress, and paused or stopped, under the id that its asker gave it. It
 * ends when its asker cancels the request or is gone, unless it is to be kept.
 */
import type { Message, MessageFilter } from "./model.ts";
import type { Place } from "./survey.ts";

/** Most messages of a selection. */
export const MAX_SELECTED_MESSAGES = 10_000;
/** Moves at the same time. */
export const MAX_MOVES = 16;
/** Longest path of a file, in UTF-16 units. */
export const MAX_PATH_LENGTH = 4_096;

/**
 * Which messages are moved, in order of their time across partitions, each partition in its own order. What
 * is written to the topic after the move has begun is not part of it, nor is what a transaction has aborted or
 * not decided yet.
 */
export type MoveSource =
  | {
      readonly kind: "range";
      readonly topic: string;
      /** All partitions when undefined. */
      readonly partition?: number | undefined;
      readonly from: Place;
      /** Where to end, before the message there; the ends of the partitions when undefined. */
      readonly to?: Place | undefined;
      /** At most so many; all when undefined. */
      readonly limit?: number | undefined;
      readonly filter?: MessageFilter | undefined;
    }
  | {
      readonly kind: "selection";
      readonly topic: string;
      /** Up to MAX_SELECTED_MESSAGES. */
      readonly messages: readonly { readonly partition: number; readonly offset: number }[];
    };

/**
 * `jsonl`: a line of jsonl.ts for each message. `csv`: RFC 4180 with a header row. `raw`: a folder with one
 * file for each value, which holds its bytes and nothing else.
 */
export const FILE_FORMATS = ["jsonl", "csv", "raw"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export interface ExportMove {
  readonly kind: "export";
  readonly source: MoveSource;
  /** Absolute, on the lab's machine. Nothing is there before the export is whole. */
  readonly path: string;
  readonly format: FileFormat;
  /** Offsets and append times are written too; they cannot be the same again after an import. */
  readonly offsets: boolean;
  /** A file that is there already is replaced; without it the export is refused. */
  readonly overwrite: boolean;
}

export interface ImportMove {
  readonly kind: "import";
  /** Absolute, on the lab's machine: a file, or a folder for `raw`. */
  readonly path: string;
  readonly format: FileFormat;
  /**
   * Created when it is not there, with as many partitions as the file names, and without a limit to how long
   * it keeps messages when they keep their times.
   */
  readonly topic: string;
  /** Messages go to the partitions that the file names; by their keys when false. */
  readonly keepPartition: boolean;
  /** Messages have the times that the file names; the time of the import when false. */
  readonly keepTimestamp: boolean;
  /** Messages at the beginning that are checked but not sent: those that a stopped import has sent. */
  readonly skip: number;
}

/** What becomes of the parts of a message that is replayed. */
export interface Rewriting {
  /**
   * As it was, null, or what an SQL expression comes to as text, with the names and functions of filters.
   * A message whose value comes to NULL, and was not null before, is left out.
   */
  readonly key: "keep" | "drop" | { readonly sql: string };
  readonly value: "keep" | { readonly sql: string };
  readonly headers: "keep" | "drop";
  /** Where it was, where its key belongs, or this partition for all. */
  readonly partition: "keep" | "by-key" | number;
  /** The time that it had, or that of the replay. */
  readonly timestamp: "keep" | "now";
}

/** Slowest and fastest replay in time. */
export const MIN_SPEED = 0.001;
export const MAX_SPEED = 10_000;

export interface ReplayMove {
  readonly kind: "replay";
  readonly source: MoveSource;
  /** Where messages go; created with the partitions of the source when it is not there, else as by an import. */
  readonly topic: string;
  /** 1 for as recorded, 10 for ten times as fast; as fast as possible when undefined. */
  readonly speed?: number | undefined;
  /** Longer silences between two messages, as recorded, are cut to so many milliseconds. */
  readonly maxGapMs?: number | undefined;
  readonly rewriting: Rewriting;
  /** Begins paused, to go step by step. */
  readonly paused: boolean;
}

export interface CopyMove {
  readonly kind: "copy";
  readonly topic: string;
  /** Must not be there yet. It gets the partitions, configurations and records of the topic; offsets without gaps. */
  readonly target: string;
}

/** Sends dead letters to the topics that they came from. One that was sent before is not sent again. */
export interface RedriveMove {
  readonly kind: "redrive";
  /** Dead letters. */
  readonly source: MoveSource;
  /**
   * The header that names the topic that a dead letter came from. When undefined, those of Spring Kafka
   * (`kafka_dlt-original-topic`), Kafka Connect (`__connect.errors.topic`) and Spring Cloud Stream
   * (`x-original-topic`) are looked for.
   */
  readonly header?: string | undefined;
  /** The headers in which the error was told are sent too. */
  readonly keepErrorHeaders: boolean;
}

/** Header of a message that a redrive sent: the topic, partition and offset of its dead letter, with slashes. */
export const REDRIVE_HEADER = "streamside.redriven-from";

export type Move = ExportMove | ImportMove | ReplayMove | CopyMove | RedriveMove;

/** What a move does to one topic. */
export interface MoveTarget {
  /** Null where a dead letter does not name one. */
  readonly topic: string | null;
  /** Messages that it gets, or would get. */
  readonly count: number;
  /** Topics that are not there are created by the move, unless there is a problem. */
  readonly exists: boolean;
  /** Why these messages cannot be moved and are left out; undefined when they can. */
  readonly problem?: string | undefined;
  /** What will become of them that may not be wanted. */
  readonly warning?: string | undefined;
}

/** What a move has done, or would do. */
export interface MoveReport {
  /** `stopped`: somebody stopped it before its end. */
  readonly outcome: "done" | "stopped";
  /** Messages written to the file, or placed in topics. */
  readonly moved: number;
  /**
   * Messages that were left out: tombstones of a raw export, what an import was to skip, values that came to
   * NULL, dead letters that were sent before.
   */
  readonly skipped: number;
  /**
   * The first message that is moved, with its key and value cut to MAX_SHOWN_BYTES and rewritten; at the place
   * that it comes from, -1 where that is a file.
   */
  readonly first: Message | undefined;
  /** How long a replay takes at its speed, in milliseconds; undefined for other moves. */
  readonly lastsMs?: number | undefined;
  /** Topics that messages go to; none for an export. */
  readonly targets: readonly MoveTarget[];
  /** Bytes of the files. */
  readonly sizeBytes: number;
  readonly elapsedMs: number;
}

/** How far a move has come. */
export interface MoveProgress {
  readonly state: "running" | "paused" | "stopping";
  /** What it does now: `check` a file or count what is there, `move` messages, `verify` what was moved. */
  readonly phase: "check" | "move" | "verify";
  /** Messages so far in this phase. */
  readonly messages: number;
  /** How much of this phase is done, 0 to 1. */
  readonly part: number;
}

/** `step` lets a move that is paused go on by one message, and pauses one that is not. */
export const MOVE_ACTIONS = ["pause", "resume", "step", "stop"] as const;
export type MoveAction = (typeof MOVE_ACTIONS)[number];

/** A move that has not ended. */
export interface RunningMove extends MoveProgress {
  readonly id: string;
  readonly kind: Move["kind"];
}

export interface MoveRequests {
  /** Moves messages, or with `dryRun` only says what would be moved. Answers at the end. */
  "moves/run": {
    params: {
      /** Given by the asker: it names the move in the requests below while this one is not answered. */
      readonly id: string;
      readonly move: Move;
      readonly dryRun: boolean;
      /** It goes on when its asker is gone; how it ended is in the lab's log then too. */
      readonly keep?: boolean | undefined;
    };
    result: MoveReport;
  };
  /** All moves, whoever has asked for them, in the order in which they began. */
  "moves/list": {
    params: Record<string, never>;
    result: { readonly moves: readonly RunningMove[] };
  };
  "moves/progress": { params: { readonly id: string }; result: MoveProgress };
  /** A stopped move ends in order, with a report. */
  "moves/control": {
    params: { readonly id: string; readonly action: MoveAction };
    result: MoveProgress;
  };
}

/** Most bytes of a key or value that a report carries. */
export const MAX_SHOWN_BYTES = 1_024;

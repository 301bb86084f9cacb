import type { ReadParams, ReadResult } from "./lab.ts";
import type { PartitionSummary } from "./model.ts";

/** Whether the lab can be asked now; the grid says so in place of the messages when it cannot. */
export type LabAvailability = "running" | "starting" | "stopped";

/** Where a grid begins to read, as the toolbar offers it. */
export type GridFrom =
  | { readonly kind: "earliest" }
  | { readonly kind: "last"; readonly count: number }
  | { readonly kind: "offset"; readonly offset: number }
  | { readonly kind: "time"; readonly timestampMs: number };

/** One message, named. */
export interface MessageRef {
  readonly partition: number;
  readonly offset: number;
}

/** What a grid shows. Kept as the webview's state, so a window reload brings the same grid back. */
export interface GridState {
  readonly topic: string;
  /** All partitions when undefined. */
  readonly partition: number | undefined;
  readonly from: GridFrom;
  readonly live: boolean;
}

/** The words of the grid in the language of the window; `{0}` and so on are replaced by values. */
export type GridStrings = Readonly<Record<GridStringKey, string>>;

export type GridStringKey =
  | "atEnd"
  | "behind"
  | "beyondEnd"
  | "bytes"
  | "columnHeaders"
  | "columnHeadersShort"
  | "columnKey"
  | "columnOffset"
  | "columnPartition"
  | "columnPartitionShort"
  | "columnSize"
  | "columnTimestamp"
  | "columnValue"
  | "copied"
  | "count"
  | "emptyField"
  | "emptyPartition"
  | "emptyTopic"
  | "from"
  | "fromEarliest"
  | "fromLast"
  | "fromOffset"
  | "fromTime"
  | "grid"
  | "jumpToLatest"
  | "labStarting"
  | "labStopped"
  | "live"
  | "loading"
  | "noMessagesFrom"
  | "nullKey"
  | "offsetInvalid"
  | "offsetPlaceholder"
  | "ofEach"
  | "pause"
  | "resume"
  | "retry"
  | "showing"
  | "startLab"
  | "timeInvalid"
  | "timePlaceholder"
  | "tombstone"
  | "toolbar"
  | "topicGone"
  | "waiting";

/** What the message grid may ask of the extension, and what it is told. */
export interface GridHost {
  requests: {
    /** First request of a grid. */
    "grid/hello": {
      params: Record<string, never>;
      result: {
        readonly state: GridState;
        /** Select this message once it is there. */
        readonly select: MessageRef | undefined;
        readonly lab: LabAvailability;
        readonly extents: readonly PartitionSummary[] | undefined;
        readonly strings: GridStrings;
      };
    };
    /** `messages/read` of the lab for the topic and partition of this grid. */
    "grid/read": { params: Omit<ReadParams, "topic" | "partition">; result: ReadResult };
    /** Opens a message as a read-only document. */
    "grid/openMessage": { params: MessageRef; result: Record<string, never> };
    /** Puts the whole value on the clipboard, byte for byte when it is text. */
    "grid/copyValue": { params: MessageRef; result: Record<string, never> };
    "grid/startLab": { params: Record<string, never>; result: Record<string, never> };
  };
  events: {
    "grid/lab": { readonly lab: LabAvailability };
    /** Extents of the partitions shown have changed; undefined when the topic is gone. */
    "grid/extents": { readonly extents: readonly PartitionSummary[] | undefined };
    /** Read from another place, and select a message there. */
    "grid/show": { readonly state: GridState; readonly select: MessageRef | undefined };
  };
}

/** What a message grid tells the extension. */
export interface Grid {
  requests: Record<never, never>;
  events: {
    /** The person chose where to read from, or turned live on or off. */
    "grid/stateChanged": GridState;
  };
}

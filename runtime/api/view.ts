import type { GridColumn } from "./grid-columns.ts";
import type { FilterFault, ReadParams, ReadResult } from "./lab.ts";
import type {
  HistogramParams,
  HistogramResult,
  LatestParams,
  LatestResult,
  TimeSpan,
} from "./survey.ts";
import type { MessageFilter, PartitionSummary } from "./model.ts";

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
  /** Which messages are shown; all when undefined. */
  readonly filter: MessageFilter | undefined;
  /** Only messages of these times; of all when undefined. */
  readonly times: TimeSpan | undefined;
  /** The newest message of each key instead of all. */
  readonly latest: boolean;
  /** Volume over time is shown. */
  readonly histogram: boolean;
  /** From left to right, at least one. */
  readonly columns: readonly GridColumn[];
  readonly selected: MessageRef | undefined;
}

/** How much a grid has shown since it began to read; messages that are not shown count in offsets. */
export interface GridCounts {
  readonly live: "off" | "on" | "paused";
  readonly shown: number;
  readonly scanned: number;
  /** Passed over by the live tail. */
  readonly skipped: number;
  /** After what was read. */
  readonly behind: number;
  readonly atEnd: boolean;
}

/** Commands of VS Code that the grid has buttons for. */
export type GridCommand = "columns" | "filters";

/** The words of the grid in the language of the window; `{0}` and so on are replaced by values. */
export type GridStrings = Readonly<Record<GridStringKey, string>>;

export type GridStringKey =
  | "allPartitions"
  | "allTimes"
  | "appendTime"
  | "atEnd"
  | "behind"
  | "beyondEnd"
  | "clearFilter"
  | "columnHeaders"
  | "columnKey"
  | "columnKeySize"
  | "columnKeySizeShort"
  | "columnOffset"
  | "columnPartition"
  | "columnPartitionShort"
  | "columns"
  | "columnSize"
  | "columnTimestamp"
  | "columnTip"
  | "columnValue"
  | "columnValueSize"
  | "columnValueSizeShort"
  | "continueSearch"
  | "copied"
  | "count"
  | "counting"
  | "createTime"
  | "emptyField"
  | "emptyPartition"
  | "emptyTopic"
  | "exactBytes"
  | "fieldUnreadable"
  | "filter"
  | "filterPlaceholder"
  | "filterRegexpPlaceholder"
  | "filterSqlHint"
  | "filterSqlPlaceholder"
  | "from"
  | "fromEarliest"
  | "fromLast"
  | "fromOffset"
  | "fromTime"
  | "grid"
  | "histogram"
  | "inAnywhere"
  | "inHeaders"
  | "inKey"
  | "inValue"
  | "jumpToLatest"
  | "labStarting"
  | "labStopped"
  | "latestPerKey"
  | "leftToScan"
  | "live"
  | "loading"
  | "matchCase"
  | "moreHeaders"
  | "noMessagesFrom"
  | "noneFound"
  | "noneFoundYet"
  | "nullKey"
  | "ofEach"
  | "offsetInvalid"
  | "offsetPlaceholder"
  | "onePartition"
  | "pause"
  | "rangeBack"
  | "rangeFromEarliest"
  | "rangeFromLast"
  | "rangeFromLastOfEach"
  | "rangeFromOffset"
  | "rangeFromTime"
  | "rangeFromTimes"
  | "rangeToEnd"
  | "rangeToEarliest"
  | "rangeToNowhere"
  | "rangeToOffset"
  | "rangeToSomewhere"
  | "resume"
  | "resumeWhy"
  | "retry"
  | "savedFilters"
  | "scannedRange"
  | "searchFromEarliest"
  | "searchIn"
  | "searching"
  | "showHistogram"
  | "showing"
  | "showingFound"
  | "skipped"
  | "skippedWhy"
  | "someFound"
  | "someFoundYet"
  | "startLab"
  | "stop"
  | "timeInvalid"
  | "timePlaceholder"
  | "timesFrom"
  | "timesTo"
  | "tombstone"
  | "toolbar"
  | "topicGone"
  | "useRegexp"
  | "useSql"
  | "volume"
  | "waiting";

/** What the message grid may ask of the extension, and what it is told. */
export interface GridHost {
  requests: {
    /** First request of a grid. */
    "grid/hello": {
      params: Record<string, never>;
      result: {
        readonly state: GridState;
        readonly lab: LabAvailability;
        /** Of all partitions of the topic; undefined when it is not known or gone. */
        readonly extents: readonly PartitionSummary[] | undefined;
        readonly strings: GridStrings;
      };
    };
    /** `messages/read` of the lab for the topic and partition of this grid. */
    "grid/read": { params: Omit<ReadParams, "topic" | "partition">; result: ReadResult };
    /** `messages/histogram` and `messages/latestPerKey`, likewise. */
    "grid/histogram": {
      params: Omit<HistogramParams, "topic" | "partition">;
      result: HistogramResult;
    };
    "grid/latest": { params: Omit<LatestParams, "topic" | "partition">; result: LatestResult };
    /** `filter/check` of the lab. */
    "grid/checkFilter": {
      params: { readonly filter: MessageFilter };
      result: { readonly faults: readonly FilterFault[] };
    };
    /** Opens a message as a read-only document. */
    "grid/openMessage": { params: MessageRef; result: Record<string, never> };
    /** Puts what a column shows of a message on the clipboard, whole, and byte for byte when it is text. */
    "grid/copy": {
      params: { readonly message: MessageRef; readonly column: GridColumn };
      result: Record<string, never>;
    };
    "grid/command": { params: { readonly name: GridCommand }; result: Record<string, never> };
    "grid/startLab": { params: Record<string, never>; result: Record<string, never> };
  };
  events: {
    "grid/lab": { readonly lab: LabAvailability };
    /** Extents of the topic's partitions have changed; undefined when the topic is gone. */
    "grid/extents": { readonly extents: readonly PartitionSummary[] | undefined };
    /** Read from another place, and select a message there. */
    "grid/show": { readonly state: GridState; readonly select: MessageRef | undefined };
    /** Show the messages that this filter wants. */
    "grid/applyFilter": { readonly filter: MessageFilter };
    "grid/focusFilter": Record<string, never>;
    "grid/setColumns": { readonly columns: readonly GridColumn[] };
  };
}

/** What a message grid tells the extension. */
export interface Grid {
  requests: {
    /** The filter that stands in the bar, applied or not. */
    "grid/writtenFilter": {
      params: Record<string, never>;
      result: { readonly filter: MessageFilter | undefined };
    };
    "grid/counts": { params: Record<string, never>; result: GridCounts };
  };
  events: {
    /** The person chose where to read from, filtered, selected, or turned live on or off. */
    "grid/stateChanged": GridState;
  };
}

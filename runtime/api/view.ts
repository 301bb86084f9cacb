import type { GridColumn } from "./grid-columns.ts";
import type { FilterFault, ReadParams, ReadResult } from "./lab.ts";
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
  /** From left to right, at least one. */
  readonly columns: readonly GridColumn[];
  readonly selected: MessageRef | undefined;
}

/** Commands of VS Code that the grid has buttons for. */
export type GridCommand = "columns" | "filters";

/** The words of the grid in the language of the window; `{0}` and so on are replaced by values. */
export type GridStrings = Readonly<Record<GridStringKey, string>>;

export type GridStringKey =
  | "allPartitions"
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
  | "inAnywhere"
  | "inHeaders"
  | "inKey"
  | "inValue"
  | "jumpToLatest"
  | "labStarting"
  | "labStopped"
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
  | "rangeFromEarliest"
  | "rangeFromLast"
  | "rangeFromLastOfEach"
  | "rangeFromOffset"
  | "rangeFromTime"
  | "rangeToEnd"
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
  | "tombstone"
  | "toolbar"
  | "topicGone"
  | "useRegexp"
  | "useSql"
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
  };
  events: {
    /** The person chose where to read from, filtered, selected, or turned live on or off. */
    "grid/stateChanged": GridState;
  };
}

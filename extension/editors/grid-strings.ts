import * as vscode from "vscode";
import type { OwnColumn } from "../../runtime/api/grid-columns.ts";
import type { GridStrings } from "../../runtime/api/view.ts";

/** The words of the message grid in the language of this window. */
export function gridStrings(): GridStrings {
  return {
    ...columnStrings(),
    ...filterStrings(),
    ...searchStrings(),
    ...placeStrings(),
    ...liveStrings(),
    ...timeStrings(),
  };
}

/** Titles of the columns that every message has. */
export function columnTitles(): Readonly<Record<OwnColumn, string>> {
  const strings = gridStrings();
  return {
    partition: strings.columnPartition,
    offset: strings.columnOffset,
    timestamp: strings.columnTimestamp,
    key: strings.columnKey,
    value: strings.columnValue,
    headers: strings.columnHeaders,
    keySize: strings.columnKeySize,
    valueSize: strings.columnValueSize,
    size: strings.columnSize,
  };
}

/** The heads of the columns and what cells say. */
function columnStrings() {
  const t = vscode.l10n.t;
  return {
    appendTime: t("{0}, set by the broker", "{0}"),
    columnHeaders: t("Headers"),
    columnKey: t("Key"),
    columnKeySize: t("Key size"),
    columnKeySizeShort: t("Key B"),
    columnOffset: t("Offset"),
    columnPartition: t("Partition"),
    columnPartitionShort: t("Part"),
    columns: t("Columns"),
    columnSize: t("Size"),
    columnTimestamp: t("Time"),
    columnTip: t(
      "{0}: draw the right edge for another width, or Shift+Left and Shift+Right in a cell",
      "{0}",
    ),
    columnValue: t("Value"),
    columnValueSize: t("Value size"),
    columnValueSizeShort: t("Val B"),
    copied: t("Copied."),
    createTime: t("{0}, set by the producer", "{0}"),
    emptyField: t("empty"),
    exactBytes: t("{0} bytes", "{0}"),
    fieldUnreadable: t(
      "Beyond what was read of this message, or not JSON. Open the message to see all of it.",
    ),
    grid: t("Messages"),
    loading: t("Loading…"),
    moreHeaders: t("and {0} more", "{0}"),
    nullKey: t("null"),
    tombstone: t("tombstone"),
  };
}

/** The filter bar. */
function filterStrings() {
  const t = vscode.l10n.t;
  return {
    clearFilter: t("Clear Filter"),
    filter: t("Filter"),
    filterPlaceholder: t("Filter: text in key, value or headers"),
    filterRegexpPlaceholder: t("Filter: a regular expression such as ^o-50\\d\\d$"),
    filterSqlHint: t(
      "Names are members of the JSON in the value: amount > 100, customer.country = 'DE', lines[1].sku LIKE 'milk%'. Of the message itself: key, key.id, value IS NULL, headers['trace'] = '4f2a', partition = 2, offset >= 1000, timestamp >= '2026-03-29T01:30:00Z', key_size, value_size > 10000.",
    ),
    filterSqlPlaceholder: t("Filter: amount > 100 AND key = 'o-1'"),
    inAnywhere: t("Anywhere"),
    inHeaders: t("Headers"),
    inKey: t("Key"),
    inValue: t("Value"),
    matchCase: t("Match Case (Alt+C)"),
    savedFilters: t("Saved Filters"),
    searchIn: t("Look in"),
    stop: t("Stop"),
    useRegexp: t("Use Regular Expression (Alt+R)"),
    useSql: t("Use SQL Condition (Alt+S)"),
  };
}

/** How far a search has come. */
function searchStrings() {
  const t = vscode.l10n.t;
  return {
    continueSearch: t("Continue"),
    leftToScan: t("{0} are left.", "{0}"),
    noneFound: t("No message matches."),
    noneFoundYet: t("No message matches so far."),
    rangeFromEarliest: t("from the earliest message"),
    rangeFromLast: t("from the latest {0} messages", "{0}"),
    rangeFromLastOfEach: t("from the latest {0} messages of each partition", "{0}"),
    rangeFromOffset: t("from offset {0}", "{0}"),
    rangeFromTime: t("from {0}", "{0}"),
    rangeToEnd: t("to the end"),
    rangeToNowhere: t("on"),
    rangeToOffset: t("to offset {0}", "{0}"),
    rangeToSomewhere: t("on, in {0} partitions", "{0}"),
    scannedRange: t("Scanned {0}, {1} {2}.", "{0}", "{1}", "{2}"),
    searchFromEarliest: t("Search from Earliest"),
    searching: t("Searching…"),
    showing: t("{0} of {1} messages · {2} scanned", "{0}", "{1}", "{2}"),
    showingFound: t("{0} shown · {2} scanned of {1}", "{0}", "{1}", "{2}"),
    someFound: t("{0} messages match.", "{0}"),
    someFoundYet: t("{0} messages match so far.", "{0}"),
  };
}

/** Where to read from, and what is there. */
function placeStrings() {
  const t = vscode.l10n.t;
  return {
    allPartitions: t("All partitions"),
    atEnd: t("No messages after this place."),
    beyondEnd: t("Offset {0} is beyond the end: the last message has offset {1}.", "{0}", "{1}"),
    count: t("Number of newest messages of each partition"),
    emptyPartition: t("This partition has no messages yet."),
    emptyTopic: t("This topic has no messages yet."),
    from: t("From"),
    fromEarliest: t("Earliest"),
    fromLast: t("Latest"),
    fromOffset: t("Offset"),
    fromTime: t("Time"),
    noMessagesFrom: t("No message has a time at or after {0}.", "{0}"),
    ofEach: t("of each partition"),
    offsetInvalid: t("Enter a whole number, 0 or greater."),
    offsetPlaceholder: t("such as 1204"),
    onePartition: t("Partition {0}", "{0}"),
    timeInvalid: t("Enter a time such as 2026-03-29 01:30:00 or 2026-03-29T01:30:00Z."),
    timePlaceholder: t("2026-03-29 01:30:00, or with Z"),
    toolbar: t("Where to read from"),
    topicGone: t("This topic is gone."),
  };
}

/** The live tail. */
function liveStrings() {
  const t = vscode.l10n.t;
  return {
    behind: t("{0} new", "{0}"),
    jumpToLatest: t("Jump to Latest"),
    labStarting: t("The lab is starting…"),
    labStopped: t("The lab is not running."),
    live: t("Live"),
    pause: t("Pause"),
    resume: t("Resume"),
    resumeWhy: t("Follow again from here on, and catch up with all that was missed"),
    retry: t("Try Again"),
    skipped: t("{0} not shown", "{0}"),
    skippedWhy: t(
      "Messages that came faster than they can be shown, or that were jumped over. They are in the topic: choose From to read them.",
    ),
    startLab: t("Start Lab"),
    waiting: t("Waiting for messages…"),
  };
}

/** Volume over time, and which messages are looked at. */
function timeStrings() {
  const t = vscode.l10n.t;
  return {
    allTimes: t("All Times"),
    counting: t("counting, {0} so far", "{0}"),
    histogram: t("Volume over time"),
    latestPerKey: t("Latest per Key: only the newest message of each key, newest first"),
    rangeBack: t("from the end back"),
    rangeToEarliest: t("to the earliest message"),
    rangeFromTimes: t("between {0} and {1}", "{0}", "{1}"),
    showHistogram: t("Show Volume over Time"),
    timesFrom: t("Beginning of the times shown: arrow keys, then Enter"),
    timesTo: t("End of the times shown: arrow keys, then Enter"),
    volume: t("{0} messages from {1} to {2}", "{0}", "{1}", "{2}"),
  };
}

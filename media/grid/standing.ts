import type { PartitionCursor, PartitionSummary } from "../../runtime/api/model.ts";
import type { GridStringKey, GridStrings, LabAvailability } from "../../runtime/api/view.ts";
import type { Halt, Live, ReadFailure, ReadPlan } from "./reader.ts";
import { fill, localTime } from "./text.ts";

/** How things stand with what is read, as far as words have to be found for it. */
export interface Standing {
  readonly lab: LabAvailability;
  readonly plan: ReadPlan;
  readonly live: Live;
  readonly loading: boolean;
  readonly atEnd: boolean;
  readonly halt: Halt | undefined;
  readonly error: ReadFailure | undefined;
  readonly rows: number;
  readonly scanned: number;
  /** Offsets that the partitions hold, and those among them that are still to be looked at. */
  readonly total: number;
  readonly left: number;
  readonly extents: readonly PartitionSummary[] | undefined;
  readonly next: readonly PartitionCursor[] | undefined;
  readonly isOnePartition: boolean;
}

/** What a person may do about it. */
export type StandingAction = "startLab" | "goOn" | "fromEarliest";

export interface StandingWords {
  readonly text: string;
  readonly action: { readonly title: string; readonly kind: StandingAction } | undefined;
}

/** Whether not every message is wanted, so that looking for them can take long. */
export function isSearch({ filter, times, latest }: ReadPlan): boolean {
  return filter !== undefined || times !== undefined || latest;
}

/** Words in place of the messages, or below them; undefined when the messages speak for themselves. */
export function wordsOf(standing: Standing, strings: GridStrings): StandingWords | undefined {
  const { lab, error, rows, plan, loading } = standing;
  const words = (text: string, kind?: StandingAction, title?: GridStringKey): StandingWords => ({
    text,
    action: kind && title && { kind, title: strings[title] },
  });
  if (lab === "starting") return words(strings.labStarting);
  if (lab === "stopped") return words(strings.labStopped, "startLab", "startLab");
  if (error?.canRetry === false) return words(error.message);
  if (error !== undefined) return words(error.message, "goOn", "retry");
  if (standing.halt !== undefined) {
    return words(searchedText(standing, strings), "goOn", "continueSearch");
  }
  if (standing.extents === undefined && !loading) return words(strings.topicGone);
  if (rows > 0 && (!isSearch(plan) || loading || !standing.atEnd)) return undefined;
  if (standing.live === "on" && standing.atEnd) {
    return rows > 0 ? undefined : words(strings.waiting);
  }
  if (loading) return words(!isSearch(plan) ? strings.loading : strings.searching);
  if (!isSearch(plan)) return words(nothingText(standing, strings));
  // Times that were chosen are all that is wanted.
  if (plan.from.kind !== "earliest" && plan.times === undefined) {
    return words(searchedText(standing, strings), "fromEarliest", "searchFromEarliest");
  }
  return rows > 0 ? undefined : words(searchedText(standing, strings));
}

/** The counts of the toolbar: shown, scanned, and of how many. */
export function countsOf({ plan, rows, total, scanned, extents }: Standing, strings: GridStrings) {
  if (extents === undefined) return "";
  const sentence = !isSearch(plan) ? strings.showing : strings.showingFound;
  return fill(sentence, rows.toLocaleString(), total.toLocaleString(), scanned.toLocaleString());
}

/** Why there is no row: the topic is empty, or the place lies outside of what it holds. */
function nothingText(standing: Standing, strings: GridStrings): string {
  const { extents, plan, total, isOnePartition } = standing;
  if (total === 0) return isOnePartition ? strings.emptyPartition : strings.emptyTopic;
  const end = Math.max(...(extents ?? []).map((extent) => extent.endOffset));
  const { from } = plan;
  if (from.kind === "offset" && from.offset >= end) {
    return fill(strings.beyondEnd, from.offset.toLocaleString(), (end - 1).toLocaleString());
  }
  return from.kind === "time"
    ? fill(strings.noMessagesFrom, localTime(from.timestampMs))
    : strings.atEnd;
}

/** The range that a search has been through, and what is left of it. */
function searchedText(standing: Standing, strings: GridStrings): string {
  const { rows, scanned, left, atEnd } = standing;
  const none = atEnd ? strings.noneFound : strings.noneFoundYet;
  const some = atEnd ? strings.someFound : strings.someFoundYet;
  const found = rows === 0 ? none : fill(some, rows.toLocaleString());
  const range = fill(
    strings.scannedRange,
    scanned.toLocaleString(),
    fromText(standing, strings),
    toText(standing, strings),
  );
  const rest = left === 0 ? "" : ` ${fill(strings.leftToScan, left.toLocaleString())}`;
  return `${found} ${range}${rest}`;
}

function fromText({ plan, extents }: Standing, strings: GridStrings): string {
  const { from, times, latest } = plan;
  if (times !== undefined) {
    return fill(strings.rangeFromTimes, localTime(times.fromMs), localTime(times.toMs));
  }
  if (latest) return strings.rangeBack;
  switch (from.kind) {
    case "earliest":
      return strings.rangeFromEarliest;
    case "last":
      return fill(
        extents?.length === 1 ? strings.rangeFromLast : strings.rangeFromLastOfEach,
        from.count.toLocaleString(),
      );
    case "offset":
      return fill(strings.rangeFromOffset, from.offset.toLocaleString());
    case "time":
      return fill(strings.rangeFromTime, localTime(from.timestampMs));
    default:
      return from satisfies never;
  }
}

/** The last offset scanned where that is one number; over several partitions what is left says it. */
function toText({ plan, next, atEnd }: Standing, strings: GridStrings): string {
  const [cursor, ...others] = next ?? [];
  if (atEnd && plan.latest) return strings.rangeToEarliest;
  if (atEnd) return strings.rangeToEnd;
  if (cursor === undefined) return strings.rangeToNowhere;
  return others.length > 0
    ? fill(strings.rangeToSomewhere, others.length + 1)
    : fill(strings.rangeToOffset, Math.max(0, cursor.offset - 1).toLocaleString());
}

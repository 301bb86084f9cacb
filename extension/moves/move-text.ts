import type { FieldBytes, Message } from "../../runtime/api/model.ts";
import type { MoveProgress, MoveReport, MoveTarget } from "../../runtime/api/moves.ts";
import { exactTextOf } from "../../runtime/api/bytes.ts";
import { countText, sizeText, type Wording } from "../views/topic-text.ts";

/** Longest key or value that is shown of the first message, in characters. */
const MAX_SHOWN = 80;
/** Rows of a table before they are only counted. */
const MAX_ROWS = 12;

/** `Replay of orders: 1,204 messages, 45 %`. */
export function progressText(title: string, progress: MoveProgress, wording: Wording): string {
  const { state, phase, messages, part } = progress;
  const percent = new Intl.NumberFormat(wording.locale, { style: "percent" }).format(part);
  const count = countText(messages, wording);
  if (state === "stopping") return wording.t("{0}: stopping", title);
  if (state === "paused") return wording.t("{0}: paused after {1}, {2}", title, count, percent);
  if (phase === "check") return wording.t("{0}: {1} looked at, {2}", title, count, percent);
  if (phase === "verify") return wording.t("{0}: {1} verified, {2}", title, count, percent);
  return wording.t("{0}: {1}, {2}", title, count, percent);
}

/** The first message of a move: its place, key and value, one in a line each. */
export function firstText(first: Message, wording: Wording): string {
  const { partition, offset, key, value } = first;
  const head =
    offset < 0
      ? wording.t("First message:")
      : wording.t("First message: partition {0}, offset {1}", partition, offset);
  return [
    head,
    wording.t("Key: {0}", fieldText(key, wording)),
    wording.t("Value: {0}", fieldText(value, wording)),
  ].join("\n");
}

function fieldText(field: FieldBytes | null, wording: Wording): string {
  if (field === null) return wording.t("null");
  if (field.sizeBytes === 0) return wording.t("empty");
  const text = exactTextOf(field.bytes);
  if (text === undefined) return wording.t("binary, {0}", sizeText(field.sizeBytes, wording));
  const line = text.replace(/\s+/gu, " ");
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}

/** How long a replay takes, as a person says it. */
export function durationText(ms: number, wording: Wording): string {
  const units = [
    { unit: "hour", ms: 3_600_000 },
    { unit: "minute", ms: 60_000 },
    { unit: "second", ms: 1_000 },
  ] as const;
  const { unit, ms: length } = units.find((each) => ms >= 2 * each.ms) ?? units[2];
  return new Intl.NumberFormat(wording.locale, {
    ...{ style: "unit", unit, unitDisplay: "long" },
    maximumFractionDigits: unit === "second" ? 1 : 0,
  }).format(ms / length);
}

/** What will become of messages that may not be wanted. */
export function warnings({ targets }: MoveReport): readonly string[] {
  return targets.flatMap(({ warning }) => warning ?? []);
}

/** A line for each topic that dead letters came from, and for each problem with them. */
export function targetLines(report: MoveReport, wording: Wording): string {
  const lines = report.targets.slice(0, MAX_ROWS).map((target) => targetLine(target, wording));
  const more = report.targets.length - lines.length;
  return (more > 0 ? [...lines, wording.t("and {0} more", more)] : lines).join("\n");
}

function targetLine({ topic, count, problem }: MoveTarget, wording: Wording): string {
  const messages = countText(count, wording);
  if (problem === undefined) return wording.t("{0} → {1}", messages, topic ?? "");
  if (topic === null) return wording.t("{0} stay: {1}", messages, problem);
  return wording.t("{0} of {1} stay: {2}", messages, topic, problem);
}

/** Where in a file a fault is that a failed import names, from 1; undefined when it names none. */
export function placeOfFault(
  message: string,
): { readonly line: number; readonly column: number } | undefined {
  const [, line, column] = /^[^:]+: line (\d+)(?:, column (\d+))?: /.exec(message) ?? [];
  return line === undefined ? undefined : { line: Number(line), column: Number(column ?? 1) };
}

import type { TopicConfigEntry } from "../../../runtime/api/topic-admin.ts";

/** Translates a sentence with values for `{0}` and so on, as `vscode.l10n.t` does. */
export type Translate = (sentence: string, ...values: (string | number)[]) => string;

/** A value that can be completed, and what it means where that is not plain. */
export interface ValueHint {
  readonly value: string;
  readonly meaning: string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DURATIONS = [MINUTE, HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY];
const MIB = 1_048_576;
const SIZES = [MIB, 16 * MIB, 128 * MIB, 1_024 * MIB];

/** Values worth offering for a configuration: its words, or usual times and sizes within its range. */
export function valueHints(config: TopicConfigEntry, t: Translate): readonly ValueHint[] {
  const { type, oneOf, name, min = -Infinity, max = Infinity } = config;
  if (oneOf !== undefined) return oneOf.map((value) => ({ value, meaning: "" }));
  if (type === "boolean") return ["true", "false"].map((value) => ({ value, meaning: "" }));
  const usual = name.endsWith(".ms") ? DURATIONS : name.endsWith(".bytes") ? SIZES : [];
  const limit = min === -1 ? [-1] : [];
  return [...limit, ...usual]
    .filter((value) => value >= min && value <= max)
    .map((value) => ({ value: String(value), meaning: meaningOf(name, String(value), t) }));
}

/** What a number of milliseconds or bytes comes to, `7 days`; empty where the number says it all. */
export function meaningOf(name: string, text: string, t: Translate): string {
  if (!/^-?\d{1,15}$/.test(text)) return "";
  const value = Number(text);
  if (name.endsWith(".ms")) return value === -1 ? t("no limit") : durationText(value, t);
  if (!name.endsWith(".bytes")) return "";
  if (value === -1) return t("no limit");
  return value >= MIB && value % MIB === 0 ? t("{0} MiB", value / MIB) : "";
}

function durationText(valueMs: number, t: Translate): string {
  const units: readonly (readonly [number, (count: number) => string])[] = [
    [DAY, (count) => (count === 1 ? t("1 day") : t("{0} days", count))],
    [HOUR, (count) => (count === 1 ? t("1 hour") : t("{0} hours", count))],
    [MINUTE, (count) => (count === 1 ? t("1 minute") : t("{0} minutes", count))],
    [SECOND, (count) => (count === 1 ? t("1 second") : t("{0} seconds", count))],
  ];
  const unit = units.find(([size]) => valueMs >= size && valueMs % size === 0);
  return unit === undefined ? "" : unit[1](valueMs / unit[0]);
}

/** The values that a configuration takes: `one of a, b`, `1 to 9`, `at least 0`; empty for any. */
export function rangeText({ type, oneOf, min, max }: TopicConfigEntry, t: Translate): string {
  if (oneOf !== undefined) {
    const words = oneOf.join(", ");
    return type === "list" ? t("any of {0}", words) : t("one of {0}", words);
  }
  if (min !== undefined && max !== undefined) return t("{0} to {1}", min, max);
  if (min !== undefined) return t("at least {0}", min);
  return max === undefined ? "" : t("at most {0}", max);
}

import { parseArgs, type ParseArgsConfig } from "node:util";
import type { Position } from "../api/model.ts";
import { parseTimestamp, TIMESTAMP_FORMS } from "../api/timestamp.ts";
import { UsageError } from "./usage.ts";

export const MAX_INT32 = 2 ** 31 - 1;
export const DATA = { type: "string", default: ".streamside" } as const;
export const FLAG = { type: "boolean", default: false } as const;
export const TEXT = { type: "string" } as const;

/** Reads options and what stands between them. Throws UsageError. */
export function parse<const O extends NonNullable<ParseArgsConfig["options"]>>(
  argv: readonly string[],
  options: O,
) {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split("\n")[0]?.replace(/\.? To specify.*$/, ".") ?? message);
  }
}

export function noneOf(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new UsageError(`${positionals[0]} is not expected here.`);
}

/** Names of topics or groups, at least one. */
export function someNames(what: string, positionals: readonly string[]): readonly string[] {
  if (positionals.length > 0) return positionals;
  throw new UsageError(`${what}: expected at least one name.`);
}

export function oneTopic(positionals: readonly string[]): string {
  const [topic, second] = positionals;
  if (topic === undefined || topic === "") throw new UsageError("expected the name of a topic.");
  if (second !== undefined) throw new UsageError(`expected one topic, but ${second} is there too.`);
  return topic;
}

/** A place in a topic: the value of `--from`, or of the option named. */
export function position(text: string, option = "--from"): Position {
  if (text === "earliest" || text === "latest") return { kind: text };
  const [, kind = "", value = ""] = /^(offset|time|last):(.*)$/.exec(text) ?? [];
  switch (kind) {
    case "offset":
      return { kind, offset: whole(`${option} offset:`, value, 0, Number.MAX_SAFE_INTEGER) };
    case "last":
      return { kind, count: whole(`${option} last:`, value, 0, Number.MAX_SAFE_INTEGER) };
    case "time":
      return { kind, timestampMs: time(`${option} time:`, value) };
    default:
      throw new UsageError(
        `${option}: expected earliest, latest, offset:N, time:ISO or last:N, not "${text}".`,
      );
  }
}

/** A time in the forms of ISO 8601 that the lab reads. */
export function time(option: string, text: string): number {
  const timestampMs = parseTimestamp(text);
  if (timestampMs !== undefined) return timestampMs;
  throw new UsageError(`${option} expected ${TIMESTAMP_FORMS}, not "${text}".`);
}

export function integer(
  option: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  return text === undefined ? undefined : whole(option, text, least, most);
}

/** A number above 0, with a fraction or without. */
export function number(option: string, text: string, most: number): number {
  const value = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
  if (value > 0 && value <= most) return value;
  throw new UsageError(`${option}: expected a number above 0 up to ${most}, not "${text}".`);
}

export function whole(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `${option}: expected a whole number from ${least} to ${most}, not "${text}".`,
  );
}

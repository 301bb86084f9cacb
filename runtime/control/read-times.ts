import type { TimeSpan } from "../api/survey.ts";
import type { Params } from "./params.ts";

/** Times that a record can have and that a date can show, on both sides of 1970. */
const MAX_TIME_MS = 8.64e15;

/** The times out of the parameters of a request; undefined for all. */
export function readTimes(given: Params): TimeSpan | undefined {
  if (!given.has("times")) return undefined;
  const times = given.object("times");
  const fromMs = times.integer("fromMs", -MAX_TIME_MS, MAX_TIME_MS);
  return { fromMs, toMs: times.integer("toMs", fromMs + 1, MAX_TIME_MS) };
}

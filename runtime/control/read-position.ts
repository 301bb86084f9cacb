import type { Position } from "../api/model.ts";
import type { Params } from "./params.ts";

const { MAX_SAFE_INTEGER } = Number;

/** The kinds of positions, for the sentence that names them. */
export const POSITION_KINDS = "earliest, latest, offset, time, last";

/** A position out of the parameters of a request; undefined when its kind is none. */
export function readPosition(from: Params): Position | undefined {
  const kind = from.text("kind");
  switch (kind) {
    case "earliest":
    case "latest":
      return { kind };
    case "offset":
      return { kind, offset: from.integer("offset", 0, MAX_SAFE_INTEGER) };
    case "time":
      return { kind, timestampMs: from.integer("timestampMs", 0, MAX_SAFE_INTEGER) };
    case "last":
      return { kind, count: from.integer("count", 0, MAX_SAFE_INTEGER) };
    default:
      return undefined;
  }
}

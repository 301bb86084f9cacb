import type { MessageFilter, SearchedPart } from "../api/model.ts";
import { MAX_FILTER_LENGTH } from "../messages/filter/filter.ts";
import type { Params } from "./params.ts";

const PARTS: readonly SearchedPart[] = ["anywhere", "key", "value", "headers"];

/** A filter out of the parameters of a request. Whether it makes sense is for the filter itself to say. */
export function readFilter(filter: Params): MessageFilter {
  const kind = filter.text("kind");
  switch (kind) {
    case "text":
      return { kind, text: filter.text("text", MAX_FILTER_LENGTH), ...where(filter) };
    case "regexp":
      return { kind, pattern: filter.text("pattern", MAX_FILTER_LENGTH), ...where(filter) };
    case "sql":
      return { kind, expression: filter.text("expression", MAX_FILTER_LENGTH) };
    default:
      return filter.fail("kind", "text, regexp or sql");
  }
}

function where(filter: Params): { part: SearchedPart; matchCase: boolean } {
  const named = filter.text("part");
  const part = PARTS.find((each) => each === named);
  if (part === undefined) return filter.fail("part", PARTS.join(", "));
  return { part, matchCase: filter.flag("matchCase") };
}

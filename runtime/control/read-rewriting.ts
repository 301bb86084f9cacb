import type { Rewriting } from "../api/moves.ts";
import { MAX_FILTER_LENGTH } from "../messages/filter/filter.ts";
import type { Params } from "./params.ts";

const MAX_INDEX = 2 ** 31 - 1;

/** What becomes of the parts of a replayed message, out of the parameters of a request. */
export function readRewriting(given: Params): Rewriting {
  return {
    key: given.isText("key") ? word(given, "key", ["keep", "drop"]) : expression(given, "key"),
    value: given.isText("value") ? word(given, "value", ["keep"]) : expression(given, "value"),
    headers: word(given, "headers", ["keep", "drop"]),
    partition: given.isText("partition")
      ? word(given, "partition", ["keep", "by-key"])
      : given.integer("partition", 0, MAX_INDEX),
    timestamp: word(given, "timestamp", ["keep", "now"]),
  };
}

function word<const Word extends string>(
  given: Params,
  name: string,
  words: readonly Word[],
): Word {
  const text = given.text(name);
  return words.find((each) => each === text) ?? given.fail(name, words.join(" or "));
}

function expression(given: Params, name: string): { readonly sql: string } {
  return { sql: given.object(name).text("sql", MAX_FILTER_LENGTH) };
}

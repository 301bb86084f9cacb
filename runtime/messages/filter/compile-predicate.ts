import { SqlFault } from "../../sql/diagnostic.ts";
import type { Expression } from "../../sql/expression.ts";
import { likePattern } from "./patterns.ts";
import type { Evaluate, Inner, Of } from "./scope.ts";
import { asText, asTruth, compare, type Value } from "./value.ts";

export function compileIs({ truth, negated }: Of<"is">, operand: Evaluate): Evaluate {
  switch (truth) {
    case "NULL":
      return (row) => (operand(row) === null) !== negated;
    case "UNKNOWN":
      return (row) => (asTruth(operand(row)) === null) !== negated;
    case "TRUE":
      return (row) => (asTruth(operand(row)) === true) !== negated;
    case "FALSE":
      return (row) => (asTruth(operand(row)) === false) !== negated;
  }
}

export function compileDistinct(left: Evaluate, right: Evaluate, negated: boolean): Evaluate {
  return (row) => {
    const [a, b] = [left(row), right(row)];
    const isSame = a === null || b === null ? a === b : compare(a, b) === 0;
    return isSame === negated;
  };
}

export function compileBetween(expression: Of<"between">, inner: Inner): Evaluate {
  const [operand, low, high] = [expression.operand, expression.low, expression.high].map(inner);
  const { symmetric, negated } = expression;
  const within = (value: Value, least: Value, most: Value): boolean | null => {
    const [above, below] = [compare(value, least), compare(value, most)];
    if ((above !== null && above < 0) || (below !== null && below > 0)) return false;
    return above === null || below === null ? null : true;
  };
  return (row) => {
    const [value, a, b] = [operand?.(row) ?? null, low?.(row) ?? null, high?.(row) ?? null];
    let result = within(value, a, b);
    if (symmetric && result !== true) result = within(value, b, a) ?? result;
    return result === null ? null : result !== negated;
  };
}

export function compileIn({ operand, list, negated }: Of<"in">, inner: Inner): Evaluate {
  const value = inner(operand);
  const items = list.map(inner);
  return (row) => {
    const wanted = value(row);
    let result: boolean | null = false;
    for (const item of items) {
      const order = compare(wanted, item(row));
      if (order === 0) return !negated;
      if (order === null) result = null;
    }
    return result === null ? null : negated;
  };
}

export function compileLike(expression: Of<"like">, operand: Evaluate): Evaluate {
  const { pattern, escape, similar, negated } = expression;
  const text = writtenText(pattern);
  const mark = escape === undefined ? undefined : writtenText(escape);
  const regular = text === undefined ? undefined : likePattern(text, mark, similar);
  const isMarkWrong = escape !== undefined && (mark === undefined || Array.from(mark).length !== 1);
  if (regular === undefined || isMarkWrong) {
    const message =
      "LIKE takes a pattern that is written out, such as 'a%', and one escape character.";
    throw new SqlFault("like", message, pattern.range);
  }
  return (row) => {
    const value = asText(operand(row));
    return value === null ? null : regular.test(value) !== negated;
  };
}

function writtenText(expression: Expression): string | undefined {
  const isText = expression.kind === "literal" && expression.literal.type === "string";
  return isText ? expression.literal.value : undefined;
}

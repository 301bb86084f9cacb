import { SqlFault } from "../../sql/diagnostic.ts";
import type { Expression } from "../../sql/expression.ts";
import { referenceOf } from "./reference.ts";
import type { Evaluate, Inner, Of, Scope } from "./scope.ts";
import { localTimestampMs } from "./timestamp-literal.ts";
import { compare } from "./value.ts";

const COMPARISONS = {
  "=": (order: number) => order === 0,
  "<>": (order: number) => order !== 0,
  "<": (order: number) => order < 0,
  "<=": (order: number) => order <= 0,
  ">": (order: number) => order > 0,
  ">=": (order: number) => order >= 0,
} as const;

/** Whether an order, below 0, 0 or above 0, is what a comparison asks for. */
export function comparisonOf(operator: keyof typeof COMPARISONS): (order: number) => boolean {
  return COMPARISONS[operator];
}

export type Comparison = Of<"binary"> & { readonly operator: keyof typeof COMPARISONS };

/** `=`, `<` and so on. */
export function compileComparison(expression: Comparison, scope: Scope, inner: Inner): Evaluate {
  const { operator, left, right } = expression;
  const equality = operator === "=" ? compileEquality(left, right, scope, inner) : undefined;
  if (equality !== undefined) return equality;
  const holds = COMPARISONS[operator];
  const a = isTimestamp(right) ? compileTime(left, inner) : inner(left);
  const b = isTimestamp(left) ? compileTime(right, inner) : inner(right);
  return (row) => {
    const order = compare(a(row), b(row));
    return order === null ? null : holds(order);
  };
}

/** A field that equals a text is found by its bytes, without making a text of it. */
function compileEquality(
  left: Expression,
  right: Expression,
  scope: Scope,
  inner: Inner,
): Evaluate | undefined {
  const reference = referenceOf(left);
  const isText = right.kind === "literal" && right.literal.type === "string";
  if (reference?.kind !== "json" || !isText) return undefined;
  const { side, path } = reference;
  const slot = scope.slotOf(side, path);
  const json = Buffer.from(JSON.stringify(right.literal.value));
  const [a, b] = [inner(left), inner(right)];
  return (row) => {
    const isSame = row.isJson(side, slot, json);
    if (isSame === undefined) return null;
    if (isSame) return true;
    // It may be written otherwise, with escapes or as a number.
    const order = compare(a(row), b(row));
    return order === null ? null : order === 0;
  };
}

function isTimestamp(expression: Expression): boolean {
  const reference = referenceOf(expression);
  return reference?.kind === "column" && reference.column === "timestamp";
}

/** Beside the timestamp of a message a text is a time. Throws SqlFault where it is none. */
function compileTime(expression: Expression, inner: Inner): Evaluate {
  if (expression.kind !== "literal" || expression.literal.type !== "string") {
    return inner(expression);
  }
  const text = expression.literal.value;
  const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  const timeMs = zoned ? Date.parse(text) : localTimestampMs(text);
  if (timeMs !== undefined && !Number.isNaN(timeMs)) return () => timeMs;
  const message = "A time is written as '2026-01-31 10:00:00' or '2026-01-31T10:00:00Z'.";
  throw new SqlFault("timestamp", message, expression.range);
}

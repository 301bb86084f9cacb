import type { Expression } from "../../../sql/expression.ts";
import { comparisonOf } from "../compile-comparison.ts";
import { type Reference, referenceOf } from "../reference.ts";
import type { Of } from "../scope.ts";
import { compare, numberOf, type Value } from "../value.ts";
import { ByteCondition } from "./byte-condition.ts";
import { allOf, anyOf, type Condition } from "./condition.ts";
import { MemberCondition } from "./member-condition.ts";

/** Looking for many texts at once would cost more than it spares. */
const MAX_ALTERNATIVES = 8;
/** What bytes that are not UTF-8 become as a text, and a name or text with a quote or the like is written with a backslash. */
const REPLACEMENT = "\ufffd";
const NEEDS_ESCAPE = /["\\\u0000-\u001f]/;
/** Characters of numbers, as they are made into text. */
const LIKE_A_NUMBER = /^[0-9+\-.eInfinity]*$/;

/**
 * What has to be so for an expression to be TRUE; undefined where nothing is known that is quick to find out.
 * Of an AND each side is looked at, of an OR both have to give something.
 */
export function prefilterOf(expression: Expression): Condition | undefined {
  switch (expression.kind) {
    case "binary":
      return ofBinary(expression);
    case "in":
      return expression.negated ? undefined : ofIn(expression);
    case "between":
      return ofBetween(expression);
    case "like":
      return ofLike(expression);
    case "literal":
    case "name":
    case "field":
    case "item":
    case "unary":
    case "is":
    case "distinct":
    case "case":
    case "cast":
    case "call":
    case "array":
      return undefined;
  }
}

function ofBinary(expression: Of<"binary">): Condition | undefined {
  const { operator, left, right } = expression;
  switch (operator) {
    case "AND": {
      const known = operandsOf(expression).flatMap((each) => prefilterOf(each) ?? []);
      return known.length === 0 ? undefined : allOf(known);
    }
    case "OR":
      return alternatives(operandsOf(expression).map(prefilterOf));
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const holds = comparisonOf(operator);
      const literal = constantOf(right);
      if (literal !== undefined) return ofComparison(left, operator === "=", literal, holds);
      const other = constantOf(left);
      return other === undefined
        ? undefined
        : ofComparison(right, operator === "=", other, (order) => holds(-order));
    }
    case "||":
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return undefined;
  }
}

/** The operands of a chain of ANDs or of ORs, however long. */
function operandsOf(chain: Of<"binary">): Expression[] {
  const operands: Expression[] = [];
  let rest: Expression = chain;
  while (rest.kind === "binary" && rest.operator === chain.operator) {
    operands.push(rest.right);
    rest = rest.left;
  }
  return [...operands, rest];
}

function alternatives(conditions: readonly (Condition | undefined)[]): Condition | undefined {
  const known = conditions.flatMap((each) => each ?? []);
  const isAll = known.length === conditions.length && known.length <= MAX_ALTERNATIVES;
  return isAll ? anyOf(known) : undefined;
}

/** A number or a text that is written out. */
function constantOf(expression: Expression): number | bigint | string | undefined {
  if (expression.kind === "unary" && expression.operator === "-") {
    const value = constantOf(expression.operand);
    return typeof value === "string" || value === undefined ? undefined : -value;
  }
  if (expression.kind !== "literal") return undefined;
  const { literal } = expression;
  if (literal.type === "string") return literal.value;
  return literal.type === "number" ? (numberOf(literal.text) ?? undefined) : undefined;
}

function ofComparison(
  operand: Expression,
  isEquality: boolean,
  constant: number | bigint | string,
  holds: (order: number) => boolean,
): Condition | undefined {
  const reference = referenceOf(operand);
  if (reference === undefined) return undefined;
  if (typeof constant === "string") return isEquality ? equals(reference, constant) : undefined;
  return member(reference, (value) => {
    const order = compare(value, constant);
    return order !== null && holds(order);
  });
}

/** The reference is just this text. */
function equals(reference: Reference, text: string): Condition | undefined {
  if (text === "" || text.includes(REPLACEMENT)) return undefined;
  switch (reference.kind) {
    case "column":
      return undefined;
    case "text":
    case "header":
      return new ByteCondition(Buffer.from(text), false);
    case "json": {
      // A number or a truth is compared with what the text spells, and can be written in many ways.
      const spells = numberOf(text) !== null || /^(?:true|false)$/i.test(text);
      if (spells) return undefined;
      const isJson = text.startsWith("{") || text.startsWith("[");
      return new ByteCondition(Buffer.from(isJson ? text : `"${text}"`), true);
    }
  }
}

/** A member of this name has such a value. What is neither number nor text is never compared with a number. */
function member(reference: Reference, test: (value: Value) => boolean): Condition | undefined {
  if (reference.kind !== "json") return undefined;
  const name = reference.path.at(-1);
  if (typeof name !== "string" || NEEDS_ESCAPE.test(name)) return undefined;
  return new MemberCondition(reference.side, name, test);
}

function ofIn({ operand, list }: Of<"in">): Condition | undefined {
  const holds = comparisonOf("=");
  return alternatives(
    list.map((item) => {
      const constant = constantOf(item);
      return constant === undefined ? undefined : ofComparison(operand, true, constant, holds);
    }),
  );
}

function ofBetween({ operand, low, high, symmetric, negated }: Of<"between">) {
  const [least, most] = [constantOf(low), constantOf(high)];
  const areNumbers = least !== undefined && most !== undefined;
  if (symmetric || negated || !areNumbers) return undefined;
  if (typeof least === "string" || typeof most === "string") return undefined;
  const reference = referenceOf(operand);
  return (
    reference &&
    member(reference, (value) => {
      const [above, below] = [compare(value, least), compare(value, most)];
      return above !== null && below !== null && above >= 0 && below <= 0;
    })
  );
}

/** The longest run of characters that stand for themselves is there. */
function ofLike({ operand, pattern, escape, similar, negated }: Of<"like">) {
  const text = constantOf(pattern);
  const reference = referenceOf(operand);
  const isPlain = typeof text === "string" && escape === undefined && !similar && !negated;
  if (!isPlain || reference === undefined || reference.kind === "column") return undefined;
  const [longest = ""] = text.split(/[%_]/).sort((a, b) => b.length - a.length);
  if (longest === "" || longest.includes(REPLACEMENT)) return undefined;
  const isJson = reference.kind === "json";
  if (isJson && (LIKE_A_NUMBER.test(longest) || "true false".includes(longest))) return undefined;
  return new ByteCondition(Buffer.from(longest), isJson);
}

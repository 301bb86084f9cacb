import { spanning, SqlFault } from "./diagnostic.ts";
import type { BinaryOperator, Expression, Truth } from "./expression.ts";
import { parsePrimary } from "./parse-primary.ts";
import { STRENGTH } from "./strength.ts";
import type { TokenStream } from "./token-stream.ts";

interface Infix {
  readonly operator: BinaryOperator;
  readonly strength: number;
}

const comparison = (operator: BinaryOperator): Infix => ({
  operator,
  strength: STRENGTH.comparison,
});
const product = (operator: BinaryOperator): Infix => ({ operator, strength: STRENGTH.product });
const sum = (operator: BinaryOperator): Infix => ({ operator, strength: STRENGTH.sum });

/** Left-associative operators as they are written. */
const INFIX: ReadonlyMap<string, Infix> = new Map([
  ["OR", { operator: "OR", strength: STRENGTH.or }],
  ["AND", { operator: "AND", strength: STRENGTH.and }],
  ["=", comparison("=")],
  ["<>", comparison("<>")],
  ["!=", comparison("<>")],
  ["<", comparison("<")],
  ["<=", comparison("<=")],
  [">", comparison(">")],
  [">=", comparison(">=")],
  ["+", sum("+")],
  ["-", sum("-")],
  ["||", product("||")],
  ["*", product("*")],
  ["/", product("/")],
  ["%", product("%")],
]);

const TRUTHS: readonly Truth[] = ["NULL", "TRUE", "FALSE", "UNKNOWN"];

/**
 * Reads one expression of operators that bind tighter than `least`, by precedence climbing, and leaves
 * what follows it. Throws SqlFault where it makes no sense.
 */
export function parseExpression(stream: TokenStream, least = 0): Expression {
  return stream.nested(stream.peek().range, () => {
    let left = parsePrefix(stream);
    for (;;) {
      const longer = parseInfix(stream, left, least) ?? parsePredicate(stream, left, least);
      if (longer === undefined) return left;
      left = longer;
    }
  });
}

function parsePrefix(stream: TokenStream): Expression {
  const { range } = stream.peek();
  if (stream.accept("NOT")) {
    const operand = parseExpression(stream, STRENGTH.not);
    return { kind: "unary", operator: "NOT", operand, range: spanning(range, operand.range) };
  }
  for (const operator of ["-", "+"] as const) {
    if (!stream.accept(operator)) continue;
    const operand = parseExpression(stream, STRENGTH.sign);
    return { kind: "unary", operator, operand, range: spanning(range, operand.range) };
  }
  return parsePrimary(stream, parseExpression);
}

function parseInfix(stream: TokenStream, left: Expression, least: number): Expression | undefined {
  const token = stream.peek();
  const infix = INFIX.get(token.kind === "word" ? token.upper : token.text);
  if (infix === undefined || infix.strength <= least) return undefined;
  if (token.kind !== "word" && token.kind !== "symbol") return undefined;
  stream.next();
  const right = parseExpression(stream, infix.strength);
  const { operator } = infix;
  return { kind: "binary", operator, left, right, range: spanning(left.range, right.range) };
}

/** What is written behind an operand in words: IS, IN, BETWEEN, LIKE, SIMILAR TO, each also with NOT. */
function parsePredicate(
  stream: TokenStream,
  left: Expression,
  least: number,
): Expression | undefined {
  if (stream.isAt("IS")) return parseIs(stream, left, least);
  const negated = stream.isAt("NOT");
  const word = stream.peek(negated ? 1 : 0);
  if (word.kind !== "word" || STRENGTH.predicate <= least) return undefined;
  const take = (...words: readonly string[]): boolean =>
    stream.accept(...(negated ? ["NOT", ...words] : words));
  if (take("IN")) return parseIn(stream, left, negated);
  if (take("BETWEEN")) return parseBetween(stream, left, negated);
  if (take("LIKE")) return parseLike(stream, left, negated, false);
  if (take("SIMILAR", "TO")) return parseLike(stream, left, negated, true);
  return undefined;
}

function parseIs(stream: TokenStream, left: Expression, least: number): Expression | undefined {
  const negated = stream.isAt("IS", "NOT");
  const isDistinct = stream.isAt(...(negated ? ["IS", "NOT", "DISTINCT"] : ["IS", "DISTINCT"]));
  if ((isDistinct ? STRENGTH.distinct : STRENGTH.is) <= least) return undefined;
  stream.accept("IS");
  stream.accept("NOT");
  if (stream.accept("DISTINCT")) {
    stream.expect("FROM");
    const right = parseExpression(stream, STRENGTH.distinct);
    return { kind: "distinct", left, right, negated, range: spanning(left.range, right.range) };
  }
  const truth = TRUTHS.find((each) => stream.accept(each));
  if (truth === undefined) throw stream.unexpected("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM");
  const range = spanning(left.range, stream.previous.range);
  return { kind: "is", operand: left, truth, negated, range };
}

function parseIn(stream: TokenStream, operand: Expression, negated: boolean): Expression {
  stream.expect("(");
  if (stream.isAt("SELECT") || stream.isAt("WITH")) {
    throw new SqlFault("subquery", "A query cannot stand here.", stream.peek().range);
  }
  const list: Expression[] = [];
  do list.push(parseExpression(stream));
  while (stream.accept(","));
  const { range } = stream.expect(")");
  return { kind: "in", operand, list, negated, range: spanning(operand.range, range) };
}

function parseBetween(stream: TokenStream, operand: Expression, negated: boolean): Expression {
  const symmetric = stream.accept("SYMMETRIC");
  if (!symmetric) stream.accept("ASYMMETRIC");
  const low = parseExpression(stream, STRENGTH.predicate);
  stream.expect("AND");
  const high = parseExpression(stream, STRENGTH.predicate);
  const range = spanning(operand.range, high.range);
  return { kind: "between", operand, low, high, symmetric, negated, range };
}

function parseLike(
  stream: TokenStream,
  operand: Expression,
  negated: boolean,
  similar: boolean,
): Expression {
  const pattern = parseExpression(stream, STRENGTH.predicate);
  const escape = stream.accept("ESCAPE") ? parseExpression(stream, STRENGTH.predicate) : undefined;
  const range = spanning(operand.range, (escape ?? pattern).range);
  return { kind: "like", operand, pattern, escape, similar, negated, range };
}

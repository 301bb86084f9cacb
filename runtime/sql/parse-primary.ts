import { spanning } from "./diagnostic.ts";
import type { Expression, Identifier } from "./expression.ts";
import { parseLiteral } from "./parse-literal.ts";
import { type ParseInner, parseSpecialCall } from "./parse-special-call.ts";
import { parseTypeName } from "./parse-type-name.ts";
import type { TokenStream } from "./token-stream.ts";
import { NEVER_NAMES } from "./words.ts";

/** Reads an operand: a literal, a name, a call, CASE, CAST or an expression in parentheses, with fields and items of it. */
export function parsePrimary(stream: TokenStream, inner: ParseInner): Expression {
  let operand = parseOperand(stream, inner);
  for (;;) {
    if (stream.accept("[")) {
      const index = inner(stream);
      const { range } = stream.expect("]");
      operand = { kind: "item", of: operand, index, range: spanning(operand.range, range) };
    } else if (stream.accept(".")) {
      const field = parseIdentifier(stream, "the name of a field");
      operand = { kind: "field", of: operand, field, range: spanning(operand.range, field.range) };
    } else {
      return operand;
    }
  }
}

/** Reads one part of a name, which may be a reserved word after a dot. */
export function parseIdentifier(stream: TokenStream, expected: string): Identifier {
  const token = stream.peek();
  if (token.kind === "quoted") {
    stream.next();
    return { name: token.name, quoted: true, range: token.range };
  }
  const word = stream.word();
  if (word === undefined) throw stream.unexpected(expected);
  return { name: word.text, quoted: false, range: word.range };
}

function parseOperand(stream: TokenStream, inner: ParseInner): Expression {
  const { range } = stream.peek();
  if (stream.accept("(")) {
    const expression = inner(stream);
    return { ...expression, range: spanning(range, stream.expect(")").range) };
  }
  const literal = parseLiteral(stream);
  if (literal !== undefined) return literal;
  if (stream.accept("CASE")) return parseCase(stream, inner);
  if (stream.isAt("ARRAY", "[")) return parseArray(stream, inner);
  for (const [word, tries] of [
    ["CAST", false],
    ["TRY_CAST", true],
  ] as const) {
    if (stream.isAt(word, "(")) return parseCast(stream, inner, tries);
  }
  const token = stream.peek();
  const isName =
    token.kind === "quoted" || (token.kind === "word" && !NEVER_NAMES.has(token.upper));
  if (!isName) throw stream.unexpected("an expression");
  return parseNameOrCall(stream, inner);
}

function parseNameOrCall(stream: TokenStream, inner: ParseInner): Expression {
  const first = parseIdentifier(stream, "a name");
  if (stream.accept("(")) {
    const special = parseSpecialCall(stream, first, inner);
    const list = special ?? parseArguments(stream, inner);
    const range = spanning(first.range, stream.expect(")").range);
    return { kind: "call", function: first, arguments: list, range };
  }
  const parts = [first];
  while (stream.accept(".")) parts.push(parseIdentifier(stream, "a name"));
  return { kind: "name", parts, range: spanning(first.range, stream.previous.range) };
}

function parseArguments(stream: TokenStream, inner: ParseInner): Expression[] {
  const list: Expression[] = [];
  if (stream.isAt(")")) return list;
  do list.push(inner(stream));
  while (stream.accept(","));
  return list;
}

function parseCase(stream: TokenStream, inner: ParseInner): Expression {
  const start = stream.previous.range;
  const operand = stream.isAt("WHEN") ? undefined : inner(stream);
  const branches: { when: Expression; then: Expression }[] = [];
  while (stream.accept("WHEN")) {
    const when = inner(stream);
    stream.expect("THEN");
    branches.push({ when, then: inner(stream) });
  }
  if (branches.length === 0) throw stream.unexpected("WHEN");
  const otherwise = stream.accept("ELSE") ? inner(stream) : undefined;
  const range = spanning(start, stream.expect("END").range);
  return { kind: "case", operand, branches, otherwise, range };
}

function parseArray(stream: TokenStream, inner: ParseInner): Expression {
  const start = stream.next().range;
  stream.expect("[");
  const items: Expression[] = [];
  if (!stream.isAt("]")) {
    do items.push(inner(stream));
    while (stream.accept(","));
  }
  return { kind: "array", items, range: spanning(start, stream.expect("]").range) };
}

function parseCast(stream: TokenStream, inner: ParseInner, tries: boolean): Expression {
  const start = stream.next().range;
  stream.expect("(");
  const operand = inner(stream);
  stream.expect("AS");
  const type = parseTypeName(stream);
  const range = spanning(start, stream.expect(")").range);
  return { kind: "cast", operand, type, tries, range };
}

import { spanning } from "./diagnostic.ts";
import type { Expression, Literal } from "./expression.ts";
import type { TokenStream } from "./token-stream.ts";

const DATETIMES = ["date", "time", "timestamp"] as const;

/** Reads a literal if one comes next. */
export function parseLiteral(stream: TokenStream): Expression | undefined {
  const { range } = stream.peek();
  const literal = parseOne(stream);
  if (literal === undefined) return undefined;
  return { kind: "literal", literal, range: spanning(range, stream.previous.range) };
}

function parseOne(stream: TokenStream): Literal | undefined {
  const token = stream.peek();
  switch (token.kind) {
    case "number":
      stream.next();
      return { type: "number", text: token.text };
    case "string":
      return { type: "string", value: parseStrings(stream) };
    case "binary":
      stream.next();
      return { type: "binary", hex: token.hex };
    case "word":
      return parseWord(stream);
    case "quoted":
    case "symbol":
    case "end":
      return undefined;
  }
}

/** Strings that follow one another are one, as the standard has it. */
function parseStrings(stream: TokenStream): string {
  let value = "";
  for (let token = stream.peek(); token.kind === "string"; token = stream.peek()) {
    value += token.value;
    stream.next();
  }
  return value;
}

function parseWord(stream: TokenStream): Literal | undefined {
  if (stream.accept("NULL")) return { type: "null" };
  if (stream.accept("TRUE")) return { type: "boolean", value: true };
  if (stream.accept("FALSE")) return { type: "boolean", value: false };
  const text = stream.peek(1);
  if (text.kind !== "string") return undefined;
  for (const type of DATETIMES) {
    if (!stream.accept(type.toUpperCase())) continue;
    stream.next();
    return { type, text: text.value };
  }
  return stream.accept("INTERVAL") ? parseInterval(stream, text.value) : undefined;
}

function parseInterval(stream: TokenStream, text: string): Literal {
  stream.next();
  const from = parseUnit(stream);
  const to = stream.accept("TO") ? parseUnit(stream) : undefined;
  return { type: "interval", text, from, to };
}

function parseUnit(stream: TokenStream): string {
  const word = stream.word();
  if (word === undefined) throw stream.unexpected("a unit such as SECOND, MINUTE, HOUR or DAY");
  if (stream.accept("(")) {
    stream.next();
    stream.expect(")");
  }
  return word.upper;
}

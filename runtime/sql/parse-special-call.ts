import type { Expression, Identifier } from "./expression.ts";
import { STRENGTH } from "./strength.ts";
import type { TokenStream } from "./token-stream.ts";

/** Reads an expression of operators that bind tighter than `least`, or a whole one. */
export type ParseInner = (stream: TokenStream, least?: number) => Expression;

/**
 * The standard's own ways to write arguments, as those of the plain call they stand for. Undefined
 * leaves the arguments to be read as a list; the opening parenthesis has been taken.
 */
export function parseSpecialCall(
  stream: TokenStream,
  { name, quoted }: Identifier,
  inner: ParseInner,
): Expression[] | undefined {
  if (quoted) return undefined;
  switch (name.toUpperCase()) {
    case "POSITION":
      return parsePosition(stream, inner);
    case "SUBSTRING":
      return parseSubstring(stream, inner);
    case "TRIM":
      return parseTrim(stream, inner);
    default:
      return undefined;
  }
}

/** `POSITION(part IN text)`: IN is no operator here. */
function parsePosition(stream: TokenStream, inner: ParseInner): Expression[] {
  const part = inner(stream, STRENGTH.predicate);
  stream.expect("IN");
  return [part, inner(stream)];
}

/** `SUBSTRING(text FROM start FOR length)`, or with commas. */
function parseSubstring(stream: TokenStream, inner: ParseInner): Expression[] {
  const list = [inner(stream)];
  if (stream.accept("FROM")) {
    list.push(inner(stream));
    if (stream.accept("FOR")) list.push(inner(stream));
    return list;
  }
  while (stream.accept(",")) list.push(inner(stream));
  return list;
}

/** `TRIM([BOTH | LEADING | TRAILING] [characters] FROM text)` as (text, characters, side). */
function parseTrim(stream: TokenStream, inner: ParseInner): Expression[] {
  const side = ["BOTH", "LEADING", "TRAILING"].find((each) => stream.accept(each));
  const { range } = stream.previous;
  const string = (value: string): Expression => ({
    kind: "literal",
    literal: { type: "string", value },
    range,
  });
  if (side !== undefined && stream.accept("FROM"))
    return [inner(stream), string(" "), string(side)];
  const first = inner(stream);
  if (stream.accept("FROM")) return [inner(stream), first, string(side ?? "BOTH")];
  if (side !== undefined) throw stream.unexpected("FROM");
  return [first, string(" "), string("BOTH")];
}

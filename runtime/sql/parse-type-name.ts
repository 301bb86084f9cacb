import { type Range, spanning } from "./diagnostic.ts";
import type { TypeName } from "./expression.ts";
import type { TokenStream } from "./token-stream.ts";

/** Types that are written in more than one word, longest first. */
const LONG_NAMES: readonly (readonly string[])[] = [
  ["TIMESTAMP", "WITHOUT", "TIME", "ZONE"],
  ["TIMESTAMP", "WITH", "LOCAL", "TIME", "ZONE"],
  ["TIME", "WITHOUT", "TIME", "ZONE"],
  ["DOUBLE", "PRECISION"],
];
const MAX_PARAMETER = 2 ** 31 - 1;

/** Reads a data type such as `DECIMAL(10, 2)`. Which there are is for the checker to say. */
export function parseTypeName(stream: TokenStream): TypeName {
  const start = stream.peek().range;
  return stream.nested(start, () => parseDeep(stream, start));
}

function parseDeep(stream: TokenStream, start: Range): TypeName {
  const word = stream.word();
  if (word === undefined) throw stream.unexpected("a data type");
  const parameters = parseParameters(stream);
  const name = parseRest(stream, word.upper);
  const elements: TypeName[] = [];
  if (stream.accept("<")) {
    do elements.push(parseTypeName(stream));
    while (stream.accept(","));
    stream.expect(">");
  }
  return { name, parameters, elements, range: spanning(start, stream.previous.range) };
}

/** `TIMESTAMP(3) WITHOUT TIME ZONE`: the parameters stand behind the first word. */
function parseRest(stream: TokenStream, first: string): string {
  for (const words of LONG_NAMES) {
    if (words[0] === first && stream.accept(...words.slice(1))) return words.join(" ");
  }
  return first;
}

function parseParameters(stream: TokenStream): number[] {
  const parameters: number[] = [];
  if (!stream.accept("(")) return parameters;
  do {
    const token = stream.peek();
    const value = token.kind === "number" ? Number(token.text) : NaN;
    if (!Number.isInteger(value) || value > MAX_PARAMETER) {
      throw stream.unexpected("a whole number");
    }
    stream.next();
    parameters.push(value);
  } while (stream.accept(","));
  stream.expect(")");
  return parameters;
}

import { type Diagnostic, type Range, SqlFault } from "./diagnostic.ts";
import type { Comment, Token } from "./token.ts";

/*
 * Flink SQL's lexical rules, which are those of Apache Calcite with Lex.JAVA: names are case-sensitive
 * and quoted with backticks (a doubled one stands for itself), strings have single quotes, `--` and
 * slash-star begin comments.
 */

const SPACE = /\s+/y;
const COMMENT = /--[^\n]*|\/\*[^]*?\*\//y;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const STRING = /'(?:[^']|'')*'/y;
const QUOTED = /`(?:[^`]|``)*`/y;
const BINARY = /[xX]'[^']*'/y;
const UNICODE = /[uU]&'(?:[^']|'')*'/y;
const SYMBOL = /<>|!=|<=|>=|\|\||=>|->|::|[-+*/%=<>().,;:[\]{}?^|&~!]/y;
const HEX = /^(?:[0-9a-fA-F]{2})*$/;
const UNICODE_ESCAPE = /\\(?:\\|([0-9a-fA-F]{4}))/g;

export interface Lexed {
  /** In order, with one of kind `end` last. */
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  /** What could not be read; it is in no token. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Cuts source text into tokens. What makes no sense is left out and told, so that the rest can be read. */
export function lex(source: string): Lexed {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  const diagnostics: Diagnostic[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined) at += text.length;
    return text;
  };
  while (at < source.length) {
    if (take(SPACE) !== undefined) continue;
    const start = at;
    const comment = take(COMMENT);
    if (comment !== undefined) {
      comments.push({ text: comment, range: { start, end: at } });
      continue;
    }
    try {
      tokens.push(nextToken(take, source, start));
    } catch (error) {
      if (!(error instanceof SqlFault)) throw error;
      diagnostics.push(error.diagnostic);
      at = Math.max(at, error.diagnostic.range.end);
    }
  }
  const end = { start: source.length, end: source.length };
  tokens.push({ kind: "end", text: "", range: end });
  return { tokens, comments, diagnostics };
}

function nextToken(
  take: (pattern: RegExp) => string | undefined,
  source: string,
  start: number,
): Token {
  const found = (text: string): { text: string; range: Range } => ({
    text,
    range: { start, end: start + text.length },
  });
  const binary = take(BINARY);
  if (binary !== undefined) return { kind: "binary", hex: hexOf(binary, start), ...found(binary) };
  const unicode = take(UNICODE);
  if (unicode !== undefined) {
    return { kind: "string", value: unescaped(unicode), ...found(unicode) };
  }
  const word = take(WORD);
  if (word !== undefined) return { kind: "word", upper: word.toUpperCase(), ...found(word) };
  const number = take(NUMBER);
  if (number !== undefined) return { kind: "number", ...found(number) };
  const string = take(STRING);
  if (string !== undefined) {
    return { kind: "string", value: string.slice(1, -1).replaceAll("''", "'"), ...found(string) };
  }
  const quoted = take(QUOTED);
  if (quoted !== undefined) {
    return { kind: "quoted", name: quoted.slice(1, -1).replaceAll("``", "`"), ...found(quoted) };
  }
  const symbol = take(SYMBOL);
  if (symbol !== undefined) return { kind: "symbol", ...found(symbol) };
  throw unreadable(source, start);
}

function hexOf(text: string, start: number): string {
  const hex = text.slice(2, -1);
  if (HEX.test(hex)) return hex;
  const message = "A binary string has two hexadecimal digits for each byte, such as X'1F0A'.";
  throw new SqlFault("syntax", message, { start, end: start + text.length });
}

function unescaped(text: string): string {
  return text
    .slice(3, -1)
    .replaceAll("''", "'")
    .replace(UNICODE_ESCAPE, (_escape, code?: string) =>
      code === undefined ? "\\" : String.fromCharCode(Number.parseInt(code, 16)),
    );
}

/** What begins and does not end takes the rest of the text with it; anything else is one character. */
function unreadable(source: string, start: number): SqlFault {
  const rest = { start, end: source.length };
  if (source.startsWith("'", start)) {
    return new SqlFault("unclosed", "The string has no closing '.", rest);
  }
  if (source.startsWith("`", start)) {
    return new SqlFault("unclosed", "The name has no closing `.", rest);
  }
  const character = String.fromCodePoint(source.codePointAt(start) ?? 0);
  const range = { start, end: start + character.length };
  if (character === '"') {
    const message = 'Strings have single quotes and names have backticks, not ".';
    return new SqlFault("double-quote", message, range);
  }
  return new SqlFault("syntax", `${character} has no meaning here.`, range);
}

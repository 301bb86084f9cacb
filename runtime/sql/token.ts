import type { Range } from "./diagnostic.ts";

interface TokenBase {
  /** As written. */
  readonly text: string;
  readonly range: Range;
}

/** A word without quotes: a keyword or a name, which the place it stands at decides. */
export interface WordToken extends TokenBase {
  readonly kind: "word";
  /** In capitals, in which keywords are compared. */
  readonly upper: string;
}

/** A name in backticks. */
export interface QuotedToken extends TokenBase {
  readonly kind: "quoted";
  readonly name: string;
}

/** A character string; `value` is what it means. */
export interface StringToken extends TokenBase {
  readonly kind: "string";
  readonly value: string;
}

/** `X'1F'`. */
export interface BinaryToken extends TokenBase {
  readonly kind: "binary";
  readonly hex: string;
}

/** A number without sign. Those with an exponent are approximate (DOUBLE), others exact. */
export interface NumberToken extends TokenBase {
  readonly kind: "number";
}

export interface SymbolToken extends TokenBase {
  readonly kind: "symbol";
}

/** Comes last, empty, once. */
export interface EndToken extends TokenBase {
  readonly kind: "end";
}

export type Token =
  WordToken | QuotedToken | StringToken | BinaryToken | NumberToken | SymbolToken | EndToken;

/** A comment with its marks, which the grammar does not see. */
export interface Comment {
  readonly text: string;
  readonly range: Range;
}

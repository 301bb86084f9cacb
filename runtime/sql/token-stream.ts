import { type Range, SqlFault } from "./diagnostic.ts";
import type { EndToken, Token, WordToken } from "./token.ts";

/** Deepest nesting of expressions that is read, so that hostile text cannot use up the stack. */
const MAX_DEPTH = 200;

/** The tokens of a text and the place in them, for parsers. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  readonly #end: EndToken;
  #at = 0;
  #depth = 0;

  /** `tokens` end with the one of kind `end`, as the lexer leaves them. */
  constructor(tokens: readonly Token[]) {
    const last = tokens.at(-1);
    if (last?.kind !== "end") throw new Error("a text of tokens ends with the end");
    this.#tokens = tokens;
    this.#end = last;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? this.#end;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#at++;
    return token;
  }

  /** The last token that was taken; nothing may be asked before the first. */
  get previous(): Token {
    return this.#tokens[this.#at - 1] ?? this.#end;
  }

  /** Whether these words and symbols come next, words compared without regard to case. */
  isAt(...texts: readonly string[]): boolean {
    return texts.every((text, ahead) => {
      const token = this.peek(ahead);
      return token.kind === "word" ? token.upper === text : isSymbol(token, text);
    });
  }

  /** Takes these words and symbols if they come next. */
  accept(...texts: readonly string[]): boolean {
    if (!this.isAt(...texts)) return false;
    this.#at += texts.length;
    return true;
  }

  /** Takes what must come next. Throws SqlFault where something else does. */
  expect(text: string): Token {
    if (!this.isAt(text)) throw this.unexpected(text);
    return this.next();
  }

  /** Takes a word that comes next, whatever it is. */
  word(): WordToken | undefined {
    const token = this.peek();
    if (token.kind !== "word") return undefined;
    this.#at++;
    return token;
  }

  /** A fault that says what was expected in place of what comes next. */
  unexpected(expected: string): SqlFault {
    const token = this.peek();
    const found = token.kind === "end" ? "the end" : token.text;
    return new SqlFault("syntax", `Expected ${expected}, but found ${found}.`, token.range);
  }

  /** Runs `read` one level deeper. Throws SqlFault where that is too deep. */
  nested<Result>(at: Range, read: () => Result): Result {
    if (this.#depth === MAX_DEPTH) {
      throw new SqlFault("too-deep", `This is nested deeper than ${MAX_DEPTH} levels.`, at);
    }
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }
}

function isSymbol(token: Token, text: string): boolean {
  return token.kind === "symbol" && token.text === text;
}

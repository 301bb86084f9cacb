/** A stretch of source text, in UTF-16 units: from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What is wrong with a stretch of source text. */
export interface Diagnostic {
  /** Stable, for tests and for quick fixes: `syntax`, `unknown-function`, ... */
  readonly code: string;
  /** A sentence that says what is wrong and, where that is known, what to write instead. */
  readonly message: string;
  readonly range: Range;
}

/** Ends the reading of a construct; whoever reads what is around it turns it into a diagnostic. */
export class SqlFault extends Error {
  override readonly name = "SqlFault";
  readonly diagnostic: Diagnostic;

  constructor(code: string, message: string, range: Range) {
    super(message);
    this.diagnostic = { code, message, range };
  }
}

/** From the start of one range to the end of another. */
export function spanning(first: Range, last: Range): Range {
  return { start: first.start, end: last.end };
}

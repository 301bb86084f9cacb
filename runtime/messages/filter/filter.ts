import type { MessageFilter } from "../../api/model.ts";
import { RecordCursor } from "../../record/record-cursor.ts";
import { type Diagnostic, SqlFault } from "../../sql/diagnostic.ts";
import { parseWholeExpression } from "../../sql/parse.ts";
import { compile } from "./compile.ts";
import { prefilterOf } from "./prefilter/prefilter.ts";
import { FilterRow } from "./row.ts";
import { Scope } from "./scope.ts";
import { matchBytes, matchPattern } from "./text-match.ts";
import { quoted, regularExpression } from "./patterns.ts";

/** Longest text of a filter, in UTF-16 units. */
export const MAX_FILTER_LENGTH = 10_000;

/** A filter made ready, for the messages that one cursor comes to. */
export interface Filter {
  /** False when no record in these bytes, the unfolded ones of a batch, can be wanted. */
  mayMatch(bytes: Buffer): boolean;
  /** Whether the message that the cursor is at is wanted. */
  matches(partition: number): boolean;
}

export type CompiledFilter =
  | { readonly kind: "filter"; readonly filter: Filter }
  /** Ranges are those of the filter's text. */
  | { readonly kind: "invalid"; readonly diagnostics: readonly Diagnostic[] };

/** Makes a filter ready, or says what is wrong with it and where. */
export function compileFilter(wanted: MessageFilter, cursor: RecordCursor): CompiledFilter {
  const text = textOf(wanted);
  if (text.length > MAX_FILTER_LENGTH) {
    const message = `A filter has at most ${MAX_FILTER_LENGTH} characters, and this one ${text.length}.`;
    return invalid("too-long", message, text.length);
  }
  switch (wanted.kind) {
    case "text": {
      const { matchCase, part } = wanted;
      const filter = matchCase
        ? matchBytes(Buffer.from(text), part, cursor)
        : matchPattern(new RegExp(quoted(text), "iu"), text, part, cursor);
      return { kind: "filter", filter };
    }
    case "regexp": {
      const pattern = regularExpression(text, wanted.matchCase ? "u" : "iu");
      if (pattern === undefined) {
        return invalid("regexp", `${text} is not a regular expression of JavaScript.`, text.length);
      }
      const filter = matchPattern(pattern, undefined, wanted.part, cursor);
      return { kind: "filter", filter };
    }
    case "sql":
      return compileSql(text, cursor);
  }
}

/** What is wrong with a filter; nothing when it can be used. */
export function checkFilter(wanted: MessageFilter): readonly Diagnostic[] {
  const compiled = compileFilter(wanted, new RecordCursor());
  return compiled.kind === "invalid" ? compiled.diagnostics : [];
}

function textOf(wanted: MessageFilter): string {
  switch (wanted.kind) {
    case "text":
      return wanted.text;
    case "regexp":
      return wanted.pattern;
    case "sql":
      return wanted.expression;
  }
}

function invalid(code: string, message: string, length: number): CompiledFilter {
  return { kind: "invalid", diagnostics: [{ code, message, range: { start: 0, end: length } }] };
}

function compileSql(source: string, cursor: RecordCursor): CompiledFilter {
  const parsed = parseWholeExpression(source);
  if (parsed.kind === "invalid") return parsed;
  const scope = new Scope();
  try {
    const evaluate = compile(parsed.expression, scope);
    const row = new FilterRow(cursor, scope.paths);
    const condition = prefilterOf(parsed.expression);
    const matches = (partition: number): boolean => {
      if (condition?.mayHold(cursor) === false) return false;
      row.look(partition);
      return evaluate(row) === true;
    };
    const mayMatch = (bytes: Buffer): boolean => condition?.mayHoldIn(bytes) !== false;
    return { kind: "filter", filter: { mayMatch, matches } };
  } catch (error) {
    if (error instanceof SqlFault) return { kind: "invalid", diagnostics: [error.diagnostic] };
    if (error instanceof RangeError) return invalid("too-long", error.message, source.length);
    throw error;
  }
}

import type { RecordCursor } from "../../record/record-cursor.ts";
import { type Diagnostic, SqlFault } from "../../sql/diagnostic.ts";
import { parseWholeExpression } from "../../sql/parse.ts";
import { compile } from "./compile.ts";
import { MAX_FILTER_LENGTH } from "./filter.ts";
import { FilterRow } from "./row.ts";
import { Scope } from "./scope.ts";
import { asText } from "./value.ts";

/** What an expression comes to for the message that a cursor is at, as text in UTF-8; null for NULL. */
export type ValueExpression = (partition: number) => Uint8Array | null;

export type CompiledValue =
  | { readonly kind: "value"; readonly evaluate: ValueExpression }
  /** Ranges are those of the expression's text. */
  | { readonly kind: "invalid"; readonly diagnostics: readonly Diagnostic[] };

/** Makes an expression ready that gives a new key or value, with the names and functions of filters. */
export function compileValue(source: string, cursor: RecordCursor): CompiledValue {
  const invalid = (code: string, message: string): CompiledValue => {
    const range = { start: 0, end: source.length };
    return { kind: "invalid", diagnostics: [{ code, message, range }] };
  };
  if (source.length > MAX_FILTER_LENGTH) {
    return invalid("too-long", `An expression has at most ${MAX_FILTER_LENGTH} characters.`);
  }
  const parsed = parseWholeExpression(source);
  if (parsed.kind === "invalid") return parsed;
  const scope = new Scope();
  try {
    const result = compile(parsed.expression, scope);
    const row = new FilterRow(cursor, scope.paths);
    const evaluate = (partition: number): Uint8Array | null => {
      row.look(partition);
      const text = asText(result(row));
      return text === null ? null : Buffer.from(text);
    };
    return { kind: "value", evaluate };
  } catch (error) {
    if (error instanceof SqlFault) return { kind: "invalid", diagnostics: [error.diagnostic] };
    if (error instanceof RangeError) return invalid("too-long", error.message);
    throw error;
  }
}

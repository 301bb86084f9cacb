import { type Diagnostic, SqlFault } from "./diagnostic.ts";
import type { Expression } from "./expression.ts";
import { lex } from "./lexer.ts";
import { parseExpression } from "./parse-expression.ts";
import { TokenStream } from "./token-stream.ts";

export type ParsedExpression =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "invalid"; readonly diagnostics: readonly Diagnostic[] };

/** Reads a text that is one expression of Flink SQL and nothing else. */
export function parseWholeExpression(source: string): ParsedExpression {
  const { tokens, diagnostics } = lex(source);
  if (diagnostics.length > 0) return { kind: "invalid", diagnostics };
  const stream = new TokenStream(tokens);
  try {
    const expression = parseExpression(stream);
    if (stream.peek().kind !== "end") throw stream.unexpected("an operator or the end");
    return { kind: "expression", expression };
  } catch (error) {
    if (!(error instanceof SqlFault)) throw error;
    return { kind: "invalid", diagnostics: [error.diagnostic] };
  }
}

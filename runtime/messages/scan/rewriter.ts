import type { RecordCursor } from "../../record/record-cursor.ts";
import type { Diagnostic } from "../../sql/diagnostic.ts";
import { compileValue, type ValueExpression } from "../filter/value-expression.ts";
import type { FoundMessage, NewParts } from "./task.ts";

/** Gives messages new keys and values by SQL expressions. */
export class Rewriter {
  readonly #key: ValueExpression | undefined;
  readonly #value: ValueExpression | undefined;

  private constructor(key: ValueExpression | undefined, value: ValueExpression | undefined) {
    this.#key = key;
    this.#value = value;
  }

  /** For the messages that the cursor comes to; or what is wrong with an expression. */
  static compile({ key, value }: NewParts, cursor: RecordCursor): Rewriter | readonly Diagnostic[] {
    const ready: Partial<Record<"key" | "value", ValueExpression>> = {};
    for (const [side, source] of [["key", key] as const, ["value", value] as const]) {
      if (source === undefined) continue;
      const compiled = compileValue(source, cursor);
      if (compiled.kind === "invalid") return compiled.diagnostics;
      ready[side] = compiled.evaluate;
    }
    return new Rewriter(ready.key, ready.value);
  }

  /** What replaces the parts of the message that the cursor is at. */
  rewrite(partition: number): NonNullable<FoundMessage["rewritten"]> {
    return {
      ...(this.#key && { key: this.#key(partition) }),
      ...(this.#value && { value: this.#value(partition) }),
    };
  }
}

import type { Message, NewMessage } from "../../api/model.ts";
import type { Rewriting } from "../../api/moves.ts";
import { RecordCursor } from "../../record/record-cursor.ts";
import { compileValue } from "../filter/value-expression.ts";
import { type Failure, failure } from "../outcome.ts";
import type { FoundMessage, NewParts } from "../scan/task.ts";

/** A message as it is replayed, or why it is left out. */
export type Rewritten = NewMessage | "left-out";

/**
 * The message with its parts kept, left out or as the scan has rewritten them. One whose value comes to NULL,
 * and did not before, is left out: it would be a tombstone, which nobody asked for.
 */
export function rewrite(message: FoundMessage, rewriting: Rewriting): Rewritten {
  const { partition, timestampMs, headers } = message;
  const value = rewritten(message, "value");
  if (value === null && message.value !== null) return "left-out";
  return {
    key: rewriting.key === "drop" ? null : rewritten(message, "key"),
    value,
    headers: rewriting.headers === "drop" ? [] : headers,
    partition: placeOf(partition, rewriting.partition),
    timestampMs: rewriting.timestamp === "keep" ? timestampMs : undefined,
  };
}

function rewritten(message: FoundMessage, side: "key" | "value"): Uint8Array | null {
  const original: Message["key"] = message[side];
  const replaced = message.rewritten?.[side];
  return replaced === undefined ? (original?.bytes ?? null) : replaced;
}

function placeOf(partition: number, wanted: Rewriting["partition"]): number | undefined {
  if (wanted === "keep") return partition;
  return wanted === "by-key" ? undefined : wanted;
}

/** The expressions that a scan has to rewrite by; undefined when there are none. */
export function newPartsOf({ key, value }: Rewriting): NewParts | undefined {
  const parts = {
    key: typeof key === "string" ? undefined : key.sql,
    value: value === "keep" ? undefined : value.sql,
  };
  return parts.key === undefined && parts.value === undefined ? undefined : parts;
}

/** What is wrong with the expressions, at which characters; undefined when they can be used. */
export function checkRewriting(rewriting: Rewriting): Failure | undefined {
  const parts = newPartsOf(rewriting);
  for (const side of ["key", "value"] as const) {
    const source = parts?.[side];
    if (source === undefined) continue;
    const compiled = compileValue(source, new RecordCursor());
    if (compiled.kind === "value") continue;
    const [first] = compiled.diagnostics;
    const { start, end } = first?.range ?? { start: 0, end: source.length };
    const where = `characters ${start + 1} to ${Math.max(start + 1, end)}`;
    const message = first?.message ?? "It cannot be understood.";
    return failure("bad-request", `The expression of the ${side}, ${where}: ${message}`);
  }
  return undefined;
}

import { exactTextOf } from "../../runtime/api/bytes.ts";
import { type FieldPath, fieldPathText } from "../../runtime/api/field-path.ts";
import type { Message, MessageFilter } from "../../runtime/api/model.ts";

/** Longest text that a condition made by a click compares with, in UTF-16 units. */
const MAX_COMPARED = 4_000;

/**
 * The condition that wants messages with the same key or value as this one; undefined when its bytes
 * are no text, or too many to be written into a condition.
 */
export function sameField(side: "key" | "value", message: Message): MessageFilter | undefined {
  const field = message[side];
  if (field === null) return sql(`${side} IS NULL`);
  const text = exactTextOf(field.bytes);
  return text === undefined ? undefined : compared(side, text);
}

/**
 * The condition that wants messages with the same value at a path. `source` is the JSON there as it is
 * written, or the text of a header. Undefined for objects and lists, which SQL does not compare.
 */
export function samePart(path: FieldPath, source: string): MessageFilter | undefined {
  const name = fieldPathText(path);
  if (path.side === "headers") return compared(name, source);
  if (source === "null") return sql(`${name} IS NULL`);
  if (source === "true" || source === "false") return sql(`${name} = ${source.toUpperCase()}`);
  if (/^-?\d/.test(source)) return sql(`${name} = ${source}`);
  if (!source.startsWith('"')) return undefined;
  const text: unknown = JSON.parse(source);
  return compared(name, String(text));
}

function compared(name: string, text: string): MessageFilter | undefined {
  if (text.length > MAX_COMPARED) return undefined;
  return sql(`${name} = '${text.replaceAll("'", "''")}'`);
}

function sql(expression: string): MessageFilter {
  return { kind: "sql", expression };
}

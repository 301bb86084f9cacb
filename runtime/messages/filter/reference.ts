import type { Expression, Identifier } from "../../sql/expression.ts";
import type { JsonPath } from "./json-fields.ts";

/** Key or value of a message. */
export type Side = "key" | "value";

/** Numbers that every message has. */
export const COLUMNS = ["partition", "offset", "timestamp", "key_size", "value_size"] as const;
export type Column = (typeof COLUMNS)[number];

/** What a name in a filter stands for. */
export type Reference =
  | { readonly kind: "column"; readonly column: Column }
  /** Key or value as text. */
  | { readonly kind: "text"; readonly side: Side }
  | { readonly kind: "json"; readonly side: Side; readonly path: JsonPath }
  /** The last header of this name, as text. */
  | { readonly kind: "header"; readonly name: string };

/**
 * What a name, with fields and items of it, stands for; undefined where the expression is not such a
 * one. `key`, `value`, `headers` and the columns are what they say; `value.a[1].b` leads into the JSON
 * of the value, lists counting from 1 as in Flink; any other name is a member of the value, as it is a
 * column of a recipe's table.
 */
export function referenceOf(expression: Expression): Reference | undefined {
  const path = pathOf(expression);
  if (path === undefined) return undefined;
  const [first, ...rest] = path;
  const [header] = rest;
  if (first === "headers" && rest.length === 1 && typeof header === "string") {
    return { kind: "header", name: header };
  }
  if (first === "key" || first === "value") {
    return rest.length === 0
      ? { kind: "text", side: first }
      : { kind: "json", side: first, path: rest };
  }
  const column = rest.length === 0 ? COLUMNS.find((each) => each === first) : undefined;
  if (column !== undefined) return { kind: "column", column };
  return { kind: "json", side: "value", path };
}

function pathOf(expression: Expression): JsonPath | undefined {
  if (expression.kind === "name") return expression.parts.map(nameOf);
  if (expression.kind === "field") {
    const path = pathOf(expression.of);
    return path && [...path, expression.field.name];
  }
  if (expression.kind !== "item") return undefined;
  const path = pathOf(expression.of);
  const { index } = expression;
  if (path === undefined || index.kind !== "literal") return undefined;
  if (index.literal.type === "string") return [...path, index.literal.value];
  if (index.literal.type !== "number") return undefined;
  const place = Number(index.literal.text);
  return Number.isSafeInteger(place) && place >= 1 ? [...path, place - 1] : undefined;
}

/** Columns are written in any case; members of JSON are not. */
function nameOf({ name, quoted }: Identifier, index: number): string {
  const lower = name.toLowerCase();
  const isColumn = COLUMNS.some((each) => each === lower);
  const isOwn = isColumn || lower === "key" || lower === "value" || lower === "headers";
  return index === 0 && !quoted && isOwn ? lower : name;
}

const JSON_PATH =
  /^(?:lax\s+|strict\s+)?\$((?:\.[\p{L}_$][\p{L}\p{N}_$-]*|\['(?:[^']|'')*'\]|\[\d+\])*)$/u;
const JSON_PATH_PART = /\.([^.[]+)|\['((?:[^']|'')*)'\]|\[(\d+)\]/g;

/** The parts of an SQL/JSON path such as `$.items[0].sku`, whose lists count from 0; undefined for other kinds of paths. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const parts = JSON_PATH.exec(text.trim())?.[1];
  if (parts === undefined) return undefined;
  return Array.from(parts.matchAll(JSON_PATH_PART), ([, name, quoted, index]) =>
    index === undefined ? (name ?? (quoted ?? "").replaceAll("''", "'")) : Number(index),
  );
}

import { exactTextOf, textOf } from "../../runtime/api/bytes.ts";
import { type FieldPath, parseFieldPath } from "../../runtime/api/field-path.ts";
import { columnKey, type GridColumn } from "../../runtime/api/grid-columns.ts";
import { findJson, type FoundJson } from "../../runtime/api/json-find.ts";
import type { FieldBytes, Message } from "../../runtime/api/model.ts";
import type { GridStrings } from "../../runtime/api/view.ts";
import type { Cell } from "./row.ts";
import { headerText, oneLine } from "./text.ts";

/** Paths are read anew for every row that is drawn, and are few. */
const paths = new Map<string, FieldPath | undefined>();

function pathOf(text: string): FieldPath | undefined {
  if (!paths.has(text)) paths.set(text, parseFieldPath(text));
  return paths.get(text);
}

/** What the columns for paths show of a message, by column; each document is walked once. */
export function fieldCells(
  message: Message,
  columns: readonly GridColumn[],
  strings: GridStrings,
): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  const sought = { key: new Map<string, FieldPath>(), value: new Map<string, FieldPath>() };
  for (const column of columns) {
    if (column.kind !== "field") continue;
    const path = pathOf(column.path);
    if (path === undefined) continue;
    if (path.side === "headers")
      cells.set(columnKey(column), headerCell(path.name, message, strings));
    else sought[path.side].set(columnKey(column), path);
  }
  for (const side of ["key", "value"] as const) {
    const keys = [...sought[side].keys()];
    if (keys.length === 0) continue;
    const steps = [...sought[side].values()].map((path) =>
      path.side === "headers" ? [] : path.steps,
    );
    const found = findIn(message[side], steps);
    for (const [index, key] of keys.entries()) {
      cells.set(key, jsonCell(found[index] ?? { kind: "absent" }, strings));
    }
  }
  return cells;
}

function findIn(
  field: FieldBytes | null,
  steps: readonly (readonly (string | number)[])[],
): readonly FoundJson[] {
  if (field === null || field.sizeBytes === 0) return steps.map(() => ({ kind: "absent" }));
  const isCut = field.bytes.byteLength < field.sizeBytes;
  const text = isCut ? textOf(field.bytes) : exactTextOf(field.bytes);
  return text === undefined ? steps.map(() => ({ kind: "absent" })) : findJson(text, steps);
}

/** Strings without their quotes, and everything else exactly as it is written. */
function jsonCell(found: FoundJson, strings: GridStrings): Cell {
  switch (found.kind) {
    case "absent":
      return { text: "" };
    case "unreadable":
      return { text: "…", className: "word", title: strings.fieldUnreadable };
    case "value": {
      const { source } = found;
      if (source === "null") return { text: source, className: "word" };
      const parsed: unknown = source.startsWith('"') ? JSON.parse(source) : source;
      if (parsed === "") return { text: strings.emptyField, className: "word" };
      const text = oneLine(String(parsed));
      const isNumber = /^-?\d/.test(source);
      return { text, title: text, className: isNumber ? "number" : "text" };
    }
    default:
      return found satisfies never;
  }
}

/** The last header of the name, as in a condition. */
function headerCell(name: string, message: Message, strings: GridStrings): Cell {
  const header = message.headers.findLast(({ key }) => key === name);
  if (header === undefined) return { text: "" };
  const text = headerText(header.value, strings);
  return { text, title: text, className: header.value === null ? "word" : "text" };
}

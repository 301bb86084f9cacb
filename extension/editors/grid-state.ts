import { parseFieldPath } from "../../runtime/api/field-path.ts";
import {
  DEFAULT_COLUMNS,
  type GridColumn,
  MAX_COLUMNS,
  OWN_COLUMNS,
} from "../../runtime/api/grid-columns.ts";
import type { MessageFilter, SearchedPart } from "../../runtime/api/model.ts";
import type { TimeSpan } from "../../runtime/api/survey.ts";
import type { GridFrom, GridState, MessageRef } from "../../runtime/api/view.ts";

type Fields = Readonly<Record<string, unknown>>;

const PARTS: readonly SearchedPart[] = ["anywhere", "key", "value", "headers"];

/**
 * The state of a grid as a window saved it, or undefined when it is not one. What an older version did
 * not save, or this one does not understand, is left out: the grid comes back without it.
 */
export function parseState(value: unknown): GridState | undefined {
  if (!isFields(value)) return undefined;
  const { topic, partition, from, live, filter, columns, selected } = value;
  if (typeof topic !== "string" || !isFields(from)) return undefined;
  if (partition !== undefined && !isCount(partition)) return undefined;
  const start = parseFrom(from);
  if (start === undefined) return undefined;
  return {
    topic,
    partition,
    from: start,
    live: live === true,
    filter: parseFilter(filter),
    times: parseTimes(value["times"]),
    latest: value["latest"] === true,
    histogram: value["histogram"] === true,
    columns: parseColumns(columns),
    selected: parseSelected(selected),
  };
}

/** A filter out of saved state or settings, or undefined when it is not one. */
export function parseFilter(value: unknown): MessageFilter | undefined {
  if (!isFields(value)) return undefined;
  const { kind, text, pattern, expression, matchCase } = value;
  const part = PARTS.find((each) => each === (value["part"] ?? "anywhere"));
  if (kind === "sql" && typeof expression === "string") return { kind, expression };
  if (part === undefined) return undefined;
  const how = { part, matchCase: matchCase === true };
  if (kind === "text" && typeof text === "string") return { kind, text, ...how };
  if (kind === "regexp" && typeof pattern === "string") return { kind, pattern, ...how };
  return undefined;
}

function parseColumns(value: unknown): readonly GridColumn[] {
  if (!Array.isArray(value)) return DEFAULT_COLUMNS;
  const entries: readonly unknown[] = value.slice(0, MAX_COLUMNS);
  const columns = entries.flatMap((entry) => {
    const column = parseColumn(entry);
    return column === undefined ? [] : [column];
  });
  return columns.length === 0 ? DEFAULT_COLUMNS : columns;
}

function parseColumn(value: unknown): GridColumn | undefined {
  if (!isFields(value)) return undefined;
  const widthPx = isCount(value["widthPx"]) ? value["widthPx"] : undefined;
  const { kind, path } = value;
  if (kind === "field") {
    const isPath = typeof path === "string" && parseFieldPath(path) !== undefined;
    return isPath ? { kind, path, widthPx } : undefined;
  }
  const own = OWN_COLUMNS.find((each) => each === kind);
  return own && { kind: own, widthPx };
}

function parseFrom(from: Fields): GridFrom | undefined {
  const { kind, count, offset, timestampMs } = from;
  if (kind === "earliest") return { kind };
  if (kind === "last" && isCount(count)) return { kind, count };
  if (kind === "offset" && isCount(offset)) return { kind, offset };
  return kind === "time" && isCount(timestampMs) ? { kind, timestampMs } : undefined;
}

function parseTimes(value: unknown): TimeSpan | undefined {
  if (!isFields(value)) return undefined;
  const { fromMs, toMs } = value;
  const isSpan = Number.isSafeInteger(fromMs) && Number.isSafeInteger(toMs);
  if (!isSpan || typeof fromMs !== "number" || typeof toMs !== "number") return undefined;
  return fromMs < toMs ? { fromMs, toMs } : undefined;
}

function parseSelected(value: unknown): MessageRef | undefined {
  if (!isFields(value)) return undefined;
  const { partition, offset } = value;
  return isCount(partition) && isCount(offset) ? { partition, offset } : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

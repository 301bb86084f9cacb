import type { MessageFilter } from "../../runtime/api/model.ts";
import { parseFilter } from "./grid-state.ts";

/** A filter with a name, as a workspace keeps it in its settings. */
export interface SavedFilter {
  readonly name: string;
  readonly filter: MessageFilter;
}

/** Most filters that are taken from settings. */
const MAX_SAVED = 500;

/** The filters of a setting; entries that are none are left out, and VS Code marks them in the settings file. */
export function parseSavedFilters(value: unknown): readonly SavedFilter[] {
  if (!Array.isArray(value)) return [];
  const entries: readonly unknown[] = value.slice(0, MAX_SAVED);
  return entries.flatMap((entry) => {
    const saved = parseEntry(entry);
    return saved === undefined ? [] : [saved];
  });
}

/** An entry is `{name, sql}`, `{name, text, in, matchCase}` or `{name, regexp, in, matchCase}`. */
function parseEntry(entry: unknown): SavedFilter | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(entry));
  const [name, sql, text, regexp] = ["name", "sql", "text", "regexp"].map((key) => fields.get(key));
  if (typeof name !== "string" || name === "") return undefined;
  const how = { part: fields.get("in"), matchCase: fields.get("matchCase") };
  const filter =
    sql !== undefined
      ? parseFilter({ kind: "sql", expression: sql })
      : text !== undefined
        ? parseFilter({ kind: "text", text, ...how })
        : parseFilter({ kind: "regexp", pattern: regexp, ...how });
  return filter && { name, filter };
}

/** What stands in the setting for these filters; what is usual is left out. */
export function savedFiltersSetting(saved: readonly SavedFilter[]): readonly object[] {
  return saved.map(({ name, filter }) => {
    if (filter.kind === "sql") return { name, sql: filter.expression };
    const how = {
      ...(filter.part === "anywhere" ? {} : { in: filter.part }),
      ...(filter.matchCase ? { matchCase: true } : {}),
    };
    return filter.kind === "text"
      ? { name, text: filter.text, ...how }
      : { name, regexp: filter.pattern, ...how };
  });
}

/** With this filter, in place of one of the same name. */
export function withFilter(
  saved: readonly SavedFilter[],
  added: SavedFilter,
): readonly SavedFilter[] {
  const isThere = saved.some(({ name }) => name === added.name);
  return isThere
    ? saved.map((each) => (each.name === added.name ? added : each))
    : [...saved, added];
}

/** The text of a filter, for a list of them. */
export function filterText(filter: MessageFilter): string {
  switch (filter.kind) {
    case "text":
      return filter.text;
    case "regexp":
      return `/${filter.pattern}/${filter.matchCase ? "" : "i"}`;
    case "sql":
      return filter.expression;
    default:
      return filter satisfies never;
  }
}

/** Parts of a message that a grid can show, in the order in which they are offered. */
export const OWN_COLUMNS = [
  "partition",
  "offset",
  "timestamp",
  "key",
  "value",
  "headers",
  "keySize",
  "valueSize",
  "size",
] as const;
export type OwnColumn = (typeof OWN_COLUMNS)[number];

/** One column of a grid, in the place where it stands. */
export type GridColumn = (
  | { readonly kind: OwnColumn }
  /** What lies at a path of field-path.ts, in the JSON of key or value or among the headers. */
  | { readonly kind: "field"; readonly path: string }
) & {
  /** Chosen by a person; undefined for what suits the column. */
  readonly widthPx: number | undefined;
};

/** Narrowest and widest that a column can be made. */
export const MIN_WIDTH_PX = 24;
export const MAX_WIDTH_PX = 4_000;
/** Most columns of one grid. */
export const MAX_COLUMNS = 50;

/** The columns of a grid of which nobody has chosen any. */
export const DEFAULT_COLUMNS: readonly GridColumn[] = (
  ["partition", "offset", "timestamp", "key", "value", "headers", "size"] as const
).map((kind) => ({ kind, widthPx: undefined }));

/** What tells a column from the others of its grid. */
export function columnKey(column: GridColumn): string {
  return column.kind === "field" ? `field:${column.path}` : column.kind;
}

/** Without the column; the last one stays. */
export function withoutColumn(columns: readonly GridColumn[], key: string): readonly GridColumn[] {
  const left = columns.filter((column) => columnKey(column) !== key);
  return left.length === 0 ? columns : left;
}

/** With the column so many places further right, or left when negative. */
export function movedColumn(
  columns: readonly GridColumn[],
  key: string,
  by: number,
): readonly GridColumn[] {
  const from = columns.findIndex((column) => columnKey(column) === key);
  const column = columns[from];
  if (column === undefined) return columns;
  const left = columns.toSpliced(from, 1);
  return left.toSpliced(Math.min(Math.max(0, from + by), left.length), 0, column);
}

/** With the column as wide as this, or as wide as suits it when undefined. */
export function resizedColumn(
  columns: readonly GridColumn[],
  key: string,
  widthPx: number | undefined,
): readonly GridColumn[] {
  const width =
    widthPx === undefined
      ? undefined
      : Math.round(Math.min(Math.max(widthPx, MIN_WIDTH_PX), MAX_WIDTH_PX));
  return columns.map((column) =>
    columnKey(column) === key ? { ...column, widthPx: width } : column,
  );
}

/** With a column for a path, after the value; where it is already when there is one. */
export function withField(columns: readonly GridColumn[], path: string): readonly GridColumn[] {
  const column = { kind: "field", path, widthPx: undefined } as const;
  const isThere = columns.some((each) => columnKey(each) === columnKey(column));
  if (isThere || columns.length >= MAX_COLUMNS) return columns;
  const after = columns.findLastIndex(({ kind }) =>
    ["field", "value", "key", "timestamp", "offset", "partition"].includes(kind),
  );
  return columns.toSpliced(after + 1, 0, column);
}

import { columnKey, type GridColumn, type OwnColumn } from "../../runtime/api/grid-columns.ts";
import type { GridStringKey, GridStrings } from "../../runtime/api/view.ts";

interface ColumnLook {
  readonly title: GridStringKey;
  /** What stands in the head when the title is too long for the column. */
  readonly short?: GridStringKey;
  /** Width in characters of the rows, in a wide grid and in a narrow one. */
  readonly ch: number;
  readonly narrowCh: number;
}

const LOOKS: Readonly<Record<OwnColumn, ColumnLook>> = {
  partition: { title: "columnPartition", short: "columnPartitionShort", ch: 4, narrowCh: 4 },
  offset: { title: "columnOffset", ch: 8, narrowCh: 7 },
  timestamp: { title: "columnTimestamp", ch: 23, narrowCh: 12 },
  key: { title: "columnKey", ch: 14, narrowCh: 11 },
  value: { title: "columnValue", ch: 24, narrowCh: 20 },
  headers: { title: "columnHeaders", ch: 12, narrowCh: 8 },
  keySize: { title: "columnKeySize", short: "columnKeySizeShort", ch: 8, narrowCh: 8 },
  valueSize: { title: "columnValueSize", short: "columnValueSizeShort", ch: 8, narrowCh: 8 },
  size: { title: "columnSize", ch: 8, narrowCh: 8 },
};
const FIELD_CH = { ch: 16, narrowCh: 12 };

/** The columns as they are drawn: the only partition of a grid needs none. */
export function drawnColumns(
  columns: readonly GridColumn[],
  isOnePartition: boolean,
): readonly GridColumn[] {
  const drawn = columns.filter(({ kind }) => kind !== "partition" || !isOnePartition);
  return drawn.length === 0 ? columns : drawn;
}

/** Full title of a column, and what fits into its head. */
export function columnTitle(
  column: GridColumn,
  strings: GridStrings,
): { readonly full: string; readonly short: string } {
  if (column.kind === "field") return { full: column.path, short: column.path };
  const { title, short } = LOOKS[column.kind];
  return { full: strings[title], short: strings[short ?? title] };
}

/**
 * Tracks of the rows' CSS grid. The value takes what is left unless a person chose its width; without
 * such a column what is left stays empty at the end.
 */
export function columnTracks(columns: readonly GridColumn[], isNarrow: boolean): string {
  const tracks = columns.map((column) => {
    if (column.widthPx !== undefined) return `${column.widthPx}px`;
    const { ch, narrowCh } = column.kind === "field" ? FIELD_CH : LOOKS[column.kind];
    const width = `${isNarrow ? narrowCh : ch}ch`;
    return column.kind === "value" ? `minmax(${width}, 1fr)` : width;
  });
  const isFilled = columns.some(({ kind, widthPx }) => kind === "value" && widthPx === undefined);
  return [...tracks, ...(isFilled ? [] : ["minmax(0, 1fr)"])].join(" ");
}

/** The column beside another, for the arrow keys; undefined beyond the first is the row as a whole. */
export function besideColumn(
  columns: readonly GridColumn[],
  key: string | undefined,
  by: 1 | -1,
): string | undefined {
  const at = columns.findIndex((column) => columnKey(column) === key);
  const column = columns[Math.min(at + by, columns.length - 1)];
  return column && columnKey(column);
}

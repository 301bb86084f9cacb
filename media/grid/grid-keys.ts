/** How things stand in a list when a key is pressed. */
export interface KeyPlace {
  /** The selected row. */
  readonly at: number | undefined;
  readonly firstRow: number;
  readonly endRow: number;
  /** First row in view, and how many a page has. */
  readonly viewRow: number;
  readonly pageRows: number;
}

/** The row a key goes to, within the list; undefined for a key that does not go to a row. */
export function rowForKey(key: string, place: KeyPlace): number | undefined {
  const { at, firstRow, endRow, viewRow, pageRows } = place;
  if (endRow === firstRow) return undefined;
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: at === undefined ? viewRow : at + 1,
    ArrowUp: at === undefined ? endRow - 1 : at - 1,
    PageDown: (at ?? firstRow) + pageRows,
    PageUp: (at ?? endRow) - pageRows,
    Home: firstRow,
    End: endRow - 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.min(Math.max(target, firstRow), endRow - 1);
}

import * as vscode from "vscode";
import { fieldPathText, parseFieldPath } from "../../runtime/api/field-path.ts";
import {
  columnKey,
  type GridColumn,
  MAX_COLUMNS,
  OWN_COLUMNS,
  withField,
} from "../../runtime/api/grid-columns.ts";
import type { GridPanel } from "../editors/grid-panel.ts";
import { columnTitles } from "../editors/grid-strings.ts";
import { fieldsOf, type MessageField } from "../editors/message-fields.ts";
import { getMessage } from "../editors/message-documents.ts";
import { FROM_GRID } from "./grid-filters.ts";
import type { Services } from "./services.ts";

interface ColumnItem extends vscode.QuickPickItem {
  readonly column: GridColumn;
}

/** Asks which columns a grid shows: those of every message, and the fields of the selected one. */
export async function chooseColumns(services: Services, grid: GridPanel): Promise<void> {
  const { columns } = grid.state;
  const titles = columnTitles();
  const item = (column: GridColumn, description?: string): ColumnItem => ({
    label: column.kind === "field" ? column.path : titles[column.kind],
    ...(description === undefined ? {} : { description }),
    picked: columns.some((each) => columnKey(each) === columnKey(column)),
    column,
  });
  const fields = await fieldsOfSelected(services, grid);
  const offered = [
    ...OWN_COLUMNS.map((kind) => item({ kind, widthPx: undefined })),
    ...columns.filter(({ kind }) => kind === "field").map((column) => item(column)),
    ...fields.map(({ path, source }) => item({ kind: "field", path, widthPx: undefined }, source)),
  ];
  const keys = offered.map(({ column }) => columnKey(column));
  const once = offered.filter((_, index) => keys.indexOf(keys[index] ?? "") === index);
  const picked = await services.prompts.pickMany(once, {
    title: vscode.l10n.t("Choose Columns"),
    ...FROM_GRID,
    placeHolder: vscode.l10n.t("Columns, and fields of the selected message"),
    matchOnDescription: true,
  });
  if (picked === undefined || picked.length === 0) return;
  grid.setColumns(
    inOrder(
      columns,
      picked.map(({ column }) => column),
    ).slice(0, MAX_COLUMNS),
  );
}

/** Columns that stay keep their place and width; fields come after the value, others where they usually stand. */
function inOrder(
  before: readonly GridColumn[],
  chosen: readonly GridColumn[],
): readonly GridColumn[] {
  const isChosen = (column: GridColumn) =>
    chosen.some((each) => columnKey(each) === columnKey(column));
  let columns = before.filter(isChosen);
  for (const column of chosen) {
    if (columns.some((each) => columnKey(each) === columnKey(column))) continue;
    if (column.kind === "field") columns = [...withField(columns, column.path)];
    else columns = columns.toSpliced(placeOf(column.kind, columns), 0, column);
  }
  return columns;
}

/** Before the first column that usually stands after it. */
function placeOf(kind: (typeof OWN_COLUMNS)[number], columns: readonly GridColumn[]): number {
  const rank = OWN_COLUMNS.indexOf(kind);
  const place = columns.findIndex(
    (column) => column.kind !== "field" && OWN_COLUMNS.indexOf(column.kind) > rank,
  );
  return place < 0 ? columns.length : place;
}

/** Asks for a path and adds a column for it. */
export async function addColumn(services: Services, grid: GridPanel): Promise<void> {
  const example = (await fieldsOfSelected(services, grid))[0]?.path ?? "customer.name";
  const text = await services.prompts.input({
    title: vscode.l10n.t("Add Column"),
    ...FROM_GRID,
    prompt: vscode.l10n.t(
      "A field as in a condition: customer.name, lines[1].sku, key.id, headers['trace']; or a JSON path: $.lines[0].sku",
    ),
    placeHolder: example,
    validateInput: (typed) =>
      typed.trim() === "" || parseFieldPath(typed) !== undefined
        ? undefined
        : vscode.l10n.t("This leads to no field. Write one such as customer.name."),
  });
  const path = text === undefined ? undefined : parseFieldPath(text);
  if (path !== undefined) grid.setColumns(withField(grid.state.columns, fieldPathText(path)));
}

async function fieldsOfSelected(
  { controller }: Services,
  grid: GridPanel,
): Promise<readonly MessageField[]> {
  const { topic, selected } = grid.state;
  if (selected === undefined || controller.status.kind !== "running") return [];
  return fieldsOf(await getMessage(controller.status.lab, { topic, ...selected }));
}

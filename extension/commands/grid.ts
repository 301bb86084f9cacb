import * as vscode from "vscode";
import { parseFieldPath } from "../../runtime/api/field-path.ts";
import { movedColumn, withoutColumn } from "../../runtime/api/grid-columns.ts";
import type { MessageFilter } from "../../runtime/api/model.ts";
import type { GridPanel } from "../editors/grid-panel.ts";
import { sourceAt } from "../editors/message-fields.ts";
import { getMessage, openMessage } from "../editors/message-documents.ts";
import type { MessageForm } from "../editors/message-uri.ts";
import { sameField, samePart } from "../editors/row-filter.ts";
import { COMMANDS } from "../ids.ts";
import { addColumn, chooseColumns } from "./grid-columns.ts";
import { applySavedFilter, deleteSavedFilters, saveFilter } from "./grid-filters.ts";
import { type CommandTable, type Services, withLab } from "./services.ts";
import { cellOf, type GridCell } from "./targets.ts";

/** Commands about the message grid in front, most of them from its context menus. */
export function gridCommands(services: Services): CommandTable {
  const inGrid =
    (run: (grid: GridPanel, arg: unknown) => unknown) =>
    (arg: unknown): unknown => {
      const grid = services.grids.active;
      return grid && run(grid, arg);
    };
  const open = (form: MessageForm) =>
    inGrid((grid, arg) => {
      const cell = cellOf(arg) ?? grid.state.selected;
      return cell && openMessage({ topic: grid.state.topic, ...cell, form });
    });
  const editColumns = (edit: (grid: GridPanel, key: string) => void) =>
    inGrid((grid, arg) => {
      const key = columnOf(arg);
      if (key !== undefined) edit(grid, key);
    });
  return {
    [COMMANDS.gridFind]: inGrid((grid) => grid.focusFilter()),
    [COMMANDS.gridOpen]: open("message"),
    [COMMANDS.gridOpenValue]: open("value"),
    [COMMANDS.gridOpenHex]: open("hex"),
    [COMMANDS.gridCopyKey]: inGrid((grid, arg) => copy(grid, arg, "key")),
    [COMMANDS.gridCopyValue]: inGrid((grid, arg) => copy(grid, arg, "value")),
    [COMMANDS.gridFilterKey]: filterOn(services, "key"),
    [COMMANDS.gridFilterValue]: filterOn(services, "value"),
    [COMMANDS.gridFilterField]: filterOn(services, "field"),
    [COMMANDS.gridColumns]: inGrid((grid) => chooseColumns(services, grid)),
    [COMMANDS.gridAddColumn]: inGrid((grid) => addColumn(services, grid)),
    [COMMANDS.gridHideColumn]: editColumns((grid, key) =>
      grid.setColumns(withoutColumn(grid.state.columns, key)),
    ),
    [COMMANDS.gridMoveColumnLeft]: editColumns((grid, key) =>
      grid.setColumns(movedColumn(grid.state.columns, key, -1)),
    ),
    [COMMANDS.gridMoveColumnRight]: editColumns((grid, key) =>
      grid.setColumns(movedColumn(grid.state.columns, key, 1)),
    ),
    [COMMANDS.gridFilters]: inGrid((grid) => applySavedFilter(services, grid)),
    [COMMANDS.gridSaveFilter]: inGrid((grid) => saveFilter(services, grid)),
    [COMMANDS.gridDeleteFilters]: () => deleteSavedFilters(services),
  };
}

/** The column that a click was about, on its head or on a cell. */
function columnOf(arg: unknown): string | undefined {
  if (typeof arg !== "object" || arg === null || !("column" in arg)) return undefined;
  return typeof arg.column === "string" ? arg.column : undefined;
}

function copy(grid: GridPanel, arg: unknown, kind: "key" | "value"): Promise<void> | undefined {
  const message = cellOf(arg) ?? grid.state.selected;
  return message && grid.copy(message, { kind, widthPx: undefined });
}

/** Shows the messages that are the same as the one that was clicked, as far as this part of it goes. */
function filterOn(services: Services, part: "key" | "value" | "field") {
  const notRunning = vscode.l10n.t("Start the lab first: messages live in it.");
  return withLab(services, notRunning, async (lab, arg) => {
    const grid = services.grids.active;
    const cell = cellOf(arg) ?? grid?.state.selected;
    if (grid === undefined || cell === undefined) return;
    const { partition, offset } = cell;
    const message = await getMessage(lab, { topic: grid.state.topic, partition, offset });
    const filter = part === "field" ? fieldFilter(cell, message) : sameField(part, message);
    if (filter !== undefined) {
      grid.applyFilter(filter);
      return;
    }
    services.prompts.notify({
      level: "warning",
      message: vscode.l10n.t(
        "A condition can only compare text of up to 4,000 characters, numbers, true and false.",
      ),
      actions: [],
    });
  });
}

function fieldFilter(
  { column }: Partial<GridCell>,
  message: Parameters<typeof sourceAt>[0],
): MessageFilter | undefined {
  const path = column?.startsWith("field:") ? parseFieldPath(column.slice(6)) : undefined;
  const source = path && sourceAt(message, path);
  return path && source !== undefined ? samePart(path, source) : undefined;
}

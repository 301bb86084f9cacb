import * as vscode from "vscode";
import type { GridPanel } from "../editors/grid-panel.ts";
import { filterText, type SavedFilter, withFilter } from "../editors/saved-filter.ts";
import { savedFilters, saveFilters } from "../editors/saved-filters.ts";
import type { Services } from "./services.ts";

/** The word that the webview was clicked can come after the list was opened, which would close it again. */
export const FROM_GRID = { ignoreFocusOut: true } as const;

interface FilterItem extends vscode.QuickPickItem {
  readonly saved: SavedFilter | undefined;
}

const filterItem = (saved: SavedFilter): FilterItem => ({
  label: saved.name,
  description: filterText(saved.filter),
  saved,
});

/** Asks which of the saved filters to apply; the one in the bar can be saved from here too. */
export async function applySavedFilter(services: Services, grid: GridPanel): Promise<void> {
  const written = await grid.writtenFilter();
  const save: FilterItem[] =
    written === undefined
      ? []
      : [
          {
            label: vscode.l10n.t("$(save) Save This Filter..."),
            description: filterText(written),
            alwaysShow: true,
            saved: undefined,
          },
        ];
  const items = [...savedFilters().map(filterItem), ...save];
  if (items.length === 0) {
    services.prompts.notify({
      level: "info",
      message: vscode.l10n.t("There are no saved filters yet. Write one, and save it from here."),
      actions: [],
    });
    return;
  }
  const picked = await services.prompts.pick(items, {
    title: vscode.l10n.t("Apply Saved Filter"),
    ...FROM_GRID,
    matchOnDescription: true,
  });
  if (picked === undefined) return;
  if (picked.saved === undefined) await saveFilter(services, grid);
  else grid.applyFilter(picked.saved.filter);
}

/** Keeps the filter in the bar with the workspace, under a name. */
export async function saveFilter(services: Services, grid: GridPanel): Promise<void> {
  const filter = await grid.writtenFilter();
  if (filter === undefined) {
    services.prompts.notify({
      level: "info",
      message: vscode.l10n.t("There is no filter to save. Write one first."),
      actions: [],
    });
    return;
  }
  const name = await services.prompts.input({
    title: vscode.l10n.t("Save Filter"),
    ...FROM_GRID,
    prompt: vscode.l10n.t("Name; a filter that has it already is replaced"),
    value: filterText(filter).slice(0, 60),
  });
  if (name === undefined || name.trim() === "") return;
  await saveFilters(withFilter(savedFilters(), { name: name.trim(), filter }));
}

/** Asks which of the saved filters to delete. */
export async function deleteSavedFilters({ prompts }: Services): Promise<void> {
  const saved = savedFilters();
  const picked = await prompts.pickMany(saved.map(filterItem), {
    title: vscode.l10n.t("Delete Saved Filters"),
    placeHolder: vscode.l10n.t("Filters to delete"),
    matchOnDescription: true,
  });
  if (picked === undefined || picked.length === 0) return;
  const gone = new Set(picked.map((item) => item.saved?.name));
  await saveFilters(saved.filter(({ name }) => !gone.has(name)));
}

import * as vscode from "vscode";
import { SETTINGS } from "../ids.ts";
import { labFolder } from "../settings.ts";
import { parseSavedFilters, type SavedFilter, savedFiltersSetting } from "./saved-filter.ts";

/** The filters that this workspace and the user have saved. */
export function savedFilters(): readonly SavedFilter[] {
  const settings = vscode.workspace.getConfiguration(SETTINGS.section, labFolder()?.uri);
  return parseSavedFilters(settings.get<unknown>(SETTINGS.filters));
}

/** Writes filters into the settings of the workspace, where they can be read, shared and compared as text. */
export async function saveFilters(saved: readonly SavedFilter[]): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SETTINGS.section, labFolder()?.uri);
  const target =
    labFolder() === undefined
      ? vscode.ConfigurationTarget.Global
      : vscode.ConfigurationTarget.Workspace;
  const value = saved.length === 0 ? undefined : savedFiltersSetting(saved);
  await settings.update(SETTINGS.filters, value, target);
}

import path from "node:path";
import * as vscode from "vscode";
import { SETTINGS } from "./ids.ts";

/** Where the lab of this window lives and how it is started. */
export interface LabSettings {
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
  /** Wanted port for Kafka clients, 0 to 65,535; 0 lets the lab pick. */
  readonly port: number;
  /** Start the lab on activation. */
  readonly autoStart: boolean;
}

/** The settings for the first workspace folder, or undefined when there is no folder on disk. */
export function labSettings(): LabSettings | undefined {
  const folder = labFolder();
  if (folder === undefined) return undefined;
  const settings = vscode.workspace.getConfiguration(SETTINGS.section, folder.uri);
  return {
    dataFolder: path.resolve(
      folder.uri.fsPath,
      settings.get<string>(SETTINGS.dataFolder, ".streamside"),
    ),
    port: settings.get<number>(SETTINGS.port, 9092),
    autoStart: settings.get<boolean>(SETTINGS.autoStart, false),
  };
}

/** The workspace folder whose lab this window shows: the first one that is on disk. */
export function labFolder(): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === "file");
}

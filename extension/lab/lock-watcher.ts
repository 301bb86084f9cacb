import path from "node:path";
import * as vscode from "vscode";
import { labSettings } from "../settings.ts";
import { lockFile } from "./client.ts";
import type { LabController } from "./controller.ts";

/** Attaches this window to a lab of its workspace that another window or the command line started. */
export function watchForLab(controller: LabController): vscode.Disposable {
  const settings = labSettings();
  if (settings === undefined) return vscode.Disposable.from();
  const lock = lockFile(settings.dataFolder);
  const pattern = new vscode.RelativePattern(
    vscode.Uri.file(path.dirname(lock)),
    path.basename(lock),
  );
  const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, false, true);
  const notice = () => controller.notice();
  return vscode.Disposable.from(watcher, watcher.onDidCreate(notice), watcher.onDidChange(notice));
}

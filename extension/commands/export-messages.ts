import path from "node:path";
import * as vscode from "vscode";
import type { FileFormat } from "../../runtime/api/moves.ts";
import type { RunningLab } from "../lab/client.ts";
import { askSource } from "../moves/ask-source.ts";
import { moveArg } from "../moves/move-arg.ts";
import { labFolder } from "../settings.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { runMove } from "./run-move.ts";
import type { Services } from "./services.ts";

/** Folder of the workspace in which exports are offered a place. */
const CAPTURES = "captures";

interface FormatItem extends vscode.QuickPickItem {
  readonly format: FileFormat;
}

/** Writes messages to a file of the workspace, or wherever the person wants it. */
export async function exportMessages(
  services: Services,
  lab: RunningLab,
  arg: unknown,
): Promise<void> {
  const t = vscode.l10n.t;
  const target = await moveArg(services, t("Export Messages"), arg);
  if (target === undefined) return;
  const title = t("Export Messages of {0}", target.topic);
  const source = await askSource(services.prompts, title, target);
  if (source === undefined) return;
  const items: FormatItem[] = [
    { label: "JSONL", description: t("byte for byte; can be imported again"), format: "jsonl" },
    { label: "CSV", description: t("for spreadsheets, after RFC 4180"), format: "csv" },
    { label: t("Raw Values"), description: t("a folder with a file for each"), format: "raw" },
  ];
  const picked = await services.prompts.pick(items, { title, placeHolder: t("Format") });
  if (picked === undefined) return;
  const { format } = picked;
  const place = await askPlace(services, title, target.topic, format);
  if (place === undefined) return;
  const move = { kind: "export", source, path: place.fsPath, format, offsets: false } as const;
  // The dialog has asked whether a file that is there may go.
  const report = await runMove(services, lab, t("Export of {0}", target.topic), {
    ...move,
    overwrite: true,
  });
  if (report?.outcome !== "done") return;
  services.prompts.notify({
    level: "info",
    message: t(
      "{0} written to {1}.",
      countText(report.moved, wording),
      path.basename(place.fsPath),
    ),
    actions: [
      { title: format === "raw" ? t("Reveal") : t("Open File"), run: () => show(place, format) },
    ],
  });
}

async function askPlace(
  { prompts }: Services,
  title: string,
  topic: string,
  format: FileFormat,
): Promise<vscode.Uri | undefined> {
  const moment = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  const suffix = format === "raw" ? "" : `.${format}`;
  const folder = labFolder();
  const name = `${topic}-${moment}${suffix}`;
  const defaultUri = folder && vscode.Uri.joinPath(folder.uri, CAPTURES, name);
  return prompts.saveFile({
    ...{ title, saveLabel: vscode.l10n.t("Export") },
    ...(defaultUri && { defaultUri }),
    ...(format !== "raw" && { filters: { [format.toUpperCase()]: [format] } }),
  });
}

function show(place: vscode.Uri, format: FileFormat): Thenable<unknown> {
  return format === "raw"
    ? vscode.commands.executeCommand("revealFileInOS", place)
    : vscode.window.showTextDocument(place);
}

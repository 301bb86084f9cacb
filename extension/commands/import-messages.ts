import { stat } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import type { FileFormat, ImportMove, MoveReport } from "../../runtime/api/moves.ts";
import type { RunningLab } from "../lab/client.ts";
import { firstText, placeOfFault, warnings } from "../moves/move-text.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { askTopic } from "./ask-topic.ts";
import { runMove } from "./run-move.ts";
import type { Services } from "./services.ts";
import { targetOf } from "./targets.ts";

/** Sends the messages of a file, or of a folder of raw values, after the whole of it was looked at. */
export async function importMessages(
  services: Services,
  lab: RunningLab,
  arg: unknown,
): Promise<void> {
  const t = vscode.l10n.t;
  const { prompts, moves } = services;
  const [place] =
    (await prompts.openFile({
      ...{ title: t("Import Messages"), openLabel: t("Import") },
      ...{ canSelectFiles: true, canSelectFolders: true },
      filters: { [t("Messages")]: ["jsonl", "ndjson", "csv"], [t("All Files")]: ["*"] },
    })) ?? [];
  if (place === undefined) return;
  const file = place.fsPath;
  const topic =
    targetOf(arg)?.topic ?? (await askTopic(services, t("Import Messages into"), topicOf(file)));
  if (topic === undefined) return;
  const move: ImportMove = {
    ...{ kind: "import", path: file, format: await formatOf(file), topic, skip: 0 },
    ...{ keepPartition: true, keepTimestamp: true },
  };
  const title = t("Import of {0}", path.basename(file));
  let preview: MoveReport;
  try {
    preview = await moves.run(lab, title, move, true);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    sayFault(services, place, error.message);
    return;
  }
  if (preview.outcome !== "done") return;
  const count = countText(preview.moved, wording);
  const isSure = await prompts.confirm({
    message: t("Import {0} into {1}?", count, topic),
    detail: [
      t("Lab {0}", lab.info.bootstrap),
      ...(preview.targets.some(({ exists }) => !exists) ? [t("The topic is created.")] : []),
      ...warnings(preview),
      ...(preview.first ? [firstText(preview.first, wording)] : []),
    ].join("\n"),
    verb: t("Import"),
  });
  if (!isSure) return;
  await send(services, lab, title, move, preview.moved);
}

/** Sends what was looked at; an import that was stopped can go on where it was. */
async function send(
  services: Services,
  lab: RunningLab,
  title: string,
  move: ImportMove,
  left: number,
): Promise<void> {
  const t = vscode.l10n.t;
  const { topic } = move;
  const report = await runMove(services, lab, title, move);
  if (report === undefined) return;
  const moved = countText(report.moved, wording);
  const isDone = report.outcome === "done";
  const skip = move.skip + report.moved;
  const goOn = () => send(services, lab, title, { ...move, skip }, left - report.moved);
  const peek = () => services.grids.peek({ topic, partition: undefined });
  services.prompts.notify({
    level: "info",
    message: isDone
      ? t("{0} imported into {1}.", moved, topic)
      : t(
          "The import into {0} was stopped after {1} of {2}.",
          topic,
          moved,
          left.toLocaleString(wording.locale),
        ),
    actions: [
      ...(isDone ? [] : [{ title: t("Go On"), run: goOn }]),
      { title: t("Peek Messages"), run: peek },
    ],
  });
}

/** A topic's name that a file's suggests: that of an export begins with it. */
function topicOf(file: string): string {
  const name = path.basename(file).replace(/\.(jsonl|ndjson|csv)$/i, "");
  return name.replace(/-\d{8}-\d{6}$/, "").replaceAll(/[^\w.-]/g, "_");
}

async function formatOf(file: string): Promise<FileFormat> {
  if ((await stat(file)).isDirectory()) return "raw";
  return file.toLowerCase().endsWith(".csv") ? "csv" : "jsonl";
}

function sayFault({ prompts }: Services, file: vscode.Uri, message: string): void {
  const place = placeOfFault(message);
  const show = async (): Promise<void> => {
    const at = new vscode.Position((place?.line ?? 1) - 1, (place?.column ?? 1) - 1);
    await vscode.window.showTextDocument(file, { selection: new vscode.Range(at, at) });
  };
  const actions = place === undefined ? [] : [{ title: vscode.l10n.t("Show Line"), run: show }];
  prompts.notify({ level: "error", message, actions });
}

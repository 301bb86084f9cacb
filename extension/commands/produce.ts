import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import type { LoadReport } from "../../runtime/api/load.ts";
import type { Placement } from "../../runtime/api/model.ts";
import type { MessageLine } from "../../runtime/api/produce-document.ts";
import { openProduceDocument, topicOf } from "../editors/produce-documents.ts";
import { openTemplatePreview } from "../editors/template-preview.ts";
import { COMMANDS } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import { generateLoad, parseWanted, produceTemplate } from "./produce-template.ts";
import { produceFile } from "./produce-file.ts";
import { sayProduced, send } from "./produce-send.ts";
import { showFault, showProblem } from "./show-problem.ts";
import { type CommandTable, type Services, withLab } from "./services.ts";
import { askTarget, messageOf, pickTopic, targetOf } from "./targets.ts";

/** Commands that produce messages. */
export function produceCommands(services: Services): CommandTable {
  const notRunning = vscode.l10n.t("Start the lab first: messages live in it.");
  return {
    [COMMANDS.produceMessage]: withLab(services, notRunning, async (_lab, arg) => {
      const target = targetOf(arg) ?? (await askTarget(services, vscode.l10n.t("Produce Message")));
      if (target !== undefined) await openProduceDocument(target.topic);
    }),
    [COMMANDS.produceDocument]: withLab(services, notRunning, async (lab, arg) => {
      const document = await documentOf(arg);
      return document && produceLines(services, lab, document, () => true);
    }),
    [COMMANDS.produceSelection]: withLab(services, notRunning, async (lab, arg, line) => {
      const document = await documentOf(arg);
      const wanted = typeof line === "number" ? (at: number) => at === line : selectedLines();
      return document && produceLines(services, lab, document, wanted);
    }),
    [COMMANDS.produceFile]: withLab(services, notRunning, (lab, arg) =>
      produceFile(services, lab, arg),
    ),
    [COMMANDS.generateLoad]: withLab(services, notRunning, async (lab, arg) => {
      const wanted = parseWanted(arg);
      const document = await documentOf(wanted?.uri ?? arg);
      return document && generateLoad(services, lab, document, wanted?.size);
    }),
    [COMMANDS.previewTemplate]: async (arg) => {
      const document = await documentOf(arg);
      if (document !== undefined) await openTemplatePreview(document.uri);
    },
    [COMMANDS.showProduced]: (arg) => {
      const at = messageOf(arg);
      if (at !== undefined) services.grids.showMessage(at.topic, at);
    },
  };
}

async function documentOf(arg: unknown): Promise<vscode.TextDocument | undefined> {
  const uri = arg instanceof vscode.Uri ? arg : vscode.window.activeTextEditor?.document.uri;
  return uri && vscode.workspace.openTextDocument(uri);
}

/** Whether a line, counted from 0, is one that the cursors of the active editor are on. */
function selectedLines(): (line: number) => boolean {
  const selections = vscode.window.activeTextEditor?.selections ?? [];
  return (line) => selections.some(({ start, end }) => line >= start.line && line <= end.line);
}

/** Produces messages of a document; a faulty line is shown where it is, and then nothing is sent. */
async function produceLines(
  services: Services,
  lab: RunningLab,
  document: vscode.TextDocument,
  wanted: (line: number) => boolean,
): Promise<readonly Placement[] | LoadReport | undefined> {
  const { produce, prompts } = services;
  const file = produce.check(document);
  if (await showFault(document, file.faults, wanted)) return undefined;
  if (file.template !== undefined) {
    return produceTemplate(services, lab, document, file.template, wanted);
  }
  const lines = file.messages.filter(({ line }) => wanted(line));
  if (lines.length === 0) {
    const message = vscode.l10n.t("There is no message here: write one JSON object per line.");
    prompts.notify({ level: "warning", message, actions: [] });
    return undefined;
  }
  const topic =
    topicOf(document, file) ?? (await pickTopic(services, vscode.l10n.t("Produce Messages to")));
  return topic === undefined ? undefined : sendLines(services, lab, document, topic, lines);
}

async function sendLines(
  services: Services,
  lab: RunningLab,
  document: vscode.TextDocument,
  topic: string,
  lines: readonly MessageLine[],
): Promise<readonly Placement[] | undefined> {
  const { produce } = services;
  const title = vscode.l10n.t("Producing to {0}", topic);
  const outcome = await send({ lab, topic, title, count: lines.length, open: () => lines });
  if (outcome.kind === "refused") {
    const { line, refused } = outcome.refused;
    produce.refuse(document, line, refused.message);
    await showProblem(document, new vscode.Position(line, 0));
    throw new LabError(refused.code, refused.message);
  }
  const placed = outcome.placements.map((placement, at): [number, Placement] => [
    lines[at]?.line ?? 0,
    placement,
  ]);
  produce.place(document, new Map(placed));
  sayProduced(services, topic, outcome);
  return outcome.placements;
}

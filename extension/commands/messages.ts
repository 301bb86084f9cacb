import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import type { Placement } from "../../runtime/api/model.ts";
import { reopenAs } from "../editors/message-documents.ts";
import { openProduceDocument, produceMessages } from "../editors/produce-documents.ts";
import { topicOfFile } from "../editors/produce-text.ts";
import { COMMANDS } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { type CommandTable, type Services, withLab } from "./services.ts";
import { pickTopic, targetOf } from "./targets.ts";

/** Commands that look at messages or produce them. */
export function messageCommands(services: Services): CommandTable {
  const notRunning = vscode.l10n.t("Start the lab first: messages live in it.");
  return {
    [COMMANDS.peekMessages]: withLab(services, notRunning, async (_lab, arg) => {
      const target = targetOf(arg) ?? (await askTarget(services, vscode.l10n.t("Peek Messages")));
      if (target !== undefined) services.grids.peek(target);
    }),
    [COMMANDS.tailMessages]: withLab(services, notRunning, async (_lab, arg) => {
      const target = targetOf(arg) ?? (await askTarget(services, vscode.l10n.t("Tail Messages")));
      if (target !== undefined) services.grids.tail(target);
    }),
    [COMMANDS.produceMessage]: withLab(services, notRunning, async (_lab, arg) => {
      const target = targetOf(arg) ?? (await askTarget(services, vscode.l10n.t("Produce Message")));
      if (target !== undefined) await openProduceDocument(target.topic);
    }),
    [COMMANDS.produceDocument]: withLab(services, notRunning, (lab, arg) =>
      produceDocument(services, lab, arg),
    ),
    [COMMANDS.showValue]: () => reopenAs("value"),
    [COMMANDS.showHex]: () => reopenAs("hex"),
  };
}

async function askTarget(services: Services, title: string) {
  const topic = await pickTopic(services, title);
  return topic === undefined ? undefined : { topic, partition: undefined };
}

/** Produces the messages of a document; a faulty line is shown where it is, and then nothing is sent. */
async function produceDocument(
  services: Services,
  lab: RunningLab,
  arg: unknown,
): Promise<readonly Placement[] | undefined> {
  const uri = arg instanceof vscode.Uri ? arg : vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) return undefined;
  const document = await vscode.workspace.openTextDocument(uri);
  const { messages, faults } = services.produce.check(document);
  const [fault] = faults;
  if (fault !== undefined) {
    const at = new vscode.Position(fault.line, fault.fault.column - 1);
    const selection = new vscode.Range(at, at);
    await vscode.window.showTextDocument(document, { selection });
    await vscode.commands.executeCommand("editor.action.marker.next");
    return undefined;
  }
  if (messages.length === 0) {
    const message = vscode.l10n.t(
      "There is no message in this file: write one JSON object per line.",
    );
    services.prompts.notify({ level: "warning", message, actions: [] });
    return undefined;
  }
  const topic =
    topicOfFile(uri.path) ?? (await pickTopic(services, vscode.l10n.t("Produce Messages to")));
  if (topic === undefined) return undefined;
  try {
    const placements = await produceMessages(lab, topic, messages);
    sayProduced(services, topic, placements);
    return placements;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    services.produce.refuse(document, error.message);
    throw error;
  }
}

function sayProduced(
  { prompts, grids }: Services,
  topic: string,
  placements: readonly Placement[],
): void {
  const [first] = placements;
  if (first === undefined) return;
  const title =
    placements.length === 1 ? vscode.l10n.t("Show Message") : vscode.l10n.t("Show First Message");
  prompts.notify({
    level: "info",
    message: vscode.l10n.t("{0} produced to {1}.", countText(placements.length, wording), topic),
    actions: [{ title, run: () => grids.showMessage(topic, first) }],
  });
}

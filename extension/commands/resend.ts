import * as vscode from "vscode";
import type { NewMessage } from "../../runtime/api/model.ts";
import { parseProduceDocument, type ProduceDocument } from "../../runtime/api/produce-document.ts";
import { EditedMessages } from "../editors/edited-messages.ts";
import type { EditedMessage } from "../editors/produce-text.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { send } from "./produce-send.ts";
import type { Services } from "./services.ts";

/** Copies of messages to be edited, which are produced when they are saved. */
export function registerEditedMessages(services: Services): vscode.Disposable {
  return new EditedMessages(services.controller, {
    produce: (uri, message, text) => resend(services, uri, message, parseProduceDocument(text)),
  });
}

/**
 * Produces the edited copy of a message after the person has seen where to, and shows the new message.
 * Rejects with a FileSystemError, which the editor shows, when nothing was produced.
 */
async function resend(
  { controller, prompts, produce, grids }: Services,
  uri: vscode.Uri,
  message: EditedMessage,
  file: ProduceDocument,
): Promise<void> {
  const [fault] = file.faults;
  if (fault !== undefined) {
    const place = `${fault.line + 1}:${fault.fault.column}`;
    const text = vscode.l10n.t("{0}: {1}. Nothing was produced.", place, fault.fault.message);
    throw vscode.FileSystemError.Unavailable(text);
  }
  const lines = file.messages;
  if (lines.length === 0) {
    throw vscode.FileSystemError.Unavailable(
      vscode.l10n.t("There is no message here: write one JSON object per line."),
    );
  }
  if (controller.status.kind !== "running") {
    throw vscode.FileSystemError.Unavailable(
      vscode.l10n.t("The lab is not running. Nothing was produced."),
    );
  }
  const { lab } = controller.status;
  const topic = file.settings.topic ?? message.topic;
  const first = lines[0]?.message;
  const isWanted = await prompts.confirm({
    message: question(topic, lines.length, first),
    detail: vscode.l10n.t(
      "The message at offset {0} of {1} [{2}] stays as it is.",
      message.offset,
      message.topic,
      message.partition,
    ),
    verb: vscode.l10n.t("Produce"),
  });
  if (!isWanted) throw vscode.FileSystemError.Unavailable(vscode.l10n.t("Nothing was produced."));
  const title = vscode.l10n.t("Producing to {0}", topic);
  const outcome = await send({ lab, topic, title, count: lines.length, open: () => lines }).catch(
    (error: unknown) => {
      throw vscode.FileSystemError.Unavailable(error instanceof Error ? error.message : "");
    },
  );
  if (outcome.kind === "refused") {
    const text = vscode.l10n.t("{0} Nothing was produced.", outcome.refused.refused.message);
    throw vscode.FileSystemError.Unavailable(text);
  }
  const [placement] = outcome.placements;
  const document = vscode.workspace.textDocuments.find(
    (one) => one.uri.toString() === uri.toString(),
  );
  if (document !== undefined) {
    const placed = outcome.placements.map((one, at) => [lines[at]?.line ?? 0, one] as const);
    produce.place(document, new Map(placed));
  }
  if (placement !== undefined) grids.showMessage(topic, placement);
}

function question(topic: string, count: number, first: NewMessage | undefined): string {
  const messages = countText(count, wording);
  if (count > 1 || first === undefined) {
    return vscode.l10n.t("Produce {0} to topic {1}?", messages, topic);
  }
  return first.partition === undefined
    ? vscode.l10n.t("Produce {0} to topic {1}, to the partition of its key?", messages, topic)
    : vscode.l10n.t("Produce {0} to topic {1}, partition {2}?", messages, topic, first.partition);
}

import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import type { Message } from "../../runtime/api/model.ts";
import { decodePage } from "../../runtime/api/page.ts";
import { MESSAGE_SCHEME } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import type { LabController } from "../lab/controller.ts";
import { messageText, valueHex, valueText } from "./message-text.ts";
import {
  type MessageAddress,
  type MessageForm,
  MESSAGE_URI_BASE,
  messagePath,
  parseMessagePath,
} from "./message-uri.ts";

/** One whole message, nothing cut. Rejects with a LabError when it is not there. */
export async function getMessage(
  lab: RunningLab,
  { topic, partition, offset }: Omit<MessageAddress, "form">,
): Promise<Message> {
  const { page } = await lab.request("messages/get", { topic, partition, offset });
  const [message] = decodePage(page);
  if (message === undefined) {
    const text = vscode.l10n.t("{0} [{1}] has no message at offset {2}.", topic, partition, offset);
    throw new LabError("offset-out-of-range", text);
  }
  return message;
}

/** Opens a message as a read-only document in the given form. */
export async function openMessage(address: MessageAddress): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.from({ ...MESSAGE_URI_BASE, path: messagePath(address) });
  const document = await vscode.workspace.openTextDocument(uri);
  return vscode.window.showTextDocument(document, { preview: true });
}

/** Shows what differs between two messages, each as a document. */
export async function compareMessages(
  left: Omit<MessageAddress, "form">,
  right: Omit<MessageAddress, "form">,
): Promise<void> {
  const [from, to] = [left, right].map((address) =>
    vscode.Uri.from({ ...MESSAGE_URI_BASE, path: messagePath({ ...address, form: "message" }) }),
  );
  const name = ({ topic, partition, offset }: Omit<MessageAddress, "form">) =>
    `${topic}[${partition}] ${offset}`;
  await vscode.commands.executeCommand("vscode.diff", from, to, `${name(left)} ↔ ${name(right)}`);
}

/** The same message as the active document shows, in another form. */
export async function reopenAs(form: MessageForm): Promise<void> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  const address = uri?.scheme === MESSAGE_SCHEME ? parseMessagePath(uri.path) : undefined;
  if (address !== undefined) await openMessage({ ...address, form });
}

function textOf({ topic, form }: MessageAddress, message: Message): string {
  switch (form) {
    case "message":
      return messageText(topic, message);
    case "value":
      return valueText(message, (bytes) =>
        vscode.l10n.t(
          "... {0} more bytes. Save Message Value As... writes all of them to a file.",
          new Intl.NumberFormat(vscode.env.language).format(bytes),
        ),
      );
    case "hex":
      return valueHex(message);
    default:
      return form satisfies never;
  }
}

/** Serves the documents of the `streamside` scheme. A message never changes, so neither do they. */
export function registerMessageDocuments(controller: LabController): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent(uri) {
      const address = parseMessagePath(uri.path);
      if (address === undefined) throw new Error(vscode.l10n.t("{0} names no message.", uri.path));
      if (controller.status.kind !== "running") {
        return vscode.l10n.t("The lab is not running. Start it to see this message.");
      }
      try {
        return textOf(address, await getMessage(controller.status.lab, address));
      } catch (error) {
        // A document outlives its message: the topic can be deleted, retention can take it away.
        if (error instanceof LabError) return error.message;
        throw error;
      }
    },
  };
  // Documents that were restored before the lab was there are filled once it is.
  const refill = controller.onDidChangeStatus((status) => {
    if (status.kind !== "running") return;
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === MESSAGE_SCHEME) changed.fire(uri);
    }
  });
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(MESSAGE_SCHEME, provider),
    refill,
    changed,
  );
}

import { writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import { exactTextOf } from "../../runtime/api/bytes.ts";
import { printMessageLine } from "../../runtime/api/jsonl.ts";
import type { FieldBytes, Message } from "../../runtime/api/model.ts";
import { openEdit } from "../editors/edited-messages.ts";
import { hexText } from "../editors/hex-text.ts";
import { compareMessages, getMessage } from "../editors/message-documents.ts";
import { parseMessagePath } from "../editors/message-uri.ts";
import { COMMANDS, MESSAGE_SCHEME } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import { type CommandTable, type Services, withLab } from "./services.ts";
import { cellOf, type MessageAt, messageOf } from "./targets.ts";

/** Commands about one message: of a grid, of a document, or `{topic, partition, offset}`. */
export function messageDocumentCommands(services: Services): CommandTable {
  const notRunning = vscode.l10n.t("Start the lab first: messages live in it.");
  const about = (run: (lab: RunningLab, at: MessageAt, other: unknown) => unknown) =>
    withLab(services, notRunning, (lab, arg, other) => {
      const at = messageFor(services, arg);
      return at && run(lab, at, other);
    });
  const copy = (textOf: (message: Message) => string) =>
    about(async (lab, at) => vscode.env.clipboard.writeText(textOf(await getMessage(lab, at))));
  return {
    [COMMANDS.compareMessages]: about(async (_lab, at, arg) => {
      const named = messageOf(arg);
      if (named !== undefined) return compareMessages(at, named);
      const other = await askOther(services, at);
      if (other !== undefined) await compareMessages(other, at);
    }),
    [COMMANDS.copyMessageLine]: copy(lineOf),
    [COMMANDS.copyMessageKey]: copy(({ key }) => textOf(key)),
    [COMMANDS.copyMessageValue]: copy(({ value }) => textOf(value)),
    [COMMANDS.saveMessageValue]: about((lab, at, file) => saveValue(services, lab, at, file)),
    [COMMANDS.editAndResend]: about((_lab, at) => openEdit(at)),
  };
}

/** The message that a command was called on: named, clicked, of the document in front, or selected in the grid in front. */
function messageFor({ grids }: Services, arg: unknown): MessageAt | undefined {
  const named = messageOf(arg);
  if (named !== undefined) return named;
  const grid = grids.active;
  const cell = cellOf(arg);
  if (grid !== undefined && cell !== undefined) return { topic: grid.state.topic, ...cell };
  const uri = arg instanceof vscode.Uri ? arg : vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme === MESSAGE_SCHEME) return parseMessagePath(uri.path);
  const selected = grid?.state.selected;
  return grid && selected && { topic: grid.state.topic, ...selected };
}

interface OtherItem extends vscode.QuickPickItem {
  readonly at: MessageAt | undefined;
}

/** Asks what a message is to be compared with. */
async function askOther(
  { prompts }: Services,
  { topic, partition, offset }: MessageAt,
): Promise<MessageAt | undefined> {
  const { t } = vscode.l10n;
  const near = (label: string, at: number): OtherItem => ({
    ...{ label, description: t("offset {0}", at), at: { topic, partition, offset: at } },
  });
  const items: readonly OtherItem[] = [
    ...(offset > 0 ? [near(t("Message before"), offset - 1)] : []),
    near(t("Message after"), offset + 1),
    ...openMessages({ topic, partition, offset }),
    { label: t("Another offset..."), at: undefined },
  ];
  const title = t("Compare {0} [{1}] {2} with", topic, partition, offset);
  const picked = await prompts.pick(items, { title });
  if (picked === undefined || picked.at !== undefined) return picked?.at;
  const isOffset = (text: string) => /^\d{1,15}$/.test(text);
  const text = await prompts.input({
    title,
    prompt: t("Offset in partition {0} of {1}", partition, topic),
    validateInput: (typed) => (isOffset(typed) ? undefined : t("Expected an offset, 0 or greater")),
  });
  return text !== undefined && isOffset(text)
    ? { topic, partition, offset: Number(text) }
    : undefined;
}

/** The other messages that are open as documents. */
function openMessages(except: MessageAt): readonly OtherItem[] {
  const found = new Map<string, OtherItem>();
  for (const { uri } of vscode.workspace.textDocuments) {
    const at = uri.scheme === MESSAGE_SCHEME ? parseMessagePath(uri.path) : undefined;
    if (at === undefined) continue;
    const { topic, partition, offset } = at;
    const label = `${topic} [${partition}] ${offset}`;
    const isSame =
      topic === except.topic && partition === except.partition && offset === except.offset;
    const description = vscode.l10n.t("open");
    if (!isSame) found.set(label, { label, description, at: { topic, partition, offset } });
  }
  return [...found.values()];
}

/** As `streamside peek --json` prints it. */
function lineOf(message: Message): string {
  const { key, value } = message;
  return printMessageLine({ ...message, key: key?.bytes ?? null, value: value?.bytes ?? null });
}

/** The exact text, or a hexadecimal listing of what is none. Nothing for null. */
function textOf(field: FieldBytes | null): string {
  const bytes = field?.bytes ?? new Uint8Array(0);
  return exactTextOf(bytes) ?? hexText(bytes);
}

/** Writes the bytes of the value, and nothing else, to a file. */
async function saveValue(
  { prompts }: Services,
  lab: RunningLab,
  at: MessageAt,
  file: unknown,
): Promise<void> {
  const { topic, partition, offset } = at;
  const name = `${topic}-${partition}-${offset}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const defaultUri = folder && vscode.Uri.joinPath(folder, name);
  const uri =
    file instanceof vscode.Uri
      ? file
      : await prompts.saveFile(defaultUri === undefined ? {} : { defaultUri });
  if (uri === undefined) return;
  const { value } = await getMessage(lab, at);
  const bytes = value?.bytes ?? new Uint8Array(0);
  if (uri.scheme === "file") await writeFile(uri.fsPath, bytes);
  else await vscode.workspace.fs.writeFile(uri, bytes);
}

import * as vscode from "vscode";
import { printMessageLine } from "../../runtime/api/jsonl.ts";
import type { Message } from "../../runtime/api/model.ts";
import { LAB_AUTHORITY } from "./message-uri.ts";
import { EDIT_SCHEME } from "../ids.ts";
import type { LabController } from "../lab/controller.ts";
import { LabError } from "../../runtime/api/errors.ts";
import { sizeText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { getMessage } from "./message-documents.ts";
import { type EditedMessage, editPath, parseEditPath } from "./produce-text.ts";

/** Larger messages are not edited as a line of JSON. */
const MAX_EDITED_BYTES = 4 * 1024 * 1024;

/** What saving does. */
export interface EditSaving {
  /** Produces what is written after the person has seen where to. Rejects with what to tell when nothing was. */
  produce(uri: vscode.Uri, message: EditedMessage, text: string): Promise<void>;
}

interface Version {
  readonly bytes: Uint8Array;
  readonly mtime: number;
}

/** Opens a copy of a message to be edited. */
export async function openEdit(message: EditedMessage): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.from({
    ...{ scheme: EDIT_SCHEME, authority: LAB_AUTHORITY, path: editPath(message) },
  });
  const document = await vscode.workspace.openTextDocument(uri);
  return vscode.window.showTextDocument(document, { preview: false });
}

/**
 * Copies of messages as files: reading one gives the message as a line of jsonl.ts, byte for byte, and
 * saving it produces a new message. The one that was read stays as it is. A save that nobody asked for,
 * by a timer or a change of focus, only keeps what is written.
 */
export class EditedMessages implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #controller: LabController;
  readonly #saving: EditSaving;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #versions = new Map<string, Version>();
  /** Documents whose next write was not asked for by a person. */
  readonly #automatic = new Set<string>();
  readonly #owned: vscode.Disposable;

  constructor(controller: LabController, saving: EditSaving) {
    this.#controller = controller;
    this.#saving = saving;
    this.#owned = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerFileSystemProvider(EDIT_SCHEME, this, { isCaseSensitive: true }),
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (document.uri.scheme !== EDIT_SCHEME) return;
        const key = document.uri.toString();
        if (reason === vscode.TextDocumentSaveReason.Manual) this.#automatic.delete(key);
        else this.#automatic.add(key);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#versions.delete(uri.toString())),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { bytes, mtime } = await this.#read(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime, size: bytes.length };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#read(uri)).bytes;
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const message = messageOf(uri);
    const key = uri.toString();
    const before = await this.#read(uri);
    if (!this.#automatic.delete(key)) {
      const text = new TextDecoder().decode(content);
      await this.#saving.produce(uri, message, text);
    }
    const mtime = Math.max(Date.now(), before.mtime + 1);
    this.#versions.set(key, { bytes: Uint8Array.from(content), mtime });
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  async #read(uri: vscode.Uri): Promise<Version> {
    const key = uri.toString();
    const known = this.#versions.get(key);
    if (known !== undefined) return known;
    const bytes = Buffer.from(`${await this.#line(messageOf(uri))}\n`);
    const version = { bytes, mtime: 0 };
    this.#versions.set(key, version);
    return version;
  }

  async #line(address: EditedMessage): Promise<string> {
    const { status } = this.#controller;
    if (status.kind !== "running") {
      const text = vscode.l10n.t("The lab is not running. Start it to edit this message.");
      throw vscode.FileSystemError.Unavailable(text);
    }
    try {
      return lineOf(await getMessage(status.lab, address));
    } catch (error) {
      if (error instanceof LabError) throw vscode.FileSystemError.Unavailable(error.message);
      throw error;
    }
  }
}

/** Without offset and time: those are the new message's own. */
function lineOf({ partition, key, value, headers }: Message): string {
  const sizeBytes = (key?.sizeBytes ?? 0) + (value?.sizeBytes ?? 0);
  if (sizeBytes > MAX_EDITED_BYTES) {
    const sizes = [sizeText(sizeBytes, wording), sizeText(MAX_EDITED_BYTES, wording)];
    const text = vscode.l10n.t(
      "The message has {0}, and up to {1} can be edited. Save its value to a file, change it there, and produce from the file.",
      ...sizes,
    );
    throw new LabError("too-large", text);
  }
  return printMessageLine({
    partition,
    key: key?.bytes ?? null,
    value: value?.bytes ?? null,
    headers,
  });
}

function messageOf(uri: vscode.Uri): EditedMessage {
  const message = parseEditPath(uri.path);
  if (message === undefined) throw vscode.FileSystemError.FileNotFound(uri);
  return message;
}

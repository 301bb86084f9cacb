import path from "node:path";
import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import { MAX_PRODUCE_MESSAGES } from "../../runtime/api/lab.ts";
import type { Placement } from "../../runtime/api/model.ts";
import { encodeNewMessages } from "../../runtime/api/new-messages.ts";
import { COMMANDS, PRODUCE_SUFFIX } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import type { LabController } from "../lab/controller.ts";
import { labFolder } from "../settings.ts";
import {
  type FaultyLine,
  type MessageLine,
  parseProduceFile,
  PRODUCE_TEMPLATE,
  type ProduceFile,
  topicOfFile,
} from "./produce-text.ts";

const SELECTOR: vscode.DocumentSelector = { pattern: `**/*${PRODUCE_SUFFIX}` };
/** Between a keystroke and the diagnostics that follow it. */
const CHECK_DELAY_MS = 200;
/** Problems shown per file. */
const MAX_DIAGNOSTICS = 100;

/** Opens the produce file of a topic: the one in the workspace folder, or a new one with a template. */
export async function openProduceDocument(topic: string): Promise<vscode.TextEditor> {
  const folder = labFolder();
  const name = `${topic}${PRODUCE_SUFFIX}`;
  const file = folder && vscode.Uri.joinPath(folder.uri, name);
  const exists = file !== undefined && (await isFile(file));
  const uri = exists ? file : vscode.Uri.from({ scheme: "untitled", path: file?.path ?? name });
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  if (!exists && document.getText() === "") {
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), PRODUCE_TEMPLATE));
  }
  return editor;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type === vscode.FileType.File;
  } catch {
    return false;
  }
}

/**
 * Produces messages in their order, in runs of MAX_PRODUCE_MESSAGES, and says where each one went. A
 * topic that is not there is created first, as Kafka's own console producer has it.
 */
export async function produceMessages(
  lab: RunningLab,
  topic: string,
  lines: readonly MessageLine[],
): Promise<readonly Placement[]> {
  const placements: Placement[] = [];
  for (let at = 0; at < lines.length; at += MAX_PRODUCE_MESSAGES) {
    const run = lines.slice(at, at + MAX_PRODUCE_MESSAGES).map((one) => one.message);
    const params = { topic, messages: encodeNewMessages(run) };
    const result = await lab.request("messages/produce", params).catch(async (error: unknown) => {
      if (!(error instanceof LabError)) throw error;
      if (error.code !== "unknown-topic") throw afterSome(error, at, lines.length);
      await lab.request("topics/create", { name: topic, partitions: undefined, configs: {} });
      return lab.request("messages/produce", params);
    });
    placements.push(...result.placements);
  }
  return placements;
}

/** Earlier runs stay produced: who tries again has to know how many lines to leave out. */
function afterSome(error: LabError, produced: number, all: number): LabError {
  if (produced === 0) return error;
  const what = vscode.l10n.t("The first {0} of {1} messages have been produced.", produced, all);
  return new LabError(error.code, `${error.message} ${what}`);
}

/** Diagnostics, code lens and title of produce files. */
export class ProduceDocuments implements vscode.Disposable {
  readonly #controller: LabController;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection("streamside.produce");
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #owned: vscode.Disposable;

  constructor(controller: LabController) {
    this.#controller = controller;
    this.#owned = vscode.Disposable.from(
      this.#diagnostics,
      this.#lensesChanged,
      controller.onDidChangeStatus(() => this.#lensesChanged.fire()),
      vscode.workspace.onDidOpenTextDocument((document) => this.#schedule(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      vscode.languages.registerCodeLensProvider(SELECTOR, {
        onDidChangeCodeLenses: this.#lensesChanged.event,
        provideCodeLenses: (document) => this.#lenses(document),
      }),
    );
    for (const document of vscode.workspace.textDocuments) this.#schedule(document);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#owned.dispose();
  }

  /** Reads a document and shows what is wrong with its lines. */
  check(document: vscode.TextDocument): ProduceFile {
    const file = parseProduceFile(document.getText());
    const shown = file.faults.slice(0, MAX_DIAGNOSTICS).map((one) => diagnostic(one));
    this.#diagnostics.set(document.uri, shown);
    return file;
  }

  /** Shows that the lab refused a document. */
  refuse(document: vscode.TextDocument, message: string): void {
    const place = document.lineAt(0).range;
    this.#diagnostics.set(document.uri, [withSource(new vscode.Diagnostic(place, message))]);
  }

  #schedule(document: vscode.TextDocument): void {
    if (!isProduceFile(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    const check = () => {
      this.#timers.delete(key);
      if (!document.isClosed) this.check(document);
    };
    this.#timers.set(key, setTimeout(check, CHECK_DELAY_MS));
  }

  #forget(document: vscode.TextDocument): void {
    clearTimeout(this.#timers.get(document.uri.toString()));
    this.#timers.delete(document.uri.toString());
    this.#diagnostics.delete(document.uri);
  }

  #lenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const topic = topicOfFile(document.uri.path);
    if (topic === undefined) return [];
    const isRunning = this.#controller.status.kind === "running";
    const command = isRunning
      ? {
          command: COMMANDS.produceDocument,
          title: vscode.l10n.t("$(send) Produce to {0}", topic),
          arguments: [document.uri],
        }
      : { command: COMMANDS.startLab, title: vscode.l10n.t("$(play) Start Lab to produce") };
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command)];
  }
}

function isProduceFile(document: vscode.TextDocument): boolean {
  return path.posix.basename(document.uri.path).endsWith(PRODUCE_SUFFIX);
}

function diagnostic({ line, fault }: FaultyLine): vscode.Diagnostic {
  const range = new vscode.Range(line, fault.column - 1, line, fault.endColumn - 1);
  return withSource(new vscode.Diagnostic(range, fault.message, vscode.DiagnosticSeverity.Error));
}

function withSource(made: vscode.Diagnostic): vscode.Diagnostic {
  made.source = "Streamside";
  return made;
}

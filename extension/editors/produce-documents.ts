import * as vscode from "vscode";
import {
  type FaultyLine,
  parseProduceDocument,
  type ProduceDocument,
} from "../../runtime/api/produce-document.ts";
import type { Placement } from "../../runtime/api/model.ts";
import { PREVIEW_SCHEME, PRODUCE_LANGUAGE, PRODUCE_SUFFIX } from "../ids.ts";
import { labFolder } from "../settings.ts";
import { PRODUCE_TEMPLATE, topicOfAddress } from "./produce-text.ts";

/** Between a keystroke and the diagnostics that follow it. */
const CHECK_DELAY_MS = 200;
/** Problems shown per file. */
const MAX_DIAGNOSTICS = 100;
/** Larger documents are checked when they are produced, and not at every keystroke. */
const MAX_CHECKED_CHARACTERS = 4 * 1024 * 1024;
/** Lines of a document whose placements are remembered. */
const MAX_PLACEMENTS = 1_000;

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

/** The topic that a document is for: by what its first line says, or by its name. */
export function topicOf(
  document: vscode.TextDocument,
  { settings }: ProduceDocument,
): string | undefined {
  return settings.topic ?? topicOfAddress(document.uri);
}

/** What is wrong with produce documents, and where their messages went: kept while they are open. */
export class ProduceDocuments implements vscode.Disposable {
  readonly #diagnostics = vscode.languages.createDiagnosticCollection("streamside.produce");
  readonly #placed = new vscode.EventEmitter<void>();
  /** Messages of a document have been placed, or it is different now from what was placed. */
  readonly onDidChangePlacements = this.#placed.event;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #placements = new Map<string, ReadonlyMap<number, Placement>>();
  readonly #owned: vscode.Disposable;

  constructor() {
    this.#owned = vscode.Disposable.from(
      this.#diagnostics,
      this.#placed,
      vscode.workspace.onDidOpenTextDocument((document) => this.#schedule(document)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0) return;
        this.#forgetPlacements(document);
        this.#schedule(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
    );
    for (const document of vscode.workspace.textDocuments) this.#schedule(document);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#owned.dispose();
  }

  /** Reads a document and shows what is wrong with its lines. */
  check(document: vscode.TextDocument): ProduceDocument {
    // A check that is still to come would take away what is found out until then.
    this.#unschedule(document);
    const file = parseProduceDocument(document.getText());
    const shown = file.faults.slice(0, MAX_DIAGNOSTICS).map((one) => diagnostic(one));
    this.#diagnostics.set(document.uri, shown);
    return file;
  }

  /** Shows that the lab refused a line, counted from 0. */
  refuse(document: vscode.TextDocument, line: number, message: string): void {
    const place = document.lineAt(line).range;
    this.#diagnostics.set(document.uri, [withSource(new vscode.Diagnostic(place, message))]);
  }

  /** Where the message of each line, counted from 0, went when it was last produced. */
  placements(document: vscode.TextDocument): ReadonlyMap<number, Placement> {
    return this.#placements.get(document.uri.toString()) ?? new Map();
  }

  /** Remembers where messages went until the document is changed. */
  place(document: vscode.TextDocument, placed: ReadonlyMap<number, Placement>): void {
    const all = [...this.placements(document), ...placed].slice(-MAX_PLACEMENTS);
    this.#placements.set(document.uri.toString(), new Map(all));
    this.#placed.fire();
  }

  #schedule(document: vscode.TextDocument): void {
    if (document.languageId !== PRODUCE_LANGUAGE) return;
    if (document.uri.scheme === PREVIEW_SCHEME) return;
    this.#unschedule(document);
    const check = () => {
      if (!document.isClosed && sizeOf(document) <= MAX_CHECKED_CHARACTERS) this.check(document);
    };
    this.#timers.set(document.uri.toString(), setTimeout(check, CHECK_DELAY_MS));
  }

  #unschedule(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  #forgetPlacements(document: vscode.TextDocument): void {
    if (this.#placements.delete(document.uri.toString())) this.#placed.fire();
  }

  #forget(document: vscode.TextDocument): void {
    this.#unschedule(document);
    this.#placements.delete(document.uri.toString());
    this.#diagnostics.delete(document.uri);
  }
}

function sizeOf(document: vscode.TextDocument): number {
  return document.offsetAt(new vscode.Position(document.lineCount, 0));
}

function diagnostic({ line, fault }: FaultyLine): vscode.Diagnostic {
  const range = new vscode.Range(line, fault.column - 1, line, fault.endColumn - 1);
  return withSource(new vscode.Diagnostic(range, fault.message, vscode.DiagnosticSeverity.Error));
}

function withSource(made: vscode.Diagnostic): vscode.Diagnostic {
  made.source = "Streamside";
  return made;
}

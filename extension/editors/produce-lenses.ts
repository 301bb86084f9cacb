import * as vscode from "vscode";
import {
  type DocumentSettings,
  NO_SETTINGS,
  parseSettingsLine,
  type TemplateSettings,
} from "../../runtime/api/produce-settings.ts";
import { COMMANDS, PREVIEW_SCHEME, PRODUCE_LANGUAGE } from "../ids.ts";
import type { LabController } from "../lab/controller.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import type { ProduceDocuments } from "./produce-documents.ts";
import { topicOfAddress } from "./produce-text.ts";

/** Lines with a lens of their own; the selection produces those beyond. */
const MAX_LENSES = 500;

/** The lenses of produce documents: one for all messages, one per message, and where each of them went. */
export class ProduceLenses implements vscode.Disposable, vscode.CodeLensProvider {
  readonly #controller: LabController;
  readonly #documents: ProduceDocuments;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #owned: vscode.Disposable;

  constructor(controller: LabController, documents: ProduceDocuments) {
    this.#controller = controller;
    this.#documents = documents;
    this.#owned = vscode.Disposable.from(
      this.#changed,
      controller.onDidChangeStatus(() => this.#changed.fire()),
      documents.onDidChangePlacements(() => this.#changed.fire()),
      vscode.languages.registerCodeLensProvider({ language: PRODUCE_LANGUAGE }, this),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (document.uri.scheme === PREVIEW_SCHEME) return [];
    const lines = messageLines(document);
    if (this.#controller.status.kind !== "running") {
      const title = vscode.l10n.t("$(play) Start Lab to produce");
      return [lens(0, { command: COMMANDS.startLab, title })];
    }
    const settings = settingsOf(document);
    const topic = settings.topic ?? topicOfAddress(document.uri);
    const all = [lens(0, allOf(document, topic, settings.template))];
    if (settings.template !== undefined) all.push(...ofTemplate(document));
    return [...all, ...lines.flatMap((line) => this.#ofLine(document, topic, line))];
  }

  #ofLine(
    document: vscode.TextDocument,
    topic: string | undefined,
    line: number,
  ): vscode.CodeLens[] {
    const title = vscode.l10n.t("$(play) Produce");
    const produce = { command: COMMANDS.produceSelection, title, arguments: [document.uri, line] };
    const placement = this.#documents.placements(document).get(line);
    if (placement === undefined || topic === undefined) return [lens(line, produce)];
    const { partition, offset } = placement;
    const shown = {
      command: COMMANDS.showProduced,
      title: vscode.l10n.t("$(check) Partition {0}, offset {1}", partition, offset),
      arguments: [{ topic, partition, offset }],
    };
    return [lens(line, produce), lens(line, shown)];
  }
}

/** The settings on the first line that is not blank, or none. */
function settingsOf(document: vscode.TextDocument): DocumentSettings {
  const parsed = parseSettingsLine(document.lineAt(firstLine(document)).text);
  return parsed?.kind === "settings" ? parsed.settings : NO_SETTINGS;
}

function firstLine(document: vscode.TextDocument): number {
  let line = 0;
  while (line < document.lineCount - 1 && document.lineAt(line).isEmptyOrWhitespace) line++;
  return line;
}

function allOf(
  document: vscode.TextDocument,
  topic: string | undefined,
  template: TemplateSettings | undefined,
): vscode.Command {
  const count = template?.count === undefined ? undefined : countText(template.count, wording);
  const what = count ?? vscode.l10n.t("All");
  const title =
    topic === undefined
      ? vscode.l10n.t("$(run-all) Produce {0}...", what)
      : vscode.l10n.t("$(run-all) Produce {0} to {1}", what, topic);
  return { command: COMMANDS.produceDocument, title, arguments: [document.uri] };
}

function ofTemplate(document: vscode.TextDocument): readonly vscode.CodeLens[] {
  const args = { arguments: [document.uri] };
  const preview = { command: COMMANDS.previewTemplate, title: vscode.l10n.t("Preview"), ...args };
  const load = {
    command: COMMANDS.generateLoad,
    title: vscode.l10n.t("Generate Load..."),
    ...args,
  };
  return [lens(0, preview), lens(0, load)];
}

/** The first lines that hold, or are to hold, a message. */
function messageLines(document: vscode.TextDocument): readonly number[] {
  const lines: number[] = [];
  let isFirst = true;
  for (let line = 0; line < document.lineCount && lines.length < MAX_LENSES; line++) {
    const { text, isEmptyOrWhitespace } = document.lineAt(line);
    if (isEmptyOrWhitespace) continue;
    if (!isFirst || parseSettingsLine(text) === undefined) lines.push(line);
    isFirst = false;
  }
  return lines;
}

function lens(line: number, command: vscode.Command): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command);
}

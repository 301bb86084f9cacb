import * as vscode from "vscode";
import { parseSettingsLine } from "../../runtime/api/produce-document.ts";
import { COMMANDS, PRODUCE_LANGUAGE } from "../ids.ts";
import type { LabController } from "../lab/controller.ts";
import type { ProduceDocuments } from "./produce-documents.ts";
import { topicOfFile } from "./produce-text.ts";

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
    const lines = messageLines(document);
    if (this.#controller.status.kind !== "running") {
      const title = vscode.l10n.t("$(play) Start Lab to produce");
      return [lens(0, { command: COMMANDS.startLab, title })];
    }
    const settings = parseSettingsLine(document.lineAt(0).text);
    const named = settings?.kind === "settings" ? settings.settings.topic : undefined;
    const topic = named ?? topicOfFile(document.uri.path);
    const title =
      topic === undefined
        ? vscode.l10n.t("$(run-all) Produce All...")
        : vscode.l10n.t("$(run-all) Produce All to {0}", topic);
    const all = { command: COMMANDS.produceDocument, title, arguments: [document.uri] };
    return [lens(0, all), ...lines.flatMap((line) => this.#ofLine(document, topic, line))];
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

import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import type { DecodedField } from "../../runtime/api/model.ts";
import { DECODED_SCHEME, SETTINGS } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import type { LabController } from "../lab/controller.ts";
import type { DecoderChoices } from "./decode-choice.ts";
import { decodedText, type DecodedWords } from "./decoded-text.ts";
import { type DecodedAddress, decodedPath, parseDecodedPath } from "./decoded-uri.ts";

/** `user:password` for the schema registry. */
const USER_INFO = "STREAMSIDE_SCHEMA_REGISTRY_USER_INFO";

/** Read-only documents with the decoded text of a key or value. They follow the choice of the decoder. */
export class DecodedDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #controller: LabController;
  readonly #choices: DecoderChoices;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #own: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(controller: LabController, choices: DecoderChoices) {
    this.#controller = controller;
    this.#choices = choices;
    this.#own = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(DECODED_SCHEME, this),
      controller.onDidChangeStatus(({ kind }) => kind === "running" && this.refresh()),
    );
  }

  dispose(): void {
    this.#own.dispose();
    this.#changed.dispose();
  }

  async show(address: DecodedAddress): Promise<vscode.TextEditor> {
    const uri = vscode.Uri.from({ scheme: DECODED_SCHEME, path: decodedPath(address) });
    const document = await vscode.workspace.openTextDocument(uri);
    return vscode.window.showTextDocument(document, { preview: true });
  }

  /** Decodes again whatever is open. */
  refresh(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === DECODED_SCHEME) this.#changed.fire(uri);
    }
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const address = parseDecodedPath(uri.path);
    if (address === undefined) throw new Error(vscode.l10n.t("{0} names no message.", uri.path));
    const { status } = this.#controller;
    if (status.kind !== "running") {
      return vscode.l10n.t("The lab is not running. Start it to see this message.");
    }
    try {
      const decoded = await this.#decode(status.lab, address);
      void this.#colour(uri, decoded?.language ?? "plaintext");
      return decodedText(decoded, words());
    } catch (error) {
      if (error instanceof LabError || error instanceof vscode.FileSystemError)
        return error.message;
      throw error;
    }
  }

  async #decode(lab: RunningLab, address: DecodedAddress): Promise<DecodedField | null> {
    const choice = this.#choices.get(address.topic, address.side);
    const schema =
      choice?.schemaUri === undefined
        ? undefined
        : await textOf(vscode.Uri.parse(choice.schemaUri));
    const settings = vscode.workspace.getConfiguration(SETTINGS.section);
    const url = settings.get<string>(SETTINGS.schemaRegistry, "");
    const registry = url === "" ? undefined : { url, userInfo: process.env[USER_INFO] };
    const params = { ...address, decoder: choice?.decoder, schema, registry };
    const { decoded } = await lab.request("messages/decode", params);
    return decoded;
  }

  /** The document is there only after its text has been given. */
  async #colour(uri: vscode.Uri, language: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.languageId !== language) {
      await vscode.languages.setTextDocumentLanguage(document, language);
    }
  }
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

function words(): DecodedWords {
  return {
    nothing: vscode.l10n.t("It is null."),
    notBecause: (decoder, reason) => vscode.l10n.t("Not {0}: {1}.", decoder, reason),
  };
}

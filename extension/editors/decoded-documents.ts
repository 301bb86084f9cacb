import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import type { MessageRef } from "../../runtime/api/view.ts";
import { DECODED_SCHEME } from "../ids.ts";
import type { LabController } from "../lab/controller.ts";
import { wording } from "../wording.ts";
import { decodedText } from "./decoded-text.ts";

/** Largest schema file that is read. */
const MAX_SCHEMA_BYTES = 1024 * 1024;

/** How one key or value is to be read. */
export interface Decoding extends MessageRef {
  readonly topic: string;
  readonly side: "key" | "value";
  /** Whatever reads the bytes when undefined. */
  readonly decoder: string | undefined;
  /** Path of an `.avsc` or `.proto` file. */
  readonly schemaFile: string | undefined;
}

/** Opens a key or value as it is decoded, as a read-only document. */
export async function openDecoded(decoding: Decoding): Promise<vscode.TextEditor> {
  const { topic, partition, offset, decoder } = decoding;
  const title = `${topic}[${partition}] ${offset}.${decoder ?? "decoded"}.txt`;
  const uri = vscode.Uri.from({
    ...{ scheme: DECODED_SCHEME, authority: "lab", path: `/${title}` },
    query: JSON.stringify(decoding),
  });
  const document = await vscode.workspace.openTextDocument(uri);
  return vscode.window.showTextDocument(document, { preview: true });
}

/** Serves the documents of decoded keys and values. */
export function registerDecodedDocuments(controller: LabController): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(DECODED_SCHEME, {
    async provideTextDocumentContent({ query }) {
      const decoding = parseDecoding(query);
      if (decoding === undefined) throw new Error(vscode.l10n.t("This names no message."));
      if (controller.status.kind !== "running") {
        return vscode.l10n.t("The lab is not running. Start it to see this message.");
      }
      const { schemaFile, ...request } = decoding;
      try {
        const schema = schemaFile === undefined ? undefined : await schemaText(schemaFile);
        const { lab } = controller.status;
        const { decoded } = await lab.request("messages/decode", { ...request, schema });
        return decodedText(decoded, wording);
      } catch (error) {
        if (error instanceof LabError) return error.message;
        throw error;
      }
    },
  });
}

async function schemaText(file: string): Promise<string> {
  const bytes = await readFile(file);
  if (bytes.length <= MAX_SCHEMA_BYTES) return bytes.toString("utf8");
  const limit = MAX_SCHEMA_BYTES / 1024 / 1024;
  throw new LabError("too-large", vscode.l10n.t("{0} is larger than {1} MB.", file, limit));
}

/** What stands in the address of a document, which another window may have written. */
function parseDecoding(query: string): Decoding | undefined {
  let value: unknown;
  try {
    value = JSON.parse(query);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const [topic, partition, offset] = ["topic", "partition", "offset"].map((key) => fields.get(key));
  const [side, decoder, schemaFile] = ["side", "decoder", "schemaFile"].map((key) =>
    fields.get(key),
  );
  if (typeof topic !== "string" || typeof partition !== "number") return undefined;
  if (typeof offset !== "number" || (side !== "key" && side !== "value")) return undefined;
  return {
    ...{ topic, partition, offset, side },
    decoder: typeof decoder === "string" ? decoder : undefined,
    schemaFile: typeof schemaFile === "string" ? schemaFile : undefined,
  };
}

import * as vscode from "vscode";
import type { MessageRef } from "../../runtime/api/view.ts";
import { openDecoded } from "../editors/decoded-documents.ts";
import { FROM_GRID } from "./grid-filters.ts";
import type { Services } from "./services.ts";

interface DecoderItem extends vscode.QuickPickItem {
  /** Whatever reads the bytes when undefined. */
  readonly decoder: string | undefined;
  /** End of the names of the files that describe such bytes; undefined when none is needed. */
  readonly schema: "avsc" | "proto" | undefined;
}

function decoderItems(): readonly DecoderItem[] {
  const item = (label: string, decoder?: string, schema?: DecoderItem["schema"]) => ({
    ...{ label, decoder, schema },
  });
  return [
    { ...item(vscode.l10n.t("Automatic")), description: vscode.l10n.t("says what was tried") },
    ...[item("JSON", "json"), item("XML", "xml"), item("MessagePack", "msgpack")],
    ...[item("CBOR", "cbor"), item("gzip", "gzip")],
    item(vscode.l10n.t("Avro, by an .avsc file..."), "avro", "avsc"),
    item(vscode.l10n.t("Protobuf, by a .proto file..."), "protobuf", "proto"),
    ...[item(vscode.l10n.t("Text"), "text"), item(vscode.l10n.t("Hexadecimal"), "hex")],
  ];
}

/** Asks how the value of a message is to be read, and shows it so. */
export async function decodeValue(
  { prompts }: Services,
  topic: string,
  { partition, offset }: MessageRef,
): Promise<void> {
  const chosen = await prompts.pick(decoderItems(), {
    title: vscode.l10n.t("Decode Value As"),
    ...FROM_GRID,
  });
  if (chosen === undefined) return;
  const { decoder, schema } = chosen;
  const schemaFile = schema === undefined ? undefined : await askSchema(schema);
  if (schema !== undefined && schemaFile === undefined) return;
  await openDecoded({ topic, partition, offset, side: "value", decoder, schemaFile });
}

async function askSchema(ending: string): Promise<string | undefined> {
  const title = vscode.l10n.t("Schema");
  const filters = { [vscode.l10n.t("Schemas")]: [ending] };
  const [file] = (await vscode.window.showOpenDialog({ title, filters })) ?? [];
  return file?.fsPath;
}

import * as vscode from "vscode";
import type { DecoderChoice, DecoderChoices, Side } from "../decoding/decode-choice.ts";
import type { DecodedDocuments } from "../decoding/decoded-documents.ts";
import { type DecodedAddress, parseDecodedPath } from "../decoding/decoded-uri.ts";
import { parseMessagePath } from "../editors/message-uri.ts";
import { COMMANDS, DECODED_SCHEME, MESSAGE_SCHEME } from "../ids.ts";
import type { CommandTable, Services } from "./services.ts";

/** Most files that are offered as a schema. */
const MAX_SCHEMA_FILES = 200;
/** Ends of the files that these decoders read schemas from. */
const SCHEMA_ENDS: Readonly<Record<string, string>> = { avro: "avsc", protobuf: "proto" };

interface DecoderItem extends vscode.QuickPickItem {
  readonly id: string | undefined;
}

export interface Decoding {
  readonly choices: DecoderChoices;
  readonly documents: DecodedDocuments;
}

/** The command that shows keys and values through a decoder, and remembers which. */
export function decodingCommands(services: Services, decoding: Decoding): CommandTable {
  return { [COMMANDS.decodeAs]: () => decodeAs(services, decoding) };
}

async function decodeAs({ prompts }: Services, { choices, documents }: Decoding): Promise<void> {
  const shown = shownMessage(vscode.window.activeTextEditor?.document.uri);
  if (shown === undefined) {
    const message = vscode.l10n.t("Open a message first: its key or value is what is decoded.");
    return prompts.notify({ level: "warning", message, actions: [] });
  }
  const side = shown.side ?? (await askSide({ prompts }));
  if (side === undefined) return;
  const { topic } = shown;
  const present = choices.get(topic, side);
  const title = vscode.l10n.t("Decode {0} of {1} As", sideName(side), topic);
  const item = await prompts.pick(decoderItems(present), { title });
  if (item === undefined) return;
  const choice = await choiceOf({ prompts }, item.id);
  if (choice === "cancelled") return;
  await choices.set(topic, side, choice);
  documents.refresh();
  await documents.show({ ...shown, side });
}

/** The message in front; of a decoded one the side too. */
function shownMessage(
  uri: vscode.Uri | undefined,
): (Omit<DecodedAddress, "side"> & { readonly side?: Side }) | undefined {
  if (uri?.scheme === DECODED_SCHEME) return parseDecodedPath(uri.path);
  const address = uri?.scheme === MESSAGE_SCHEME ? parseMessagePath(uri.path) : undefined;
  if (address === undefined) return undefined;
  const { topic, partition, offset } = address;
  return { topic, partition, offset };
}

async function askSide({ prompts }: Pick<Services, "prompts">): Promise<Side | undefined> {
  const items = (["value", "key"] as const).map((side) => ({ label: sideName(side), side }));
  const item = await prompts.pick(items, { title: vscode.l10n.t("Decode As: Key or Value") });
  return item?.side;
}

function sideName(side: Side): string {
  return side === "key" ? vscode.l10n.t("Key") : vscode.l10n.t("Value");
}

function decoderItems(present: DecoderChoice | undefined): DecoderItem[] {
  const named: readonly (readonly [id: string | undefined, label: string, detail?: string])[] = [
    [undefined, vscode.l10n.t("Automatic"), vscode.l10n.t("Whatever reads the bytes")],
    ["json", "JSON"],
    ["text", vscode.l10n.t("Text")],
    ["hex", vscode.l10n.t("Hex")],
    [
      "registry",
      "Schema Registry",
      vscode.l10n.t("Avro, Protobuf or JSON Schema by the schema that the message names"),
    ],
    ["avro", "Avro", vscode.l10n.t("By an .avsc file of the workspace")],
    ["protobuf", "Protobuf", vscode.l10n.t("By a .proto file of the workspace")],
    ["msgpack", "MessagePack"],
    ["cbor", "CBOR"],
    ["xml", "XML"],
    ["gzip", "gzip"],
    ["kafka", "Kafka", vscode.l10n.t("Records of __consumer_offsets and __transaction_state")],
  ];
  return named.map(([id, label, detail]) => ({
    ...{ id, label },
    ...(detail === undefined ? {} : { detail }),
    ...(id === present?.decoder ? { description: vscode.l10n.t("in use") } : {}),
  }));
}

async function choiceOf(
  { prompts }: Pick<Services, "prompts">,
  decoder: string | undefined,
): Promise<DecoderChoice | undefined | "cancelled"> {
  if (decoder === undefined) return undefined;
  const end = SCHEMA_ENDS[decoder];
  if (end === undefined) return { decoder };
  const files = await vscode.workspace.findFiles(
    `**/*.${end}`,
    "**/node_modules/**",
    MAX_SCHEMA_FILES,
  );
  if (files.length === 0) {
    const message = vscode.l10n.t(
      "There is no .{0} file in the workspace. Add the one with the schema.",
      end,
    );
    prompts.notify({ level: "warning", message, actions: [] });
    return "cancelled";
  }
  const items = files
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const file = await prompts.pick(items, { title: vscode.l10n.t("Schema") });
  return file === undefined ? "cancelled" : { decoder, schemaUri: file.uri.toString() };
}

import { toBase64 } from "../../runtime/api/base64.ts";
import { exactTextOf } from "../../runtime/api/bytes.ts";
import type { Message } from "../../runtime/api/model.ts";
import { hexText } from "./hex-text.ts";
import { layOutJson } from "./json-text.ts";

/**
 * Bytes of a key or value that a document shows: an editor would be held up by tens of megabytes on one
 * line. The whole can be saved to a file.
 */
export const MAX_SHOWN_BYTES = 1024 * 1024;

/**
 * A message as a JSON document with the members of a produce file (jsonl.ts of the contract). A value
 * that is a JSON object or list stands in it as its own source text with only the whitespace between
 * tokens changed; other text is a JSON string; bytes that are not UTF-8 are base64; null and a
 * tombstone are null. So null, empty and "null" all differ.
 */
export function messageText(topic: string, message: Message): string {
  const fields: [string, string][] = [
    ["topic", JSON.stringify(topic)],
    ["partition", String(message.partition)],
    ["offset", String(message.offset)],
    ["timestamp", timestampText(message)],
    ...fieldSources("key", message.key?.bytes ?? null),
    ["headers", headersSource(message)],
    ...fieldSources("value", message.value?.bytes ?? null),
  ];
  return `{\n${fields.map(([name, source]) => `  "${name}": ${source}`).join(",\n")}\n}\n`;
}

/**
 * The value alone: its exact text, or a hexadecimal listing when it is not text. Empty for a tombstone.
 * Of a large one the head, with `rest` saying how many bytes were left out.
 */
export function valueText(message: Message, rest: (bytes: number) => string): string {
  const bytes = message.value?.bytes ?? new Uint8Array(0);
  const head = headOf(bytes);
  if (head === undefined) return exactTextOf(bytes) ?? hexText(bytes);
  const { text, sizeBytes } = head;
  return text === undefined ? hexText(bytes) : `${text}\n\n${rest(bytes.length - sizeBytes)}\n`;
}

/** The value in hexadecimal, whatever it is. */
export function valueHex(message: Message): string {
  return hexText(message.value?.bytes ?? new Uint8Array(0));
}

function timestampText({ timestampMs }: Message): string {
  if (timestampMs < 0) return "null";
  const date = new Date(timestampMs);
  return Number.isNaN(date.getTime()) ? String(timestampMs) : JSON.stringify(date.toISOString());
}

/** The headers as a produce file has them, in their order. */
export function headersSource(message: Message): string {
  if (message.headers.length === 0) return "[]";
  const pairs = message.headers.map(
    ({ key, value }) => `    [${JSON.stringify(key)}, ${headerSource(value)}]`,
  );
  return `[\n${pairs.join(",\n")}\n  ]`;
}

function headerSource(value: Uint8Array | null): string {
  if (value === null) return "null";
  const text = exactTextOf(value);
  return text === undefined ? `{ "base64": "${toBase64(value)}" }` : JSON.stringify(text);
}

/** The head of what is too large to be shown as a whole; undefined when it is not. */
function headOf(
  bytes: Uint8Array,
): { readonly text: string | undefined; readonly sizeBytes: number } | undefined {
  if (bytes.length <= MAX_SHOWN_BYTES) return undefined;
  // A character that would be cut in two is left out; it has at most 4 bytes.
  for (const cut of [0, 1, 2, 3]) {
    const sizeBytes = MAX_SHOWN_BYTES - cut;
    const text = exactTextOf(bytes.subarray(0, sizeBytes));
    if (text !== undefined) return { text, sizeBytes };
  }
  return { text: undefined, sizeBytes: MAX_SHOWN_BYTES };
}

/** A field, or of a large one its head and its size, whose names say that they are no more than that. */
function fieldSources(name: "key" | "value", bytes: Uint8Array | null): [string, string][] {
  const head = bytes === null ? undefined : headOf(bytes);
  if (bytes === null || head === undefined) return [fieldSource(name, bytes)];
  const { text, sizeBytes } = head;
  const source =
    text === undefined
      ? ([`${name}HeadBase64`, `"${toBase64(bytes.subarray(0, sizeBytes))}"`] as const)
      : ([`${name}Head`, JSON.stringify(text)] as const);
  return [[`${name}Bytes`, String(bytes.length)], [...source]];
}

/** A key such as `42` stays the text it is; only a value is taken for JSON. */
function fieldSource(name: "key" | "value", bytes: Uint8Array | null): [string, string] {
  if (bytes === null) return [name, "null"];
  const text = exactTextOf(bytes);
  if (text === undefined) return [`${name}Base64`, `"${toBase64(bytes)}"`];
  const laidOut = name === "value" && mayBeContainer(text) ? layOutJson(text, "  ") : undefined;
  return [name, laidOut ?? JSON.stringify(text)];
}

/** The value `null` or `"a"` as text would read as a tombstone or as a string without its quotes. */
function mayBeContainer(text: string): boolean {
  return /^[ \t\n\r]*[[{]/.test(text);
}

import { exactTextOf } from "../../runtime/api/bytes.ts";
import type { FieldBytes, Message, MessageHeader } from "../../runtime/api/model.ts";
import type { GridStrings } from "../../runtime/api/view.ts";

/** Characters of a value that a row shows at most. */
const MAX_CELL_CHARACTERS = 400;
/** Bytes that are not text of which the hexadecimal form is shown. */
const MAX_HEX_BYTES = 64;
/** Headers of one message that are shown; all of them are in its document. */
const MAX_SHOWN_HEADERS = 50;

/** What a cell shows of a key or a value. */
export type FieldText =
  | { readonly kind: "null" }
  | { readonly kind: "empty" }
  | { readonly kind: "text" | "binary"; readonly text: string; readonly cut: boolean };

/** The head of a key or value on one line: text when the bytes are UTF-8, else hexadecimal. */
export function fieldText(field: FieldBytes | null): FieldText {
  if (field === null) return { kind: "null" };
  if (field.sizeBytes === 0) return { kind: "empty" };
  const isWhole = field.bytes.byteLength === field.sizeBytes;
  const text = decodeHead(field.bytes, isWhole);
  if (text === undefined) {
    const head = field.bytes.subarray(0, MAX_HEX_BYTES);
    return { kind: "binary", text: hexOf(head), cut: field.sizeBytes > head.byteLength };
  }
  return { kind: "text", text: oneLine(text), cut: !isWhole || text.length > MAX_CELL_CHARACTERS };
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** As much of a text as a cell shows, on one line. */
export function oneLine(text: string): string {
  return text.slice(0, MAX_CELL_CHARACTERS).replaceAll(/[\u0000-\u001f\u007f]+/g, visible);
}

/** All headers in their order, one a line: a key can be there twice, a value can be null or no text. */
export function headersText(headers: readonly MessageHeader[], strings: GridStrings): string {
  const shown = headers.slice(0, MAX_SHOWN_HEADERS);
  const lines = shown.map(({ key, value }) => `${oneLine(key)}: ${headerText(value, strings)}`);
  const more = headers.length - shown.length;
  return [...lines, ...(more > 0 ? [fill(strings.moreHeaders, more)] : [])].join("\n");
}

/** A header's value: its text, hexadecimal when it is not UTF-8, or the word for null or empty. */
export function headerText(value: Uint8Array | null, strings: GridStrings): string {
  if (value === null) return strings.nullKey;
  if (value.byteLength === 0) return strings.emptyField;
  const text = exactTextOf(value);
  return text === undefined ? `0x ${hexOf(value.subarray(0, MAX_HEX_BYTES))}` : oneLine(text);
}

/** UTF-8 text of a head that may end inside a character, or undefined when the bytes are not UTF-8. */
function decodeHead(bytes: Uint8Array, isWhole: boolean): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, {
      stream: !isWhole,
    });
  } catch {
    return undefined;
  }
}

/** Runs of line breaks and indentation become one space; other control characters their picture. */
function visible(run: string): string {
  if (/^[\t\n\r]+$/.test(run)) return " ";
  return Array.from(run, (character) => {
    const code = character.charCodeAt(0);
    return code === 0x7f ? "\u2421" : String.fromCharCode(0x2400 + code);
  }).join("");
}

/** Local time with milliseconds, as in `2026-03-29 01:30:00.250`. Empty when the record has none. */
export function localTime(timestampMs: number): string {
  if (timestampMs < 0) return "";
  const date = new Date(timestampMs);
  if (Number.isNaN(date.getTime())) return String(timestampMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** Exact moment in UTC, or the number itself when it lies beyond what a date can hold. */
export function isoTime(timestampMs: number): string {
  const date = new Date(timestampMs);
  return Number.isNaN(date.getTime()) ? String(timestampMs) : date.toISOString();
}

/** A size as `17 B`, `1.2 kB` or `3.4 MB` (powers of ten). */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** Bytes of key and value together. */
export function messageBytes(message: Message): number {
  return (message.key?.sizeBytes ?? 0) + (message.value?.sizeBytes ?? 0);
}

/** Replaces `{0}`, `{1}` in a translated sentence. */
export function fill(sentence: string, ...values: readonly (string | number)[]): string {
  return sentence.replaceAll(/\{(\d)\}/g, (whole, index: string) =>
    String(values[Number(index)] ?? whole),
  );
}

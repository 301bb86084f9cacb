import { fromBase64, toBase64 } from "./base64.ts";
import { exactTextOf, utf8 } from "./bytes.ts";
import { JsonFault, JsonScanner } from "./json-scanner.ts";
import type { MessageHeader, NewMessage } from "./model.ts";
import { parseTimestamp, TIMESTAMP_FORMS } from "./timestamp.ts";

/*
 * Messages as lines of JSON, for produce files, captures and the command line. One object per line:
 *
 *   "value"        required: a string means its text in UTF-8, null a tombstone, any other JSON its
 *                  exact source text; or "valueBase64" for other bytes
 *   "key"          a string or null (the default); or "keyBase64"
 *   "headers"      {"name": header} or [["name", header], ...], where names may repeat;
 *                  a header is a string, null, or {"base64": "..."}
 *   "partition"    where to place it; by key or in turn when left out
 *   "timestamp"    ISO 8601 with zone, or milliseconds since 1970; now when left out
 *   "offset", "timestampType", "topic"   as printed by peek; ignored
 */

/** What is wrong with a line and where. `column` and `endColumn` count UTF-16 units from 1, the end excluded. */
export interface LineFault {
  readonly kind: "fault";
  readonly column: number;
  readonly endColumn: number;
  readonly message: string;
}

export type ParsedLine = { readonly kind: "message"; readonly message: NewMessage } | LineFault;

/** Largest partition number of the protocol. */
const MAX_PARTITION = 2 ** 31 - 1;
/** What JSON allows in a string and editors take for the end of a line. */
const LINE_ENDS = /[\u2028\u2029]/g;
const LONE_SURROGATE = /\p{Surrogate}/u;
const MEMBERS = ["key", "keyBase64", "value", "valueBase64", "headers", "partition", "timestamp"];
const IGNORED = ["offset", "timestampType", "topic"];

/** Reads one line, which must not be blank. */
export function parseMessageLine(line: string): ParsedLine {
  const scanner = new JsonScanner(line);
  try {
    return { kind: "message", message: readMessage(scanner) };
  } catch (error) {
    return faultOf(error, scanner);
  }
}

/** A message to print: one to be produced, or one that was read. */
export interface PrintableMessage {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly MessageHeader[];
  readonly partition?: number | undefined;
  readonly offset?: number | undefined;
  readonly timestampMs?: number | undefined;
  readonly timestampType?: "create" | "append" | undefined;
}

/** The line without its line end. Parsing it gives the same key, value and headers byte for byte. */
export function printMessageLine(message: PrintableMessage): string {
  const members: string[] = [];
  const add = (name: string, json: string) => members.push(`"${name}":${json}`);
  if (message.partition !== undefined) add("partition", String(message.partition));
  if (message.offset !== undefined) add("offset", String(message.offset));
  if (message.timestampMs !== undefined) add("timestamp", String(message.timestampMs));
  if (message.timestampType === "append") add("timestampType", '"append"');
  const key = printText(message.key);
  if (key === undefined) add("keyBase64", printBase64(message.key));
  else add("key", key);
  const value = printText(message.value);
  if (value === undefined) add("valueBase64", printBase64(message.value));
  else add("value", sourceOf(message.value) ?? value);
  if (message.headers.length > 0) add("headers", printHeaders(message.headers));
  return `{${members.join(",")}}`;
}

/** Headers as a list in JSON: `[["name","text"],...]`. */
export function printHeaders(headers: readonly MessageHeader[]): string {
  return `[${headers.map(printHeader).join(",")}]`;
}

/** Reads what `printHeaders` printed, or either form that a line has; a fault's columns are those of the text. */
export function parseHeaders(
  json: string,
): { readonly kind: "headers"; readonly headers: readonly MessageHeader[] } | LineFault {
  const scanner = new JsonScanner(json);
  try {
    const headers = readHeaders(scanner);
    scanner.end();
    return { kind: "headers", headers };
  } catch (error) {
    return faultOf(error, scanner);
  }
}

/** What is wrong with a text, and where. Throws what is no fault of the text. */
export function faultOf(error: unknown, scanner: JsonScanner): LineFault {
  if (!(error instanceof JsonFault)) throw error;
  const endColumn = Math.max(error.index + 2, scanner.at + 1);
  return { kind: "fault", column: error.index + 1, endColumn, message: error.message };
}

function readMessage(scanner: JsonScanner): NewMessage {
  const seen = new Set<string>();
  let key: Uint8Array | null = null;
  let value: Uint8Array | null | undefined;
  let headers: readonly MessageHeader[] = [];
  let partition: number | undefined;
  let timestampMs: number | undefined;
  if (scanner.peek() !== "{") throw new JsonFault(scanner.at, 'expected a message, {"value": ...}');
  scanner.object((name, nameAt) => {
    const field = name.replace(/Base64$/, "");
    if (seen.has(field)) throw new JsonFault(nameAt, `"${field}" is given twice; keep one of them`);
    seen.add(field);
    if (name === "key") key = readText(scanner, "a string or null; put other JSON into a string");
    else if (name === "keyBase64") key = readBase64(scanner);
    else if (name === "value") value = readValue(scanner);
    else if (name === "valueBase64") value = readBase64(scanner);
    else if (name === "headers") headers = readHeaders(scanner);
    else if (name === "partition") partition = readPartition(scanner);
    else if (name === "timestamp") timestampMs = readTimestamp(scanner);
    else if (IGNORED.includes(name)) scanner.value();
    else throw new JsonFault(nameAt, `"${name}" is not known; a message has ${MEMBERS.join(", ")}`);
  });
  const end = scanner.at - 1;
  scanner.end();
  if (value === undefined) {
    throw new JsonFault(end, 'the message has no "value"; write "value": null for a tombstone');
  }
  return { key, value, headers, partition, timestampMs };
}

/** A string as its UTF-8 bytes, or null. */
function readText(scanner: JsonScanner, expected: string): Uint8Array | null {
  const next = scanner.peek();
  const at = scanner.at;
  if (next === '"') return encode(scanner.string(), at);
  if (scanner.value() !== "null") throw new JsonFault(at, `expected ${expected}`);
  return null;
}

function readValue(scanner: JsonScanner): Uint8Array | null {
  const next = scanner.peek();
  const at = scanner.at;
  if (next === '"') return encode(scanner.string(), at);
  const source = scanner.value();
  return source === "null" ? null : encode(source, at);
}

function readBase64(scanner: JsonScanner): Uint8Array {
  scanner.peek();
  const at = scanner.at;
  const bytes = fromBase64(scanner.string());
  if (bytes === undefined)
    throw new JsonFault(at, "expected base64 with its padding, such as AAEC/w==");
  return bytes;
}

function readHeaders(scanner: JsonScanner): MessageHeader[] {
  const headers: MessageHeader[] = [];
  const add = (name: string, nameAt: number) => {
    if (LONE_SURROGATE.test(name)) throw new JsonFault(nameAt, "half a surrogate pair is not text");
    headers.push({ key: name, value: readHeader(scanner) });
  };
  const next = scanner.peek();
  if (next === "{") {
    scanner.object(add);
  } else if (next === "[") {
    scanner.list(() => {
      scanner.expect("[");
      scanner.peek();
      const nameAt = scanner.at;
      const name = scanner.string();
      scanner.expect(",");
      add(name, nameAt);
      scanner.expect("]");
    });
  } else {
    throw new JsonFault(scanner.at, 'expected headers, {"name": "text"} or [["name", "text"]]');
  }
  return headers;
}

function readHeader(scanner: JsonScanner): Uint8Array | null {
  if (scanner.peek() !== "{") return readText(scanner, 'a string, null or {"base64": "..."}');
  const at = scanner.at;
  let bytes: Uint8Array | undefined;
  scanner.object((name, nameAt) => {
    if (name !== "base64" || bytes !== undefined)
      throw new JsonFault(nameAt, 'expected one "base64"');
    bytes = readBase64(scanner);
  });
  if (bytes === undefined) throw new JsonFault(at, 'expected {"base64": "..."}');
  return bytes;
}

function readPartition(scanner: JsonScanner): number {
  scanner.peek();
  const at = scanner.at;
  const partition = Number(scanner.value());
  if (!Number.isInteger(partition) || partition < 0 || partition > MAX_PARTITION) {
    throw new JsonFault(at, "expected a partition number, 0 or greater");
  }
  return partition;
}

/** -1, "no timestamp", is kept as Kafka has it. */
function readTimestamp(scanner: JsonScanner): number {
  const next = scanner.peek();
  const at = scanner.at;
  const text = next === '"' ? scanner.string() : scanner.value();
  const timestampMs = text === "-1" ? -1 : parseTimestamp(text);
  if (timestampMs === undefined) throw new JsonFault(at, `expected ${TIMESTAMP_FORMS}`);
  return timestampMs;
}

function encode(text: string, at: number): Uint8Array {
  if (LONE_SURROGATE.test(text)) {
    throw new JsonFault(
      at,
      "half a surrogate pair is not text; use the base64 form for such bytes",
    );
  }
  return utf8(text);
}

/** A JSON string or null; undefined for bytes that are not UTF-8. */
function printText(bytes: Uint8Array | null): string | undefined {
  if (bytes === null) return "null";
  const text = exactTextOf(bytes);
  return text === undefined ? undefined : printName(text);
}

function printName(name: string): string {
  return JSON.stringify(name).replace(LINE_ENDS, escapeLineEnd);
}

function escapeLineEnd(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}

function printBase64(bytes: Uint8Array | null): string {
  return JSON.stringify(toBase64(bytes ?? new Uint8Array()));
}

function printHeader(header: MessageHeader): string {
  const text = printText(header.value) ?? `{"base64":${printBase64(header.value)}}`;
  return `[${printName(header.key)},${text}]`;
}

/** The text of bytes that are themselves JSON, on one line, and would be read back as these bytes. */
function sourceOf(bytes: Uint8Array | null): string | undefined {
  const text = bytes === null ? undefined : exactTextOf(bytes);
  if (text === undefined || !/^[{[\-\dtf][^\r\n\u2028\u2029]*$/.test(text)) return undefined;
  const scanner = new JsonScanner(text);
  try {
    return scanner.value() === text ? text : undefined;
  } catch {
    return undefined;
  }
}

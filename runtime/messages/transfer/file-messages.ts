import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { exactTextOf } from "../../api/bytes.ts";
import { parseMessageLine } from "../../api/jsonl.ts";
import type { FileFormat } from "../../api/moves.ts";
import { LineTooLong, splitLines } from "../../core/lines.ts";
import { CsvMessages } from "./csv-messages.ts";
import { CsvReader } from "./csv-reader.ts";
import type { FileItem } from "./file-item.ts";

/** Longest line or row, and largest file of one value, in bytes. */
export const MAX_ITEM_BYTES = 96 * 1024 * 1024;
/** Read and understood at a time, before other work gets its turn. */
const READ_BYTES = 64 * 1024;

/** The messages of a file or folder, up to the first fault. `onBytes` is told how much has been read. */
export function fileMessages(
  file: string,
  format: FileFormat,
  onBytes: (bytes: number) => void,
): AsyncGenerator<FileItem, void> {
  switch (format) {
    case "jsonl":
      return lineMessages(chunks(file, onBytes));
    case "csv":
      return csvMessages(chunks(file, onBytes));
    case "raw":
      return folderMessages(file, onBytes);
  }
}

/** Bytes of a file, or of the files of a folder, and a mark that differs when something was changed. */
export async function fileExtent(
  file: string,
  format: FileFormat,
): Promise<{ readonly sizeBytes: number; readonly mark: string }> {
  const files = format === "raw" ? (await folderFiles(file)).map(({ place }) => place) : [file];
  let sizeBytes = 0;
  let newestMs = 0;
  for (const each of files) {
    const { size, mtimeMs } = await stat(each);
    sizeBytes += size;
    newestMs = Math.max(newestMs, mtimeMs);
  }
  return { sizeBytes, mark: `${files.length}/${sizeBytes}/${newestMs}` };
}

async function* chunks(
  file: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer, void> {
  const stream: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: READ_BYTES });
  for await (const chunk of stream) {
    yield chunk;
    onBytes(chunk.length);
  }
}

/** Blank lines are passed over. */
async function* lineMessages(bytes: AsyncIterable<Buffer>): AsyncGenerator<FileItem, void> {
  let number = 0;
  try {
    for await (const line of splitLines(bytes, MAX_ITEM_BYTES)) {
      number += 1;
      const place = `line ${number}`;
      const text = exactTextOf(line);
      if (text === undefined) {
        yield { kind: "fault", place, message: "it is not UTF-8; use the base64 forms for bytes" };
        return;
      }
      const json = number === 1 ? text.replace(/^\uFEFF/, "") : text;
      if (json.trim() === "") continue;
      const parsed = parseMessageLine(json);
      if (parsed.kind === "fault") {
        yield {
          kind: "fault",
          place: `${place}, column ${parsed.column}`,
          message: parsed.message,
        };
        return;
      }
      yield { kind: "message", place, message: parsed.message };
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    const message = `it has more than ${MAX_ITEM_BYTES} bytes; is it JSONL?`;
    yield { kind: "fault", place: `line ${error.line}`, message };
  }
}

async function* csvMessages(bytes: AsyncIterable<Buffer>): AsyncGenerator<FileItem, void> {
  const reader = new CsvReader(MAX_ITEM_BYTES);
  const messages = new CsvMessages();
  for await (const chunk of bytes) {
    for (const item of reader.push(chunk)) {
      const read = messages.read(item);
      if (read !== undefined) yield read;
      if (read?.kind === "fault") return;
    }
  }
  for (const item of reader.end()) {
    const read = messages.read(item);
    if (read !== undefined) yield read;
    if (read?.kind === "fault") return;
  }
  const missing = messages.end();
  if (missing !== undefined) yield missing;
}

/** Every file is a value. One that is named as a raw export names it goes to the partition that it came from. */
async function* folderMessages(
  folder: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<FileItem, void> {
  for (const { place: file, name, partition } of await folderFiles(folder)) {
    const { size } = await stat(file);
    if (size > MAX_ITEM_BYTES) {
      const message = `it has ${size} bytes, more than ${MAX_ITEM_BYTES}`;
      yield { kind: "fault", place: name, message };
      return;
    }
    const value = await readFile(file);
    const plain = { key: null, headers: [], timestampMs: undefined };
    yield { kind: "message", place: name, message: { ...plain, value, partition } };
    onBytes(value.length);
  }
}

interface ValueFile {
  readonly place: string;
  readonly name: string;
  readonly partition: number | undefined;
}

/** The files of a folder in the order of the numbers in their names. Files with a dot in front are not looked at. */
async function folderFiles(folder: string): Promise<readonly ValueFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const order = new Intl.Collator("en", { numeric: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map(({ name }) => {
      const partition = /^(\d{1,9})-\d+\.\w+$/.exec(name)?.[1];
      const place = path.join(folder, name);
      return { place, name, partition: partition === undefined ? undefined : Number(partition) };
    })
    .sort((a, b) => order.compare(a.name, b.name));
}

import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { exactTextOf } from "../../api/bytes.ts";
import { printMessageLine } from "../../api/jsonl.ts";
import type { Message } from "../../api/model.ts";
import type { ExportMove } from "../../api/moves.ts";
import { type Failure, failure } from "../outcome.ts";
import { printCsvHead, printCsvRow } from "./csv-print.ts";
import { exists, isMissing, PartialFile, partialPath } from "./partial-file.ts";

/** What messages are written to. What is there is there whole, once `finish` has returned. */
export interface MessageSink {
  readonly sizeBytes: number;
  /** False when the message cannot be written in this form and is left out. */
  add(message: Message): Promise<boolean>;
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

/** Why there can be no export to this place; undefined when there can. */
export async function placeProblem(move: ExportMove): Promise<Failure | undefined> {
  const { path: place, format, overwrite } = move;
  if (!path.isAbsolute(place)) return failure("bad-request", `${place} is not an absolute path.`);
  if (format === "raw") {
    const names = await readdir(place).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    if (names.length === 0) return undefined;
    return failure("bad-request", `${place} is not empty. Export to a new folder.`);
  }
  if (overwrite || !(await exists(place))) return undefined;
  return failure("bad-request", `${place} is there already. Name another file, or overwrite it.`);
}

export async function openSink({ path: place, format, offsets }: ExportMove): Promise<MessageSink> {
  if (format === "raw") return FolderSink.create(place);
  const file = await PartialFile.create(place);
  if (format === "csv") await file.write(printCsvHead(offsets));
  const print = format === "csv" ? printCsvRow : printLine;
  return {
    get sizeBytes() {
      return file.sizeBytes;
    },
    add: async (message) => {
      await file.write(print(message, offsets));
      return true;
    },
    finish: () => file.finish(),
    discard: () => file.discard(),
  };
}

/** Where it was and who gave its time are told only when asked for: no import could bring them back. */
function printLine(message: Message, offsets: boolean): string {
  const { partition, timestampMs, key, value, headers } = message;
  const { offset, timestampType } = message;
  return `${printMessageLine({
    ...{ partition, timestampMs, headers },
    ...(offsets ? { offset, timestampType } : {}),
    key: key?.bytes ?? null,
    value: value?.bytes ?? null,
  })}\n`;
}

/** A file for each value, named after its place: `0-17.json`. A tombstone has no value to write. */
class FolderSink implements MessageSink {
  readonly #target: string;
  readonly #partial: string;
  #sizeBytes = 0;

  private constructor(target: string, partial: string) {
    this.#target = target;
    this.#partial = partial;
  }

  static async create(target: string): Promise<FolderSink> {
    const partial = partialPath(target);
    await mkdir(partial, { recursive: true });
    return new FolderSink(target, partial);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async add({ partition, offset, value }: Message): Promise<boolean> {
    if (value === null) return false;
    const name = `${partition}-${offset}.${suffixOf(value.bytes)}`;
    await writeFile(path.join(this.#partial, name), value.bytes);
    this.#sizeBytes += value.bytes.length;
    return true;
  }

  async finish(): Promise<void> {
    // An empty folder may be there already, and not every system renames over one.
    await rmdir(this.#target).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    await rename(this.#partial, this.#target);
  }

  async discard(): Promise<void> {
    await rm(this.#partial, { recursive: true, force: true });
  }
}

/** So that an editor shows the file as what it is. */
function suffixOf(bytes: Uint8Array): string {
  const text = exactTextOf(bytes);
  if (text === undefined) return "bin";
  if (!/^\s*[{[]/.test(text)) return "txt";
  try {
    JSON.parse(text);
    return "json";
  } catch {
    return "txt";
  }
}

import path from "node:path";
import type { Logger } from "../core/logger.ts";
import type { FileSystem } from "./fs.ts";

/** Remembers a log's first offset while it lies inside a segment; see FORMAT.md. */
export const START_OFFSET_FILE = "start.json";
const VERSION = 1;
const PATTERN = /^\{"version":1,"startOffset":(\d{1,16})\}\n$/;

export function startOffsetFile(folder: string): string {
  return path.join(folder, START_OFFSET_FILE);
}

/** The offset that DeleteRecords moved the start to; 0 when it never did, or the file is damaged. */
export function readStartOffset(fs: FileSystem, folder: string, logger: Logger): number {
  const bytes = fs.readFile(startOffsetFile(folder));
  if (bytes === undefined) return 0;
  const digits = PATTERN.exec(bytes.toString("latin1"))?.[1];
  const offset = Number(digits);
  if (digits !== undefined && Number.isSafeInteger(offset)) return offset;
  logger.warn(`${startOffsetFile(folder)} is damaged: deleted records may be back`);
  return 0;
}

export function writeStartOffset(fs: FileSystem, folder: string, startOffset: number): void {
  const text = JSON.stringify({ version: VERSION, startOffset });
  fs.writeFile(startOffsetFile(folder), Buffer.from(`${text}\n`));
}

import { exactTextOf } from "../api/bytes.ts";
import { parseMessageLine } from "../api/jsonl.ts";
import type { NewMessage } from "../api/model.ts";
import { CommandError } from "./usage.ts";

/** Longest line of a message file, in bytes. */
export const MAX_LINE_BYTES = 96 * 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * The messages of a JSONL stream, in order, without holding more than a line of it. Blank lines are
 * skipped. Throws a CommandError `name:line:column: what` for the first line that is not a message.
 */
export async function* messageLines(
  chunks: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<NewMessage, void> {
  let number = 0;
  for await (const line of lines(chunks, name)) {
    number += 1;
    const text = exactTextOf(line);
    if (text === undefined) {
      throw new CommandError(
        `${name}:${number}:1: the line is not UTF-8. Use the base64 forms for bytes.`,
      );
    }
    const json = number === 1 ? text.replace(/^\uFEFF/, "") : text;
    if (json.trim() === "") continue;
    const parsed = parseMessageLine(json);
    if (parsed.kind === "fault") {
      throw new CommandError(`${name}:${number}:${parsed.column}: ${parsed.message}.`);
    }
    yield parsed.message;
  }
}

async function* lines(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer, void> {
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      parts.push(chunk.subarray(start, end));
      yield Buffer.concat(parts);
      parts = [];
      sizeBytes = 0;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    sizeBytes += chunk.length - start;
    if (sizeBytes > MAX_LINE_BYTES) {
      throw new CommandError(`${name}: a line has more than ${MAX_LINE_BYTES} bytes. Is it JSONL?`);
    }
  }
  if (sizeBytes > 0) yield Buffer.concat(parts);
}

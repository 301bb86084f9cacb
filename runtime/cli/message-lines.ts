import { exactTextOf } from "../api/bytes.ts";
import { parseMessageLine } from "../api/jsonl.ts";
import type { NewMessage } from "../api/model.ts";
import { LineTooLong, splitLines } from "../core/lines.ts";
import { CommandError } from "./usage.ts";

/** Longest line of a message file, in bytes. */
export const MAX_LINE_BYTES = 96 * 1024 * 1024;

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
  try {
    yield* splitLines(chunks, MAX_LINE_BYTES);
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    throw new CommandError(
      `${name}: line ${error.line} has more than ${MAX_LINE_BYTES} bytes. Is it JSONL?`,
    );
  }
}

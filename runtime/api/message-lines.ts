import { exactTextOf } from "./bytes.ts";
import { type LineFault, parseMessageLine } from "./jsonl.ts";
import type { MessageLine } from "./produce-document.ts";
import { parseSettingsLine } from "./produce-settings.ts";

/** Longest line of a message file, in bytes. */
export const MAX_LINE_BYTES = 96 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** A line of a stream that is no message. Line and column count from 1. */
export class MessageLineError extends Error {
  override readonly name = "MessageLineError";
  readonly line: number;
  readonly column: number;

  constructor(line: number, column: number, message: string) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/**
 * The messages of a produce document (produce-document.ts) that comes in pieces, in order, without
 * holding more than a line of it. Throws a MessageLineError for the first line that is not a message.
 */
export async function* messageLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<MessageLine, void> {
  let number = 0;
  let settled = false;
  for await (const bytes of lines(chunks)) {
    number += 1;
    const text = exactTextOf(bytes);
    if (text === undefined) {
      const message = "the line is not UTF-8. Use the base64 forms for bytes.";
      throw new MessageLineError(number, 1, message);
    }
    const json = number === 1 ? text.replace(/^\uFEFF/, "") : text;
    if (json.trim() === "") continue;
    const settings = settled ? undefined : parseSettingsLine(json);
    settled = true;
    if (settings?.kind === "settings") {
      if (settings.settings.template === undefined) continue;
      throw new MessageLineError(number, 1, "this is a template, which holds no messages yet.");
    }
    const parsed = settings ?? parseMessageLine(json);
    if (parsed.kind === "fault") throw errorOf(number, parsed);
    yield { line: number - 1, message: parsed.message };
  }
}

function errorOf(line: number, { column, message }: LineFault): MessageLineError {
  return new MessageLineError(line, column, `${message}.`);
}

async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let parts: Uint8Array[] = [];
  let sizeBytes = 0;
  let number = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      parts.push(chunk.subarray(start, end));
      yield joined(parts);
      parts = [];
      sizeBytes = 0;
      start = end + 1;
      number += 1;
    }
    parts.push(chunk.subarray(start));
    sizeBytes += chunk.length - start;
    if (sizeBytes > MAX_LINE_BYTES) {
      const message = `the line has more than ${MAX_LINE_BYTES} bytes. Is it JSONL?`;
      throw new MessageLineError(number, 1, message);
    }
  }
  if (sizeBytes > 0) yield joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

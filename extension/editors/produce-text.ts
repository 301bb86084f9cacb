import { type LineFault, parseMessageLine } from "../../runtime/api/jsonl.ts";
import type { NewMessage } from "../../runtime/api/model.ts";
import { PRODUCE_SUFFIX } from "../ids.ts";

/** A message of a produce file, and the line it stands on, counted from 0. */
export interface MessageLine {
  readonly line: number;
  readonly message: NewMessage;
}

/** A line that is no message, and the line it stands on, counted from 0. */
export interface FaultyLine {
  readonly line: number;
  readonly fault: LineFault;
}

export interface ProduceFile {
  readonly messages: readonly MessageLine[];
  readonly faults: readonly FaultyLine[];
}

/** Reads the messages of a produce file, one per line; blank lines are skipped. */
export function parseProduceFile(text: string): ProduceFile {
  const messages: MessageLine[] = [];
  const faults: FaultyLine[] = [];
  for (const [line, source] of text.split(/\r?\n/).entries()) {
    if (source.trim() === "") continue;
    const parsed = parseMessageLine(source);
    if (parsed.kind === "fault") faults.push({ line, fault: parsed });
    else messages.push({ line, message: parsed.message });
  }
  return { messages, faults };
}

/** The topic that a produce file names by its own name: `orders.messages.jsonl` is for `orders`. */
export function topicOfFile(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!name.endsWith(PRODUCE_SUFFIX) || name.length === PRODUCE_SUFFIX.length) return undefined;
  return name.slice(0, -PRODUCE_SUFFIX.length);
}

/** What a new produce file holds: one message of each common form, ready to be produced. */
export const PRODUCE_TEMPLATE = `{"key": "1", "value": {"id": 1, "text": "hello"}}
{"key": "2", "value": "plain text", "headers": {"trace-id": "abc"}}
`;

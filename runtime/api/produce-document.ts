import { JsonFault, JsonScanner } from "./json-scanner.ts";
import { faultOf, type LineFault, parseMessageLine } from "./jsonl.ts";
import type { NewMessage } from "./model.ts";

/*
 * A produce document: messages to be produced, one line of JSON each (jsonl.ts), blank lines between
 * them as wanted. Its first line may say what holds for the whole document in place of a message:
 *
 *   {"topic": "orders"}
 *
 * It is told from a message by having no other member than these.
 */

/** What the first line of a produce document says of the whole. */
export interface DocumentSettings {
  /** Where its messages go. */
  readonly topic: string | undefined;
}

/** A message of a produce document, and the line it stands on, counted from 0. */
export interface MessageLine {
  readonly line: number;
  readonly message: NewMessage;
}

/** A line that is no message, and the line it stands on, counted from 0. */
export interface FaultyLine {
  readonly line: number;
  readonly fault: LineFault;
}

export interface ProduceDocument {
  readonly settings: DocumentSettings;
  readonly messages: readonly MessageLine[];
  readonly faults: readonly FaultyLine[];
}

export type ParsedSettings =
  { readonly kind: "settings"; readonly settings: DocumentSettings } | LineFault;

export const NO_SETTINGS: DocumentSettings = { topic: undefined };
/** The members of a settings line. */
export const SETTINGS_MEMBERS = ["topic"] as const;
/** Kafka's rule for names of topics. */
const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/;

/** Reads a produce document as a whole. */
export function parseProduceDocument(text: string): ProduceDocument {
  const messages: MessageLine[] = [];
  const faults: FaultyLine[] = [];
  let settings: DocumentSettings | undefined;
  for (const [line, source] of text.split(/\r?\n/).entries()) {
    if (source.trim() === "") continue;
    if (settings === undefined) {
      const parsed = parseSettingsLine(source);
      settings = parsed?.kind === "settings" ? parsed.settings : NO_SETTINGS;
      if (parsed?.kind === "fault") faults.push({ line, fault: parsed });
      if (parsed !== undefined) continue;
    }
    const parsed = parseMessageLine(source);
    if (parsed.kind === "fault") faults.push({ line, fault: parsed });
    else messages.push({ line, message: parsed.message });
  }
  return { settings: settings ?? NO_SETTINGS, messages, faults };
}

/** Reads the first line of a document as its settings; undefined when it is a message, or is to be one. */
export function parseSettingsLine(line: string): ParsedSettings | undefined {
  if (!mayBeSettings(line)) return undefined;
  const scanner = new JsonScanner(line);
  try {
    return { kind: "settings", settings: readSettings(scanner) };
  } catch (error) {
    return faultOf(error, scanner);
  }
}

/** Whether a line is an object with at least one member and none that settings do not have. */
function mayBeSettings(line: string): boolean {
  const scanner = new JsonScanner(line);
  let known = 0;
  let others = 0;
  try {
    scanner.object((name) => {
      scanner.value();
      if (SETTINGS_MEMBERS.some((member) => member === name)) known += 1;
      else others += 1;
    });
    scanner.end();
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return false;
  }
  return known > 0 && others === 0;
}

function readSettings(scanner: JsonScanner): DocumentSettings {
  let topic: string | undefined;
  scanner.object((name, nameAt) => {
    if (topic !== undefined) {
      throw new JsonFault(nameAt, `"${name}" is given twice; keep one of them`);
    }
    topic = readTopic(scanner);
  });
  return { topic };
}

function readTopic(scanner: JsonScanner): string {
  scanner.peek();
  const at = scanner.at;
  const topic = scanner.string();
  if (TOPIC_NAME.test(topic) && topic !== "." && topic !== "..") return topic;
  throw new JsonFault(at, "expected the name of a topic: letters, digits, . _ and -, at most 249");
}

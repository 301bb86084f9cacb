import { JsonFault, JsonScanner } from "./json-scanner.ts";
import { faultOf, type LineFault } from "./jsonl.ts";
import { MAX_LOAD_MESSAGES, MAX_LOAD_RATE } from "./load.ts";
import { parseTimestamp, TIMESTAMP_FORMS } from "./timestamp.ts";

/** What the first line of a produce document says of the whole. */
export interface DocumentSettings {
  /** Where its messages go. */
  readonly topic: string | undefined;
  /** Its lines are templates, of which messages are made as this says. */
  readonly template: TemplateSettings | undefined;
}

export interface TemplateSettings {
  /** The same seed gives the same messages: 0 to 2^32 - 1; 1 when it is left out. */
  readonly seed: number;
  /** How many messages a load produces. */
  readonly count: number | undefined;
  /** Messages per second of a load. */
  readonly rate: number | undefined;
  /** Around which the times lie that are made up: the beginning of 2026 when it is left out. */
  readonly nowMs: number;
}

export type ParsedSettings =
  { readonly kind: "settings"; readonly settings: DocumentSettings } | LineFault;

export const NO_SETTINGS: DocumentSettings = { topic: undefined, template: undefined };
export const MAX_SEED = 2 ** 32 - 1;
const DEFAULT_SEED = 1;
const DEFAULT_NOW_MS = Date.UTC(2026, 0, 1);
/** Kafka's rule for names of topics. */
const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/;

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
      if (name === "topic" || name === "template") known += 1;
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
  let template: TemplateSettings | undefined;
  readMembers(scanner, {
    topic: () => (topic = readTopic(scanner)),
    template: () => (template = readTemplate(scanner)),
  });
  return { topic, template };
}

function readTemplate(scanner: JsonScanner): TemplateSettings {
  let seed = DEFAULT_SEED;
  let count: number | undefined;
  let rate: number | undefined;
  let nowMs = DEFAULT_NOW_MS;
  readMembers(scanner, {
    seed: () => (seed = readNumber(scanner, 0, MAX_SEED)),
    count: () => (count = readNumber(scanner, 1, MAX_LOAD_MESSAGES)),
    rate: () => (rate = readNumber(scanner, 0, MAX_LOAD_RATE, true)),
    now: () => (nowMs = readTime(scanner)),
  });
  return { seed, count, rate, nowMs };
}

/** Reads an object that has these members, each once at most. */
function readMembers(scanner: JsonScanner, members: Readonly<Record<string, () => unknown>>): void {
  const seen = new Set<string>();
  scanner.object((name, nameAt) => {
    if (seen.has(name)) {
      throw new JsonFault(nameAt, `"${name}" is given twice; keep one of them`);
    }
    seen.add(name);
    const read = Object.hasOwn(members, name) ? members[name] : undefined;
    if (read === undefined) {
      const known = Object.keys(members).join(", ");
      throw new JsonFault(nameAt, `"${name}" is not known; there are ${known}`);
    }
    read();
  });
}

function readTopic(scanner: JsonScanner): string {
  scanner.peek();
  const at = scanner.at;
  const topic = scanner.string();
  if (TOPIC_NAME.test(topic) && topic !== "." && topic !== "..") return topic;
  throw new JsonFault(at, "expected the name of a topic: letters, digits, . _ and -, at most 249");
}

/** A number above 0 with `fraction`, a whole number otherwise. */
function readNumber(scanner: JsonScanner, least: number, most: number, fraction = false): number {
  scanner.peek();
  const at = scanner.at;
  const source = scanner.value();
  const value = /^[\d.]{1,20}$/.test(source) ? Number(source) : NaN;
  const isRight = fraction ? value > least : Number.isInteger(value) && value >= least;
  if (isRight && value <= most) return value;
  const what = fraction ? `a number above ${least}` : `a whole number from ${least}`;
  throw new JsonFault(at, `expected ${what} up to ${most}`);
}

function readTime(scanner: JsonScanner): number {
  const next = scanner.peek();
  const at = scanner.at;
  const timestampMs = parseTimestamp(next === '"' ? scanner.string() : scanner.value());
  if (timestampMs === undefined) throw new JsonFault(at, `expected ${TIMESTAMP_FORMS}`);
  return timestampMs;
}

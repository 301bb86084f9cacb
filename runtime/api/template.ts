import { JsonScanner } from "./json-scanner.ts";
import { faultOf, type LineFault, parseMessageLine } from "./jsonl.ts";
import { type PlaceholderKind } from "./placeholders.ts";
import { type Fill, parsePlaceholder } from "./template-placeholder.ts";

/*
 * A template is a produce document whose first line says so, {"template": {}}: each of its other lines
 * is a message, in whose strings placeholders stand for what is made up anew for every message:
 *
 *   {"key": "{{string.uuid}}", "value": {"id": "{{index}}", "name": "{{person.firstName}} Smith"}}
 *
 * Within "value", and as "partition" or "timestamp", a string that is nothing but one placeholder takes
 * the kind of what comes of it: "{{index}}" becomes the number 7. Everywhere else, and beside other
 * text, it becomes text. All else of a line is produced as it stands. A `{{` that is to stay one is
 * written \u007b{.
 */

/** A line of a template: what stands in it, in order. */
export interface TemplateLine {
  /** Counted from 0. */
  readonly line: number;
  readonly parts: readonly (string | Fill)[];
}

/** Members in which a lone placeholder keeps its kind. */
const TYPED: readonly string[] = ["value", "partition", "timestamp"];
const STRING = /"(?:[^"\\]|\\.)*"/y;
const PLACEHOLDER = /\{\{(.*?)(\}\}|$)/g;
/** Deepest nesting of JSON in a line. */
const MAX_DEPTH = 256;

/** Reads a line of a template; it is checked as the message that it will be. */
export function parseTemplateLine(line: number, source: string): TemplateLine | LineFault {
  const spans = source.includes("{{") ? stringsOf(source) : [];
  if (!Array.isArray(spans)) return spans;
  const parts: (string | Fill)[] = [];
  let sample = source;
  let at = 0;
  for (const { from, to, isTyped } of spans) {
    const found = fillsOf(source, from, to, isTyped);
    if ("kind" in found) return found;
    for (const { fill, start, end } of found.fills) {
      parts.push(source.slice(at, start), fill);
      if (fill.isWhole) sample = withSample(sample, start, end, fill.kind);
      at = end;
    }
  }
  parts.push(source.slice(at));
  const parsed = parseMessageLine(sample);
  return parsed.kind === "fault" ? parsed : { line, parts: parts.filter((part) => part !== "") };
}

interface StringSpan {
  /** Where its opening quote is. */
  readonly from: number;
  readonly to: number;
  readonly isTyped: boolean;
}

/** Every string of a line, names of members too. */
function stringsOf(source: string): StringSpan[] | LineFault {
  const scanner = new JsonScanner(source);
  const spans: StringSpan[] = [];
  const walk = (isTyped: boolean, depth: number): void => {
    const next = scanner.peek();
    const from = scanner.at;
    if (depth > MAX_DEPTH || !'{["'.includes(next) || next === "") {
      scanner.value();
    } else if (next === "{") {
      scanner.object((name, nameAt) => {
        spans.push({ from: nameAt, to: endOfString(source, nameAt), isTyped: false });
        walk(depth === 0 ? TYPED.includes(name) : isTyped, depth + 1);
      });
    } else if (next === "[") {
      scanner.list(() => walk(isTyped, depth + 1));
    } else {
      scanner.string();
      spans.push({ from, to: scanner.at, isTyped });
    }
  };
  try {
    walk(false, 0);
    return spans;
  } catch (error) {
    return faultOf(error, scanner);
  }
}

function endOfString(source: string, from: number): number {
  STRING.lastIndex = from;
  return STRING.test(source) ? STRING.lastIndex : from;
}

interface PlacedFill {
  readonly fill: Fill;
  /** What of the line it takes the place of, the end excluded: its braces, or the whole string. */
  readonly start: number;
  readonly end: number;
}

function fillsOf(
  source: string,
  from: number,
  to: number,
  isTyped: boolean,
): { readonly fills: readonly PlacedFill[] } | LineFault {
  const text = source.slice(from + 1, to - 1);
  const fills: PlacedFill[] = [];
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, inner = "", close] = match;
    const start = from + 1 + match.index;
    if (close === "")
      return fault(start, start + 2, "this {{ has no }}; write \\u007b{ for a plain one");
    const isWhole = isTyped && whole.length === text.length;
    const parsed = parsePlaceholder(inner, isWhole);
    if (parsed.kind === "fault") {
      return fault(start + 2 + parsed.from, start + 2 + parsed.to, parsed.message);
    }
    const end = start + whole.length;
    const { fill } = parsed;
    fills.push(isWhole ? { fill, start: from, end: to } : { fill, start, end });
  }
  return { fills };
}

/** Something of the same length that has the kind of what will be there, so that columns stay. */
function withSample(source: string, start: number, end: number, kind: PlaceholderKind): string {
  if (kind === "text") return source;
  const sample = (kind === "boolean" ? "true" : "0").padEnd(end - start);
  return source.slice(0, start) + sample + source.slice(end);
}

function fault(from: number, to: number, message: string): LineFault {
  return { kind: "fault", column: from + 1, endColumn: Math.max(from + 2, to + 1), message };
}

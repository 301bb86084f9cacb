import { exactTextOf } from "../../runtime/api/bytes.ts";
import { type FieldPath, fieldPathText, parseFieldPath } from "../../runtime/api/field-path.ts";
import { findJson } from "../../runtime/api/json-find.ts";
import { JsonFault, JsonScanner } from "../../runtime/api/json-scanner.ts";
import type { FieldBytes, Message } from "../../runtime/api/model.ts";

/** Most paths that are offered of one message, and how deep they lead. */
const MAX_FIELDS = 200;
const MAX_FIELD_DEPTH = 6;
/** Larger documents are not walked for what they could offer. */
const MAX_WALKED_BYTES = 1024 * 1024;

/** Something in a message that a column could show, with what it is there. */
export interface MessageField {
  readonly path: string;
  /** Exactly as it is written in the message. */
  readonly source: string;
}

/** The leaves of the JSON in value and key, and the headers; of a list its first item stands for all. */
export function fieldsOf(message: Message): readonly MessageField[] {
  const fields: MessageField[] = [];
  const add = (path: FieldPath, source: string) => {
    const text = fieldPathText(path);
    if (fields.length < MAX_FIELDS && !fields.some((field) => field.path === text)) {
      fields.push({ path: text, source });
    }
  };
  for (const side of ["value", "key"] as const) {
    const text = walkedText(message[side]);
    if (text === undefined) continue;
    for (const { steps, source } of leavesOf(text)) add({ side, steps }, source);
  }
  for (const { key, value } of message.headers) {
    if (value !== null) add({ side: "headers", name: key }, exactTextOf(value) ?? "");
  }
  return fields;
}

/** What lies at a path of a message, as it is written; undefined when there is nothing. */
export function sourceAt(message: Message, path: FieldPath): string | undefined {
  if (path.side === "headers") {
    const value = message.headers.findLast(({ key }) => key === path.name)?.value;
    return value ? exactTextOf(value) : undefined;
  }
  const field = message[path.side];
  const text = field === null ? undefined : exactTextOf(field.bytes);
  const [found] = text === undefined ? [] : findJson(text, [path.steps]);
  return found?.kind === "value" ? found.source : undefined;
}

/** What is copied of a column for a path: a string without its quotes, all else as it is written. */
export function textAt(message: Message, path: string): string {
  const parsed = parseFieldPath(path);
  const source = parsed && sourceAt(message, parsed);
  if (source === undefined) return "";
  if (parsed?.side === "headers" || !source.startsWith('"')) return source;
  const text: unknown = JSON.parse(source);
  return String(text);
}

function walkedText(field: FieldBytes | null): string | undefined {
  if (field === null || field.sizeBytes > MAX_WALKED_BYTES) return undefined;
  return exactTextOf(field.bytes);
}

interface Leaf {
  readonly steps: readonly (string | number)[];
  readonly source: string;
}

function leavesOf(text: string): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const scanner = new JsonScanner(text);
  const walk = (steps: readonly (string | number)[]): void => {
    const next = scanner.peek();
    const isDeep = steps.length >= MAX_FIELD_DEPTH || leaves.length >= MAX_FIELDS;
    if (next === "{" && !isDeep) scanner.object((name) => walk([...steps, name]));
    else if (next === "[" && !isDeep) {
      let place = 0;
      scanner.list(() => (place++ === 0 ? walk([...steps, 0]) : void scanner.value()));
    } else {
      const source = scanner.value();
      if (steps.length > 0) leaves.push({ steps, source });
    }
  };
  try {
    walk([]);
    scanner.end();
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return [];
  }
  return leaves;
}

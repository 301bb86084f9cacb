import type { RecordCursor } from "../../record/record-cursor.ts";
import { JsonFields, type JsonPath } from "./json-fields.ts";
import { jsonValue } from "./json-value.ts";
import type { Column, Side } from "./reference.ts";
import type { Value } from "./value.ts";

/** The message that a filter looks at, with what has been found in it so far. */
export class FilterRow {
  readonly #cursor: RecordCursor;
  readonly #fields: Readonly<Record<Side, JsonFields>>;
  readonly #isFound: Record<Side, boolean> = { key: false, value: false };
  #partition = 0;

  /** `paths` are those that the filter asks for, by their place. */
  constructor(cursor: RecordCursor, paths: Readonly<Record<Side, readonly JsonPath[]>>) {
    this.#cursor = cursor;
    this.#fields = { key: new JsonFields(paths.key), value: new JsonFields(paths.value) };
  }

  /** The cursor has come to another message. */
  look(partition: number): void {
    this.#partition = partition;
    this.#isFound.key = false;
    this.#isFound.value = false;
  }

  column(column: Column): number {
    const cursor = this.#cursor;
    switch (column) {
      case "partition":
        return this.#partition;
      case "offset":
        return cursor.offset;
      case "timestamp":
        return cursor.timestampMs;
      case "key_size":
        return cursor.keyStart < 0 ? 0 : cursor.keyEnd - cursor.keyStart;
      case "value_size":
        return cursor.valueStart < 0 ? 0 : cursor.valueEnd - cursor.valueStart;
    }
  }

  text(side: Side): string | null {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = this.#cursor;
    const [start, end] = side === "key" ? [keyStart, keyEnd] : [valueStart, valueEnd];
    return start < 0 ? null : bytes.toString("utf8", start, end);
  }

  /** The value at one of the paths; null where there is none, or no JSON. */
  json(side: Side, slot: number): Value {
    const fields = this.#found(side);
    const start = fields.starts[slot] ?? -1;
    return start < 0 ? null : jsonValue(this.#cursor.bytes, start, fields.ends[slot] ?? 0);
  }

  /** Whether there is a value at one of the paths, be it null. */
  hasJson(side: Side, slot: number): boolean {
    return (this.#found(side).starts[slot] ?? -1) >= 0;
  }

  /** Whether the value at one of the paths is just these bytes; undefined where there is none. */
  isJson(side: Side, slot: number, json: Buffer): boolean | undefined {
    const fields = this.#found(side);
    const start = fields.starts[slot] ?? -1;
    if (start < 0) return undefined;
    const end = fields.ends[slot] ?? 0;
    if (end - start !== json.length) return false;
    for (let i = 0; i < json.length; i++) {
      if (this.#cursor.bytes[start + i] !== json[i]) return false;
    }
    return true;
  }

  header(name: string): string | null {
    let found: string | null = null;
    for (const { key, value } of this.#cursor.headers()) {
      if (key.toString("utf8") === name) found = value?.toString("utf8") ?? null;
    }
    return found;
  }

  #found(side: Side): JsonFields {
    const fields = this.#fields[side];
    if (this.#isFound[side]) return fields;
    this.#isFound[side] = true;
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = this.#cursor;
    const [start, end] = side === "key" ? [keyStart, keyEnd] : [valueStart, valueEnd];
    if (start < 0) fields.find(bytes, 0, 0);
    else fields.find(bytes, start, end);
    return fields;
  }
}

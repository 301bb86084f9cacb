/** A way into a JSON document: names of object members and places in lists, from 0. */
export type JsonPath = readonly (string | number)[];

/** Where several paths lead from one place of a document. */
interface Step {
  /** The path that ends here; -1 when none does. */
  slot: number;
  readonly members: { readonly name: string; readonly bytes: Buffer; readonly step: Step }[];
  readonly items: Map<number, Step>;
}

/** Deepest nesting that is walked; a deeper document is taken for one that is not JSON. */
const MAX_DEPTH = 256;
const MALFORMED = -1;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/**
 * Finds the values at a few paths of JSON documents without making anything of the rest. Values are
 * given by where they lie, exactly as written. Of a member that is there twice the last counts, as for
 * JSON.parse. A document that is cut short or nested too deep has no values at all; what lies inside of
 * values that no path leads to is not checked further.
 */
export class JsonFields {
  /** Where the value of each path begins in the bytes given last; -1 where there is none. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly #root: Step = { slot: -1, members: [], items: new Map() };
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;

  constructor(paths: readonly JsonPath[]) {
    this.starts = new Int32Array(paths.length);
    this.ends = new Int32Array(paths.length);
    for (const [slot, path] of paths.entries()) this.#add(path, slot);
  }

  /** Looks into the document that lies in `bytes` from `start` up to `end`. */
  find(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.#end = end;
    this.starts.fill(-1);
    const after = this.#value(this.#skipSpace(start), this.#root, 0);
    if (after === MALFORMED || this.#skipSpace(after) !== end) this.starts.fill(-1);
  }

  #add(path: JsonPath, slot: number): void {
    let step = this.#root;
    for (const part of path)
      step = typeof part === "number" ? item(step, part) : member(step, part);
    step.slot = slot;
  }

  /** Walks over one value and returns where it ends. */
  #value(at: number, step: Step | undefined, depth: number): number {
    if (at >= this.#end || depth > MAX_DEPTH) return MALFORMED;
    const first = this.#bytes[at];
    const end =
      first === OPEN_OBJECT
        ? this.#object(at, step, depth)
        : first === OPEN_LIST
          ? this.#list(at, step, depth)
          : first === QUOTE
            ? this.#string(at)
            : this.#scalar(at);
    if (step !== undefined && step.slot >= 0 && end !== MALFORMED) {
      this.starts[step.slot] = at;
      this.ends[step.slot] = end;
    }
    return end;
  }

  #object(start: number, step: Step | undefined, depth: number): number {
    let at = this.#skipSpace(start + 1);
    if (this.#bytes[at] === CLOSE_OBJECT && at < this.#end) return at + 1;
    for (;;) {
      if (at >= this.#end || this.#bytes[at] !== QUOTE) return MALFORMED;
      const nameEnd = this.#string(at);
      if (nameEnd === MALFORMED) return MALFORMED;
      const next = step === undefined ? undefined : this.#member(step, at + 1, nameEnd - 1);
      at = this.#skipSpace(nameEnd);
      if (at >= this.#end || this.#bytes[at] !== COLON) return MALFORMED;
      if (next !== undefined) this.#forget(next);
      at = this.#value(this.#skipSpace(at + 1), next, depth + 1);
      if (at === MALFORMED) return MALFORMED;
      at = this.#skipSpace(at);
      if (at >= this.#end) return MALFORMED;
      const mark = this.#bytes[at];
      if (mark === CLOSE_OBJECT) return at + 1;
      if (mark !== COMMA) return MALFORMED;
      at = this.#skipSpace(at + 1);
    }
  }

  #list(start: number, step: Step | undefined, depth: number): number {
    let at = this.#skipSpace(start + 1);
    if (this.#bytes[at] === CLOSE_LIST && at < this.#end) return at + 1;
    for (let index = 0; ; index++) {
      at = this.#value(at, step?.items.get(index), depth + 1);
      if (at === MALFORMED) return MALFORMED;
      at = this.#skipSpace(at);
      if (at >= this.#end) return MALFORMED;
      const mark = this.#bytes[at];
      if (mark === CLOSE_LIST) return at + 1;
      if (mark !== COMMA) return MALFORMED;
      at = this.#skipSpace(at + 1);
    }
  }

  #string(start: number): number {
    const bytes = this.#bytes;
    for (let at = start + 1; at < this.#end; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) return at + 1;
      if (byte === BACKSLASH) at++;
    }
    return MALFORMED;
  }

  /** A number or a word: whatever stands before the next mark or space. */
  #scalar(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    for (; at < this.#end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST || byte <= 0x20) break;
    }
    return at === start ? MALFORMED : at;
  }

  #skipSpace(from: number): number {
    let at = from;
    while (at < this.#end && (this.#bytes[at] ?? 0) <= 0x20) at++;
    return at;
  }

  /** The step behind a member's name, which lies between its quotes. */
  #member(step: Step, start: number, end: number): Step | undefined {
    const { members } = step;
    for (const { bytes, step: next } of members) {
      if (bytes.length === end - start && this.#isAt(bytes, start)) return next;
    }
    const escaped = this.#bytes.subarray(start, end).includes(BACKSLASH);
    if (!escaped || members.length === 0) return undefined;
    const name = unescaped(this.#bytes.toString("utf8", start - 1, end + 1));
    return members.find((each) => each.name === name)?.step;
  }

  #isAt(name: Buffer, start: number): boolean {
    for (let i = 0; i < name.length; i++) {
      if (this.#bytes[start + i] !== name[i]) return false;
    }
    return true;
  }

  /** What an earlier member of the same name held does not count any more. */
  #forget(step: Step): void {
    if (step.slot >= 0) this.starts[step.slot] = -1;
    for (const { step: next } of step.members) this.#forget(next);
    for (const next of step.items.values()) this.#forget(next);
  }
}

function member(step: Step, name: string): Step {
  const known = step.members.find((each) => each.name === name);
  if (known !== undefined) return known.step;
  const next: Step = { slot: -1, members: [], items: new Map() };
  // As JSON.stringify would write it, which is how nearly everything writes it.
  step.members.push({ name, bytes: Buffer.from(JSON.stringify(name).slice(1, -1)), step: next });
  return next;
}

function item(step: Step, index: number): Step {
  const known = step.items.get(index);
  if (known !== undefined) return known;
  const next: Step = { slot: -1, members: [], items: new Map() };
  step.items.set(index, next);
  return next;
}

function unescaped(json: string): string | undefined {
  try {
    const text: unknown = JSON.parse(json);
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}

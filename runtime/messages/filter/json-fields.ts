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
const SPACE = 0x20;
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

  constructor(paths: readonly JsonPath[]) {
    this.starts = new Int32Array(paths.length);
    this.ends = new Int32Array(paths.length);
    for (const [slot, path] of paths.entries()) {
      let step = this.#root;
      for (const part of path) step = stepTo(step, part);
      step.slot = slot;
    }
  }

  /** Looks into the document that lies in `bytes` from `start` up to `end`. */
  find(bytes: Buffer, start: number, end: number): void {
    for (let slot = 0; slot < this.starts.length; slot++) this.starts[slot] = -1;
    const after = walk(bytes, spaceEnd(bytes, start, end), end, this.#root, this, 0);
    if (after === MALFORMED || spaceEnd(bytes, after, end) !== end) this.starts.fill(-1);
  }
}

interface Found {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/*
 * Private members of a class would cost a third of the time here: this walk is what a search over
 * millions of messages does most.
 */

/** Walks over one value that a step leads to, and returns where it ends. */
function walk(
  bytes: Buffer,
  start: number,
  limit: number,
  step: Step,
  found: Found,
  depth: number,
): number {
  if (start >= limit || depth > MAX_DEPTH) return MALFORMED;
  const first = bytes[start];
  const isInside = step.members.length > 0 || step.items.size > 0;
  const end =
    first === OPEN_OBJECT && isInside
      ? walkObject(bytes, start, limit, step, found, depth)
      : first === OPEN_LIST && isInside
        ? walkList(bytes, start, limit, step, found, depth)
        : valueEnd(bytes, start, limit);
  if (step.slot >= 0 && end !== MALFORMED) {
    found.starts[step.slot] = start;
    found.ends[step.slot] = end;
  }
  return end;
}

function walkObject(
  bytes: Buffer,
  start: number,
  limit: number,
  step: Step,
  found: Found,
  depth: number,
): number {
  let at = spaceEnd(bytes, start + 1, limit);
  if (at < limit && bytes[at] === CLOSE_OBJECT) return at + 1;
  while (at < limit && bytes[at] === QUOTE) {
    const nameEnd = stringEnd(bytes, at, limit);
    if (nameEnd === MALFORMED) return MALFORMED;
    const next = memberOf(bytes, at + 1, nameEnd - 1, step);
    at = spaceEnd(bytes, nameEnd, limit);
    if (at >= limit || bytes[at] !== COLON) return MALFORMED;
    at = spaceEnd(bytes, at + 1, limit);
    if (next === undefined) {
      at = valueEnd(bytes, at, limit);
    } else {
      forget(next, found);
      at = walk(bytes, at, limit, next, found, depth + 1);
    }
    if (at === MALFORMED) return MALFORMED;
    at = spaceEnd(bytes, at, limit);
    if (at >= limit) return MALFORMED;
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    if (bytes[at] !== COMMA) return MALFORMED;
    at = spaceEnd(bytes, at + 1, limit);
  }
  return MALFORMED;
}

function walkList(
  bytes: Buffer,
  start: number,
  limit: number,
  step: Step,
  found: Found,
  depth: number,
): number {
  let at = spaceEnd(bytes, start + 1, limit);
  if (at < limit && bytes[at] === CLOSE_LIST) return at + 1;
  for (let index = 0; at < limit; index++) {
    const next = step.items.get(index);
    at =
      next === undefined
        ? valueEnd(bytes, at, limit)
        : walk(bytes, at, limit, next, found, depth + 1);
    if (at === MALFORMED) return MALFORMED;
    at = spaceEnd(bytes, at, limit);
    if (at >= limit) return MALFORMED;
    if (bytes[at] === CLOSE_LIST) return at + 1;
    if (bytes[at] !== COMMA) return MALFORMED;
    at = spaceEnd(bytes, at + 1, limit);
  }
  return MALFORMED;
}

/** Where a value ends that nothing is wanted of. Of objects and lists only strings and brackets are looked at. */
export function valueEnd(bytes: Buffer, start: number, limit: number): number {
  const first = bytes[start];
  if (first === QUOTE) return stringEnd(bytes, start, limit);
  if (first !== OPEN_OBJECT && first !== OPEN_LIST) return scalarEnd(bytes, start, limit);
  let depth = 0;
  for (let at = start; at < limit; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at, limit) - 1;
      if (at < start) return MALFORMED;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth++;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return MALFORMED;
}

/** Where a string ends that begins at `start`, behind its closing quote. */
function stringEnd(bytes: Buffer, start: number, limit: number): number {
  for (let at = start + 1; at < limit; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  return MALFORMED;
}

/** Where a number or a word ends: before the next mark or space. */
function scalarEnd(bytes: Buffer, start: number, limit: number): number {
  let at = start;
  for (; at < limit; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST || byte <= SPACE) break;
  }
  return at === start ? MALFORMED : at;
}

export function spaceEnd(bytes: Buffer, start: number, limit: number): number {
  let at = start;
  while (at < limit && (bytes[at] ?? 0) <= SPACE) at++;
  return at;
}

/** The step behind a member's name, which lies between its quotes. */
function memberOf(bytes: Buffer, start: number, end: number, step: Step): Step | undefined {
  const { members } = step;
  for (const member of members) {
    if (member.bytes.length === end - start && isAt(bytes, start, member.bytes)) return member.step;
  }
  if (members.length === 0 || !hasEscape(bytes, start, end)) return undefined;
  const name = unescaped(bytes.toString("utf8", start - 1, end + 1));
  return members.find((each) => each.name === name)?.step;
}

function isAt(bytes: Buffer, start: number, name: Buffer): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name[i]) return false;
  return true;
}

function hasEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === BACKSLASH) return true;
  return false;
}

/** What an earlier member of the same name held does not count any more. */
function forget(step: Step, found: Found): void {
  if (step.slot >= 0) found.starts[step.slot] = -1;
  for (const { step: next } of step.members) forget(next, found);
  for (const next of step.items.values()) forget(next, found);
}

/** The step that a part of a path leads to. */
function stepTo(step: Step, part: string | number): Step {
  const known =
    typeof part === "number"
      ? step.items.get(part)
      : step.members.find(({ name }) => name === part)?.step;
  if (known !== undefined) return known;
  const next: Step = { slot: -1, members: [], items: new Map() };
  if (typeof part === "number") {
    step.items.set(part, next);
  } else {
    // As JSON.stringify would write it, which is how nearly everything writes it.
    const bytes = Buffer.from(JSON.stringify(part).slice(1, -1));
    step.members.push({ name: part, bytes, step: next });
  }
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

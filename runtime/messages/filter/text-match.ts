import type { SearchedPart } from "../../api/model.ts";
import type { RecordCursor } from "../../record/record-cursor.ts";
import { ByteFinder } from "./byte-finder.ts";
import type { Filter } from "./filter.ts";

const ASCII = /^[\x00-\x7f]*$/;
/** These two have an ASCII letter for their other case, so that bytes do not tell them apart. */
const FOLDS_TO_ASCII = /[ks]/i;

/** Wants messages that hold these bytes. They are looked for in a whole batch at once. */
export function matchBytes(wanted: Buffer, part: SearchedPart, cursor: RecordCursor): Filter {
  const finder = wanted.length === 0 ? undefined : new ByteFinder(wanted);
  const find = (bytes: Buffer, from: number): number =>
    finder === undefined ? bytes.indexOf(wanted, from) : finder.next(bytes, from);
  let searched: Buffer | undefined;
  /** The first place at or after the present record where the bytes are; -1 for none. */
  let hit = -1;

  function liesWithin(start: number, end: number): boolean {
    return start >= 0 && hit >= start && hit + wanted.length <= end;
  }

  function isWanted(): boolean {
    const { keyStart, keyEnd, valueStart, valueEnd } = cursor;
    if (part !== "value" && part !== "headers" && liesWithin(keyStart, keyEnd)) return true;
    if (part !== "key" && part !== "headers" && liesWithin(valueStart, valueEnd)) return true;
    if (part === "key" || part === "value" || hit < cursor.headersStart) return false;
    return headersHold(cursor, (bytes) => bytes.includes(wanted));
  }

  return {
    mayMatch: (bytes) => find(bytes, 0) >= 0,
    matches() {
      const { bytes, recordStart, recordEnd } = cursor;
      if (searched !== bytes || (hit >= 0 && hit < recordStart)) {
        searched = bytes;
        hit = find(bytes, recordStart);
      }
      for (; hit >= 0 && hit < recordEnd; hit = find(bytes, hit + 1)) {
        if (isWanted()) return true;
      }
      return false;
    },
  };
}

/**
 * Wants messages in which `pattern` finds something. `text` is the plain text that it stands for, if it
 * does: then a batch without it is passed over.
 */
export function matchPattern(
  pattern: RegExp,
  text: string | undefined,
  part: SearchedPart,
  cursor: RecordCursor,
): Filter {
  const isPlain = text !== undefined && ASCII.test(text) && !FOLDS_TO_ASCII.test(text);
  const finds = (bytes: Buffer): boolean =>
    pattern.test(bytes.toString(isPlain ? "latin1" : "utf8"));
  const within = (start: number, end: number): boolean =>
    start >= 0 && finds(cursor.bytes.subarray(start, end));
  return {
    mayMatch: (bytes) => !isPlain || finds(bytes),
    matches() {
      const { keyStart, keyEnd, valueStart, valueEnd } = cursor;
      if (part !== "value" && part !== "headers" && within(keyStart, keyEnd)) return true;
      if (part !== "key" && part !== "headers" && within(valueStart, valueEnd)) return true;
      return part !== "key" && part !== "value" && headersHold(cursor, finds);
    },
  };
}

/** Whether a header's name or value is what `wants` looks for. */
function headersHold(cursor: RecordCursor, wants: (bytes: Buffer) => boolean): boolean {
  for (const { key, value } of cursor.headers()) {
    if (wants(key) || (value !== null && wants(value))) return true;
  }
  return false;
}

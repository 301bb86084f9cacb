import type { RecordCursor } from "../../../record/record-cursor.ts";
import { FrequentByteFinder } from "../byte-finder.ts";
import { spaceEnd, valueEnd } from "../json-fields.ts";
import { jsonValue } from "../json-value.ts";
import type { Side } from "../reference.ts";
import type { Value } from "../value.ts";
import { backslashes } from "./byte-condition.ts";
import type { Condition } from "./condition.ts";
import { Occurrences } from "./occurrences.ts";

const COLON = 0x3a;

/**
 * Some member of this name, wherever it is in the JSON of key or value, has a value for which `test` is true;
 * or there is a backslash, by which a name can be written otherwise. What looks like a member and lies in a
 * text or in the wrong place is taken for one: whether it is has to be found out then.
 */
export class MemberCondition implements Condition {
  readonly #side: Side;
  readonly #name: Occurrences;
  readonly #escapes = backslashes();
  readonly #test: (value: Value) => boolean;

  constructor(side: Side, name: string, test: (value: Value) => boolean) {
    this.#side = side;
    const quoted = Buffer.from(`"${name}"`);
    this.#name = new Occurrences(quoted.length, new FrequentByteFinder(quoted));
    this.#test = test;
  }

  mayHoldIn(bytes: Buffer): boolean {
    const { length } = bytes;
    return this.#name.within(bytes, 0, length) >= 0 || this.#escapes.within(bytes, 0, length) >= 0;
  }

  mayHold({ bytes, keyStart, keyEnd, valueStart, valueEnd: end }: RecordCursor): boolean {
    return this.#side === "key"
      ? this.#isIn(bytes, keyStart, keyEnd)
      : this.#isIn(bytes, valueStart, end);
  }

  #isIn(bytes: Buffer, start: number, end: number): boolean {
    if (start < 0) return false;
    if (this.#escapes.within(bytes, start, end) >= 0) return true;
    const name = this.#name;
    for (let at = name.within(bytes, start, end); at >= 0;) {
      const behind = at + name.length;
      if (this.#isWanted(bytes, behind, end)) return true;
      at = name.within(bytes, behind, end);
    }
    return false;
  }

  /** Whether a colon and a wanted value follow. */
  #isWanted(bytes: Buffer, behind: number, limit: number): boolean {
    const colon = spaceEnd(bytes, behind, limit);
    if (colon >= limit || bytes[colon] !== COLON) return false;
    const start = spaceEnd(bytes, colon + 1, limit);
    if (start >= limit) return false;
    const end = valueEnd(bytes, start, limit);
    return end >= 0 && this.#test(jsonValue(bytes, start, end));
  }
}

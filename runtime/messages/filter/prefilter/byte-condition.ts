import type { RecordCursor } from "../../../record/record-cursor.ts";
import { ByteFinder } from "../byte-finder.ts";
import type { Condition } from "./condition.ts";
import { Occurrences } from "./occurrences.ts";

const BACKSLASH = 0x5c;

/** Where texts in JSON are written with an escape. */
export function backslashes(): Occurrences {
  return new Occurrences(1, new ByteFinder(Buffer.of(BACKSLASH)));
}

/** The record holds these bytes somewhere or, where `escapable`, a backslash, by which they can be written otherwise. */
export class ByteCondition implements Condition {
  readonly #wanted: Occurrences;
  readonly #escapes: Occurrences | undefined;

  constructor(wanted: Buffer, escapable: boolean) {
    this.#wanted = new Occurrences(wanted.length, new ByteFinder(wanted));
    this.#escapes = escapable ? backslashes() : undefined;
  }

  mayHoldIn(bytes: Buffer): boolean {
    return this.#isIn(bytes, 0, bytes.length);
  }

  mayHold({ bytes, recordStart, recordEnd }: RecordCursor): boolean {
    return this.#isIn(bytes, recordStart, recordEnd);
  }

  #isIn(bytes: Buffer, start: number, end: number): boolean {
    if (this.#wanted.within(bytes, start, end) >= 0) return true;
    return this.#escapes !== undefined && this.#escapes.within(bytes, start, end) >= 0;
  }
}

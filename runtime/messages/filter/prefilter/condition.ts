import type { RecordCursor } from "../../../record/record-cursor.ts";

/**
 * What has to be so for a message to be wanted, and is quicker to find out than whether it is. May be true
 * where the message is not wanted, and is never false where it is.
 */
export interface Condition {
  /** Whether it can be true of any record in these bytes, the unfolded ones of a batch. */
  mayHoldIn(bytes: Buffer): boolean;
  /** Whether it can be true of the record that the cursor is at. */
  mayHold(cursor: RecordCursor): boolean;
}

export function anyOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1) return only;
  return {
    mayHoldIn: (bytes) => conditions.some((each) => each.mayHoldIn(bytes)),
    mayHold: (cursor) => conditions.some((each) => each.mayHold(cursor)),
  };
}

export function allOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1) return only;
  return {
    mayHoldIn: (bytes) => conditions.every((each) => each.mayHoldIn(bytes)),
    mayHold: (cursor) => conditions.every((each) => each.mayHold(cursor)),
  };
}

import type { Message } from "../../api/model.ts";
import type { BatchHeader } from "../../record/batch.ts";

/** Does what is wanted with the records of a chunk, in their order. */
export interface Taker {
  readonly messages: readonly Message[];
  /** Of each message, how many records of the chunk had been looked at before it. */
  readonly seenBefore: readonly number[];
  /** By bucket of time, when records are counted. */
  readonly counts: readonly number[];
  /** Records that were dealt with by the header of their batch. */
  readonly byHeader: number;
  /** Nothing more is wanted. */
  readonly isFull: boolean;
  /** Deals with a batch of which every record is wanted by its header alone; false when that is not enough. */
  takeBatch(header: BatchHeader): boolean;
  /** Takes the record that the cursor is at, of a batch with this header, after so many of the chunk. */
  take(header: BatchHeader, seenBefore: number): void;
}

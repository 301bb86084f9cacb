/** Files and folders that have to be on the device before the next step; none when others just get their turn. */
export type CleanStep = readonly string[];

export const TURN: CleanStep = [];

/** Work between two steps: a few milliseconds of it. */
const SLICE_RECORDS = 500;
const SLICE_BYTES = 256 * 1024;

/** Counts work, so that whoever drives the steps can let others have their turn. */
export class Slice {
  #records = 0;
  #bytes = 0;

  /** Whether it is somebody else's turn after so much more work. */
  isOver(records: number, bytes: number): boolean {
    this.#records += records;
    this.#bytes += bytes;
    if (this.#records < SLICE_RECORDS && this.#bytes < SLICE_BYTES) return false;
    this.#records = 0;
    this.#bytes = 0;
    return true;
  }
}

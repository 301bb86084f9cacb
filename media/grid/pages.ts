import type { Message, PartitionCursor } from "../../runtime/api/model.ts";

/** Decoded messages kept at once; pages farthest from what is looked at are dropped beyond it. */
export const MAX_KEPT_ROWS = 20_000;
/** Bytes of pages kept at once. */
export const MAX_KEPT_BYTES = 24 * 1024 * 1024;

export interface Page {
  readonly messages: readonly Message[];
  /** Size of the encoded page, which the messages share. */
  readonly bytes: number;
}

interface Slot {
  /** Row of the first message. Rows count from the first message ever appended. */
  readonly firstRow: number;
  readonly count: number;
  /** Where a read begins that gives this page again; undefined when only a position is known. */
  readonly start: readonly PartitionCursor[] | undefined;
  page: Page | undefined;
}

/** A page that was dropped and can be read again. */
export interface MissingPage {
  readonly firstRow: number;
  readonly count: number;
  readonly start: readonly PartitionCursor[];
}

/**
 * The rows of a grid, in pages as they were read. Row numbers never change; pages far from the rows
 * in view lose their content and are read again when they come back into view, so memory is bounded
 * however far a person scrolls.
 */
export class PageStore {
  #slots: Slot[] = [];
  #keptRows = 0;
  #keptBytes = 0;

  /** First row that is still listed; rows before it were dropped for good. */
  get firstRow(): number {
    return this.#slots[0]?.firstRow ?? 0;
  }

  /** One past the last row. */
  get endRow(): number {
    const last = this.#slots.at(-1);
    return last === undefined ? 0 : last.firstRow + last.count;
  }

  get keptRows(): number {
    return this.#keptRows;
  }

  /** Adds a page after the last row. `start` is undefined for a first page that was read by position. */
  append(page: Page, start: readonly PartitionCursor[] | undefined): void {
    if (page.messages.length === 0) return;
    this.#slots.push({ firstRow: this.endRow, count: page.messages.length, start, page });
    this.#keptRows += page.messages.length;
    this.#keptBytes += page.bytes;
  }

  /** The message of a row, or undefined when its page is not kept or there is no such row. */
  at(row: number): Message | undefined {
    const slot = this.#slotOf(row);
    return slot?.page?.messages[row - slot.firstRow];
  }

  /** The dropped page that holds a row, if it was dropped. */
  missing(row: number): MissingPage | undefined {
    const slot = this.#slotOf(row);
    if (slot === undefined || slot.page !== undefined || slot.start === undefined) return undefined;
    return { firstRow: slot.firstRow, count: slot.count, start: slot.start };
  }

  /** Puts back the content of a dropped page; messages that retention has removed since stay missing. */
  restore(firstRow: number, page: Page): void {
    const slot = this.#slotOf(firstRow);
    if (slot === undefined || slot.firstRow !== firstRow || slot.page !== undefined) return;
    slot.page = { messages: page.messages.slice(0, slot.count), bytes: page.bytes };
    this.#keptRows += slot.count;
    this.#keptBytes += page.bytes;
  }

  /** Row of a message, searched in the kept pages. */
  rowOf(partition: number, offset: number): number | undefined {
    for (const slot of this.#slots) {
      const index = slot.page?.messages.findIndex(
        (message) => message.partition === partition && message.offset === offset,
      );
      if (index !== undefined && index >= 0) return slot.firstRow + index;
    }
    return undefined;
  }

  /** Drops the content of the pages farthest from `row` until the limits hold. */
  trim(row: number): void {
    const center = this.#slots.findIndex((slot) => row < slot.firstRow + slot.count);
    const middle = center < 0 ? this.#slots.length - 1 : center;
    let low = 0;
    let high = this.#slots.length - 1;
    while (this.#isOver() && (low < middle || high > middle)) {
      if (middle - low >= high - middle) this.#dropContent(this.#slots[low++]);
      else this.#dropContent(this.#slots[high--]);
    }
  }

  /** Forgets whole pages at the head until at most `maxRows` rows are listed; says how many rows went. */
  forgetHead(maxRows: number): number {
    const before = this.firstRow;
    while (this.#slots.length > 1 && this.endRow - this.firstRow > maxRows) {
      this.#dropContent(this.#slots.shift());
    }
    return this.firstRow - before;
  }

  clear(): void {
    this.#slots = [];
    this.#keptRows = 0;
    this.#keptBytes = 0;
  }

  #isOver(): boolean {
    return this.#keptRows > MAX_KEPT_ROWS || this.#keptBytes > MAX_KEPT_BYTES;
  }

  /** A page without a start could not be read again, so it stays. It is the first one at most. */
  #dropContent(slot: Slot | undefined): void {
    if (slot?.page === undefined) return;
    if (slot.start === undefined && this.#slots.includes(slot)) return;
    this.#keptRows -= slot.count;
    this.#keptBytes -= slot.page.bytes;
    slot.page = undefined;
  }

  #slotOf(row: number): Slot | undefined {
    let low = 0;
    let high = this.#slots.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const slot = this.#slots[middle];
      if (slot === undefined) return undefined;
      if (row < slot.firstRow) high = middle - 1;
      else if (row >= slot.firstRow + slot.count) low = middle + 1;
      else return slot;
    }
    return undefined;
  }
}

import type { Message } from "../api/model.ts";
import type { ScannedChunk } from "./scan/scan-chunk.ts";

/** How far one partition has been searched, and what was found and not yet given out. */
export class SearchedPartition {
  readonly partition: number;
  /** Taken when the search began: what arrives later is for the next one. */
  readonly endOffset: number;
  #scanOffset: number;
  #scannedMs = -Infinity;
  #found: readonly Message[] = [];
  #seenBefore: readonly number[] = [];
  #taken = 0;
  #scannedBefore = 0;
  #scanned = 0;

  constructor(partition: number, offset: number, endOffset: number) {
    this.partition = partition;
    this.endOffset = endOffset;
    this.#scanOffset = offset;
  }

  /** Where to go on searching. */
  get scanOffset(): number {
    return this.#scanOffset;
  }

  get isDone(): boolean {
    return this.#scanOffset >= this.endOffset;
  }

  /** The message to be given out next. */
  get head(): Message | undefined {
    return this.#found[this.#taken];
  }

  /** The time of the head, or else up to which the partition has been searched. */
  get timeMs(): number {
    return this.head?.timestampMs ?? this.#scannedMs;
  }

  /** Where a later search goes on: what was found and not given out is found again. */
  get nextOffset(): number {
    return this.head?.offset ?? this.#scanOffset;
  }

  /** How many messages lie between where it began and where a later search goes on. */
  get scanned(): number {
    return this.#scannedBefore + (this.#seenBefore[this.#taken] ?? this.#scanned);
  }

  take(): Message | undefined {
    const { head } = this;
    if (head !== undefined) this.#taken++;
    return head;
  }

  /** Takes in what follows; everything found before has been given out. */
  add({ messages, seenBefore, scanned, nextOffset, maxTimestampMs }: ScannedChunk): void {
    this.#scannedBefore += this.#scanned;
    this.#scanned = scanned;
    this.#found = messages;
    this.#seenBefore = seenBefore;
    this.#taken = 0;
    this.#scanOffset = nextOffset;
    this.#scannedMs = Math.max(this.#scannedMs, maxTimestampMs);
  }
}

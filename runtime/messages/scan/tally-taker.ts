import type { Message } from "../../api/model.ts";
import type { BatchHeader } from "../../record/batch.ts";
import type { RecordCursor } from "../../record/record-cursor.ts";
import type { Taker } from "./taker.ts";
import { bucketOf, type Buckets, type TallyTask } from "./task.ts";

/** Counts records into buckets of time. */
export class TallyTaker implements Taker {
  readonly messages: readonly Message[] = [];
  readonly seenBefore: readonly number[] = [];
  readonly isFull = false;
  /** Earlier than the first bucket, each bucket, later than the last. */
  readonly counts: number[];
  byHeader = 0;
  readonly #buckets: Buckets;
  readonly #cursor: RecordCursor;
  readonly #exact: boolean;

  constructor({ buckets, exact }: TallyTask, cursor: RecordCursor) {
    this.#buckets = buckets;
    this.#cursor = cursor;
    this.#exact = exact;
    this.counts = Array.from({ length: buckets.count + 2 }, () => 0);
  }

  takeBatch(header: BatchHeader): boolean {
    const place = this.#placeOf(header);
    if (place === undefined) return false;
    this.#add(place, header.recordCount);
    this.byHeader += header.recordCount;
    return true;
  }

  take(): void {
    this.#add(bucketOf(this.#buckets, this.#cursor.timestampMs), 1);
  }

  #add(place: number, count: number): void {
    this.counts[place] = (this.counts[place] ?? 0) + count;
  }

  /** Where all records of a batch belong, if its header tells. */
  #placeOf(header: BatchHeader): number | undefined {
    const buckets = this.#buckets;
    const latest = bucketOf(buckets, header.maxTimestampMs);
    const isOfOneTime = header.timestampType === "append" || header.recordCount === 1;
    if (isOfOneTime || buckets.fromMs === -Infinity) return latest;
    // The base timestamp is that of the first record, unless compaction has put a horizon there.
    const isKnown = !this.#exact && header.deleteHorizonMs === undefined;
    return isKnown && bucketOf(buckets, header.baseTimestampMs) === latest ? latest : undefined;
  }
}

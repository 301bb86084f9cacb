import type { TransactionResult } from "../../record/control.ts";
import { encodeOffset, type CoordinatorRecord, type OffsetKey } from "./records.ts";

function nameOf(key: Buffer): string {
  return key.toString("latin1");
}

/** Offsets committed within transactions that have not ended: they count when the transaction commits (KIP-98). */
export class PendingOffsets {
  readonly #byProducer = new Map<number, Map<string, CoordinatorRecord>>();

  /** Keeps a record until its producer's transaction ends; a later one for the same partition replaces it. */
  add(producerId: number, record: CoordinatorRecord): void {
    let records = this.#byProducer.get(producerId);
    if (records === undefined) this.#byProducer.set(producerId, (records = new Map()));
    records.set(nameOf(record.key), record);
  }

  has(key: OffsetKey): boolean {
    if (this.#byProducer.size === 0) return false;
    const name = nameOf(encodeOffset(key, null).key);
    for (const records of this.#byProducer.values()) if (records.has(name)) return true;
    return false;
  }

  /** Ends a producer's transaction; what counts from now on is returned. */
  end(producerId: number, result: TransactionResult): CoordinatorRecord[] {
    const records = this.#byProducer.get(producerId);
    this.#byProducer.delete(producerId);
    return records === undefined || result === "abort" ? [] : [...records.values()];
  }
}

import type { TransactionResult } from "../../../runtime/record/control.ts";
import type { PartitionHistory } from "./history.ts";
import type { Sent } from "./sent.ts";
import type { Tx } from "./tx.ts";

/** Everything that was ever sent, and every transaction. */
export class Ledger {
  readonly sent = new Map<string, Sent>();
  #batches = 0;
  #hasForgotten = false;
  readonly #txs = new Map<number, Tx[]>();

  get hasForgotten(): boolean {
    return this.#hasForgotten;
  }

  /** A name for a batch that no other one has. */
  nextId(): string {
    return String(this.#batches++);
  }

  note(sent: Sent): void {
    this.sent.set(sent.id, sent);
    sent.to.pending.add(sent);
  }

  begin(tx: Tx): void {
    const known = this.#txs.get(tx.producerId);
    if (known === undefined) this.#txs.set(tx.producerId, [tx]);
    else known.push(tx);
  }

  /** After a power cut nobody knows what became of transactions. */
  forget(): void {
    this.#hasForgotten = true;
    for (const { tx } of this.sent.values()) if (tx) tx.isForgotten = true;
    for (const tx of [...this.#txs.values()].flat()) tx.isForgotten = true;
  }

  /** Whether some transaction of the producer that ended so had the partition. */
  mayEnd(producerId: number, history: PartitionHistory, result: TransactionResult): boolean {
    return (this.#txs.get(producerId) ?? []).some(
      ({ outcome, names, isForgotten }) =>
        isForgotten || (outcome === result && names.has(history.name)),
    );
  }
}

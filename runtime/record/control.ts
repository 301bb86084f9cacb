/**
 * Control batches: what a transaction's coordinator writes into a partition where the transaction ends
 * there (KIP-98). One record; its key is {version, type} (`ControlRecordType`), its value {version,
 * coordinator epoch} (`EndTxnMarker`). They take an offset and are never shown to applications.
 */
import { buildBatch } from "./build.ts";
import { readRecords } from "./records.ts";

/** How a transaction ended. */
export type TransactionResult = "commit" | "abort";

const TYPES = ["abort", "commit"] as const;
const KEY_BYTES = 4;
/** Any control batch is shorter, so no more of one is read to learn its type. */
export const MAX_CONTROL_BATCH_BYTES = 4_096;

export interface EndMarker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly result: TransactionResult;
}

/** The batch that ends a producer's transaction in one partition. */
export function buildEndMarker(marker: EndMarker, timestampMs: number): Buffer {
  const key = Buffer.alloc(KEY_BYTES);
  key.writeInt16BE(TYPES.indexOf(marker.result), 2);
  // Version 0 and coordinator epoch 0: there is one coordinator, and no other is ever elected.
  const value = Buffer.alloc(6);
  return buildBatch([{ timestampMs, key, value, headers: [] }], {
    producer: { id: marker.producerId, epoch: marker.producerEpoch, baseSequence: -1 },
    transactional: true,
    control: true,
  });
}

/** What the control batch at `at` says, or undefined when it is of a kind that ends no transaction. */
export function readEndMarker(buffer: Buffer, at: number): TransactionResult | undefined {
  for (const { key } of readRecords(buffer, at, MAX_CONTROL_BATCH_BYTES)) {
    if (key !== null && key.length >= KEY_BYTES) return TYPES[key.readInt16BE(2)];
  }
  return undefined;
}

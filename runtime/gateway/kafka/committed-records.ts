import type { Partition } from "../../broker/partition.ts";
import { batchLength, lastOffsetOf } from "../../record/batch.ts";

type Log = Partition["log"];

/** Where a reader's records end: at the last stable offset when it reads committed ones only. */
export function readableEnd(log: Log, committed: boolean): number {
  return committed ? log.lastStableOffset : log.endOffset;
}

/** What a reader of committed records has to leave out of the batches it got, in order of first offset. */
export function abortedWithin(log: Log, fetchOffset: number, bytes: Buffer) {
  let next = fetchOffset;
  for (let at = 0; at < bytes.length; at += batchLength(bytes, at)) {
    next = lastOffsetOf(bytes, at) + 1;
  }
  if (next === fetchOffset) return [];
  return log
    .abortedTransactions(fetchOffset, next)
    .map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
}

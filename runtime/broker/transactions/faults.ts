import type { BatchHeader } from "../../record/batch.ts";
import type { GroupError } from "../coordinator/group-errors.ts";
import type { TransactionError } from "./transaction-errors.ts";

interface WriteFault {
  readonly reason: "producer-fenced" | "invalid-transaction";
  readonly message: string;
}

/** What is wrong with a batch when its producer's transaction stands so; undefined when nothing is. */
export function transactionFault(
  error: TransactionError,
  { isTransactional, producerId, producerEpoch }: BatchHeader,
): WriteFault | undefined {
  if (!isTransactional) {
    if (error !== "NONE") return undefined;
    const message = `Producer ${producerId} has a transaction open here, and the batch is not part of it.`;
    return { reason: "invalid-transaction", message };
  }
  if (error === "NONE") return undefined;
  if (error === "PRODUCER_FENCED") {
    const message = `Epoch ${producerEpoch} of producer ${producerId} is not its transactional id's present one.`;
    return { reason: "producer-fenced", message };
  }
  const message = `Producer ${producerId} has not added this partition to an open transaction.`;
  return { reason: "invalid-transaction", message };
}

/** The same for offsets that a producer commits within its transaction. */
export function commitFault(error: TransactionError): GroupError {
  if (error === "NONE" || error === "INVALID_PRODUCER_ID_MAPPING") return error;
  return error === "PRODUCER_FENCED" ? "INVALID_PRODUCER_EPOCH" : "INVALID_TXN_STATE";
}

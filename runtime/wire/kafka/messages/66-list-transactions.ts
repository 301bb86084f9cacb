/**
 * ListTransactions, versions 0-2 (KIP-664). A filter by duration from 1 (KIP-994), by a pattern of the
 * transactional id from 2 (KIP-1152).
 */
import { int16, int32, int64, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const ListTransactionsRequest = message("ListTransactionsRequest", 66, "0-2", "0+", {
  stateFilters: array("0+", string("0+")),
  producerIdFilters: array("0+", int64("0+")),
  durationFilter: int64("1+", { default: -1 }),
  transactionalIdPattern: string("2+", { nullable: "2+", default: null }),
});
export type ListTransactionsRequest = Decoded<typeof ListTransactionsRequest>;

export const ListTransactionsResponse = message("ListTransactionsResponse", 66, "0-2", "0+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("0+"),
  unknownStateFilters: array("0+", string("0+")),
  transactionStates: array(
    "0+",
    struct("0+", {
      transactionalId: string("0+"),
      producerId: int64("0+"),
      transactionState: string("0+"),
    }),
  ),
});
export type ListTransactionsResponse = Encodable<typeof ListTransactionsResponse>;

/**
 * DescribeTransactions, version 0 (KIP-664).
 */
import { int16, int32, int64, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DescribeTransactionsRequest = message("DescribeTransactionsRequest", 65, "0", "0+", {
  transactionalIds: array("0+", string("0+")),
});
export type DescribeTransactionsRequest = Decoded<typeof DescribeTransactionsRequest>;

export const DescribeTransactionsResponse = message("DescribeTransactionsResponse", 65, "0", "0+", {
  throttleTimeMs: int32("0+"),
  transactionStates: array(
    "0+",
    struct("0+", {
      errorCode: int16("0+"),
      transactionalId: string("0+"),
      transactionState: string("0+"),
      transactionTimeoutMs: int32("0+"),
      transactionStartTimeMs: int64("0+"),
      producerId: int64("0+"),
      producerEpoch: int16("0+"),
      topics: array(
        "0+",
        struct("0+", {
          topic: string("0+"),
          partitions: array("0+", int32("0+")),
        }),
      ),
    }),
  ),
});
export type DescribeTransactionsResponse = Encodable<typeof DescribeTransactionsResponse>;

/**
 * DescribeProducers, version 0: who writes to a partition, and whose transaction is open there (KIP-664).
 */
import { int16, int32, int64, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DescribeProducersRequest = message("DescribeProducersRequest", 61, "0", "0+", {
  topics: array(
    "0+",
    struct("0+", {
      name: string("0+"),
      partitionIndexes: array("0+", int32("0+")),
    }),
  ),
});
export type DescribeProducersRequest = Decoded<typeof DescribeProducersRequest>;

export const DescribeProducersResponse = message("DescribeProducersResponse", 61, "0", "0+", {
  throttleTimeMs: int32("0+"),
  topics: array(
    "0+",
    struct("0+", {
      name: string("0+"),
      partitions: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
          errorCode: int16("0+"),
          errorMessage: string("0+", { nullable: "0+", default: null }),
          activeProducers: array(
            "0+",
            struct("0+", {
              producerId: int64("0+"),
              producerEpoch: int32("0+"),
              lastSequence: int32("0+", { default: -1 }),
              lastTimestamp: int64("0+", { default: -1 }),
              coordinatorEpoch: int32("0+"),
              currentTxnStartOffset: int64("0+", { default: -1 }),
            }),
          ),
        }),
      ),
    }),
  ),
});
export type DescribeProducersResponse = Encodable<typeof DescribeProducersResponse>;

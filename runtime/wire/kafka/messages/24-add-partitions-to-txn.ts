/**
 * AddPartitionsToTxn, versions 0-3. Flexible from 3.
 *
 * Versions 4 and 5 (many transactions, verification; KIP-890) are sent by brokers and not declared.
 */
import { int16, int32, int64, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const AddPartitionsToTxnRequest = message("AddPartitionsToTxnRequest", 24, "0-3", "3+", {
  v3AndBelowTransactionalId: string("0-3"),
  v3AndBelowProducerId: int64("0-3"),
  v3AndBelowProducerEpoch: int16("0-3"),
  v3AndBelowTopics: array(
    "0-3",
    struct("0+", {
      name: string("0+"),
      partitions: array("0+", int32("0+")),
    }),
  ),
});
export type AddPartitionsToTxnRequest = Decoded<typeof AddPartitionsToTxnRequest>;

export const AddPartitionsToTxnResponse = message("AddPartitionsToTxnResponse", 24, "0-3", "3+", {
  throttleTimeMs: int32("0+"),
  resultsByTopicV3AndBelow: array(
    "0-3",
    struct("0+", {
      name: string("0+"),
      resultsByPartition: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
          partitionErrorCode: int16("0+"),
        }),
      ),
    }),
  ),
});
export type AddPartitionsToTxnResponse = Encodable<typeof AddPartitionsToTxnResponse>;

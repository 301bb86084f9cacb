/**
 * TxnOffsetCommit, versions 0-6. Flexible, with the consumer's membership, from 3 (KIP-447). Version 5 adds
 * the group's offsets to the transaction (KIP-890), version 6 has topic ids instead of names (KIP-1319).
 */
import { int16, int32, int64, string, uuid } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const TxnOffsetCommitRequest = message("TxnOffsetCommitRequest", 28, "0-6", "3+", {
  transactionalId: string("0+"),
  groupId: string("0+"),
  producerId: int64("0+"),
  producerEpoch: int16("0+"),
  generationIdOrMemberEpoch: int32("3+", { default: -1 }),
  memberId: string("3+", { default: "" }),
  groupInstanceId: string("3+", { nullable: "3+", default: null }),
  topics: array(
    "0+",
    struct("0+", {
      name: string("0-5"),
      topicId: uuid("6+"),
      partitions: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
          committedOffset: int64("0+"),
          committedLeaderEpoch: int32("2+", { default: -1 }),
          committedMetadata: string("0+", { nullable: "0+" }),
        }),
      ),
    }),
  ),
});
export type TxnOffsetCommitRequest = Decoded<typeof TxnOffsetCommitRequest>;

export const TxnOffsetCommitResponse = message("TxnOffsetCommitResponse", 28, "0-6", "3+", {
  throttleTimeMs: int32("0+"),
  topics: array(
    "0+",
    struct("0+", {
      name: string("0-5"),
      topicId: uuid("6+"),
      partitions: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
          errorCode: int16("0+"),
        }),
      ),
    }),
  ),
});
export type TxnOffsetCommitResponse = Encodable<typeof TxnOffsetCommitResponse>;

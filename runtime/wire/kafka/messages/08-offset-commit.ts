/**
 * OffsetCommit, versions 2-10. Group instance id from 7, flexible from 8, topic ids instead of names from 10.
 *
 * Versions 0 and 1 wrote to ZooKeeper and are not declared.
 */
import { int16, int32, int64, string, uuid } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const OffsetCommitRequest = message("OffsetCommitRequest", 8, "2-10", "8+", {
  groupId: string("0+"),
  generationIdOrMemberEpoch: int32("1+", { default: -1 }),
  memberId: string("1+"),
  groupInstanceId: string("7+", { nullable: "7+", default: null }),
  retentionTimeMs: int64("2-4", { default: -1 }),
  topics: array(
    "0+",
    struct("0+", {
      name: string("0-9"),
      topicId: uuid("10+"),
      partitions: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
          committedOffset: int64("0+"),
          committedLeaderEpoch: int32("6+", { default: -1 }),
          committedMetadata: string("0+", { nullable: "0+" }),
        }),
      ),
    }),
  ),
});
export type OffsetCommitRequest = Decoded<typeof OffsetCommitRequest>;

export const OffsetCommitResponse = message("OffsetCommitResponse", 8, "2-10", "8+", {
  throttleTimeMs: int32("3+"),
  topics: array(
    "0+",
    struct("0+", {
      name: string("0-9"),
      topicId: uuid("10+"),
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
export type OffsetCommitResponse = Encodable<typeof OffsetCommitResponse>;

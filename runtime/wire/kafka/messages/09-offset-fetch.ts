/**
 * OffsetFetch, versions 1-10. Many groups in one request from 8, topic ids instead of names from 10; flexible from 6.
 *
 * Up to version 7 `groupId` and `topics` are used, from 8 on `groups`. Null topics mean all.
 */
import { bool, int16, int32, int64, string, uuid } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const OffsetFetchRequest = message("OffsetFetchRequest", 9, "1-10", "6+", {
  groupId: string("0-7"),
  topics: array(
    "0-7",
    struct("0-7", {
      name: string("0-7"),
      partitionIndexes: array("0-7", int32("0-7")),
    }),
    { nullable: "2-7" },
  ),
  groups: array(
    "8+",
    struct("8+", {
      groupId: string("8+"),
      memberId: string("9+", { nullable: "9+", default: null }),
      memberEpoch: int32("9+", { default: -1 }),
      topics: array(
        "8+",
        struct("8+", {
          name: string("8-9"),
          topicId: uuid("10+"),
          partitionIndexes: array("8+", int32("8+")),
        }),
        { nullable: "8+" },
      ),
    }),
  ),
  requireStable: bool("7+", { default: false }),
});
export type OffsetFetchRequest = Decoded<typeof OffsetFetchRequest>;

export const OffsetFetchResponse = message("OffsetFetchResponse", 9, "1-10", "6+", {
  throttleTimeMs: int32("3+"),
  topics: array(
    "0-7",
    struct("0-7", {
      name: string("0-7"),
      partitions: array(
        "0-7",
        struct("0-7", {
          partitionIndex: int32("0-7"),
          committedOffset: int64("0-7"),
          committedLeaderEpoch: int32("5-7", { default: -1 }),
          metadata: string("0-7", { nullable: "0-7" }),
          errorCode: int16("0-7"),
        }),
      ),
    }),
  ),
  errorCode: int16("2-7", { default: 0 }),
  groups: array(
    "8+",
    struct("8+", {
      groupId: string("8+"),
      topics: array(
        "8+",
        struct("8+", {
          name: string("8-9"),
          topicId: uuid("10+"),
          partitions: array(
            "8+",
            struct("8+", {
              partitionIndex: int32("8+"),
              committedOffset: int64("8+"),
              committedLeaderEpoch: int32("8+", { default: -1 }),
              metadata: string("8+", { nullable: "8+" }),
              errorCode: int16("8+"),
            }),
          ),
        }),
      ),
      errorCode: int16("8+", { default: 0 }),
    }),
  ),
});
export type OffsetFetchResponse = Encodable<typeof OffsetFetchResponse>;

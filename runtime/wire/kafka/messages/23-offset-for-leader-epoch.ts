/**
 * OffsetForLeaderEpoch, versions 2-4. Flexible from 4.
 */
import { int16, int32, int64, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const OffsetForLeaderEpochRequest = message("OffsetForLeaderEpochRequest", 23, "2-4", "4+", {
  replicaId: int32("3+", { default: -2 }),
  topics: array(
    "0+",
    struct("0+", {
      topic: string("0+"),
      partitions: array(
        "0+",
        struct("0+", {
          partition: int32("0+"),
          currentLeaderEpoch: int32("2+", { default: -1 }),
          leaderEpoch: int32("0+"),
        }),
      ),
    }),
  ),
});
export type OffsetForLeaderEpochRequest = Decoded<typeof OffsetForLeaderEpochRequest>;

export const OffsetForLeaderEpochResponse = message(
  "OffsetForLeaderEpochResponse",
  23,
  "2-4",
  "4+",
  {
    throttleTimeMs: int32("2+"),
    topics: array(
      "0+",
      struct("0+", {
        topic: string("0+"),
        partitions: array(
          "0+",
          struct("0+", {
            errorCode: int16("0+"),
            partition: int32("0+"),
            leaderEpoch: int32("1+", { default: -1 }),
            endOffset: int64("0+", { default: -1 }),
          }),
        ),
      }),
    ),
  },
);
export type OffsetForLeaderEpochResponse = Encodable<typeof OffsetForLeaderEpochResponse>;

/**
 * ListOffsets, versions 1-11. Flexible from 6; a timeout for the broker from 10.
 *
 * The timestamp is a time in ms, or -1 latest, -2 earliest, -3 greatest timestamp (7+), -4 earliest
 * local (8+), -5 last tiered (9+), -6 earliest pending upload (11).
 */
import { int16, int32, int64, int64Clamped, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const ListOffsetsRequest = message("ListOffsetsRequest", 2, "1-11", "6+", {
  replicaId: int32("0+"),
  isolationLevel: int8("2+"),
  topics: array(
    "0+",
    struct("0+", {
      name: string("0+"),
      partitions: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
          currentLeaderEpoch: int32("4+", { default: -1 }),
          timestamp: int64Clamped("0+"),
        }),
      ),
    }),
  ),
  timeoutMs: int32("10+"),
});
export type ListOffsetsRequest = Decoded<typeof ListOffsetsRequest>;

export const ListOffsetsResponse = message("ListOffsetsResponse", 2, "1-11", "6+", {
  throttleTimeMs: int32("2+"),
  topics: array(
    "0+",
    struct("0+", {
      name: string("0+"),
      partitions: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
          errorCode: int16("0+"),
          timestamp: int64("1+", { default: -1 }),
          offset: int64("1+", { default: -1 }),
          leaderEpoch: int32("4+", { default: -1 }),
        }),
      ),
    }),
  ),
});
export type ListOffsetsResponse = Encodable<typeof ListOffsetsResponse>;

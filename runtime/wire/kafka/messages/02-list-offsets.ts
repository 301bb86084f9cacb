import { int16, int32, int64, int8, string } from "../primitives.ts";
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
          timestamp: int64("0+"),
          maxNumOffsets: int32("0", { default: 1 }),
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
          oldStyleOffsets: array("0", int64("0")),
          timestamp: int64("1+", { default: -1 }),
          offset: int64("1+", { default: -1 }),
          leaderEpoch: int32("4+", { default: -1 }),
        }),
      ),
    }),
  ),
});
export type ListOffsetsResponse = Encodable<typeof ListOffsetsResponse>;

/**
 * OffsetDelete, version 0. Never flexible.
 */
import { int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const OffsetDeleteRequest = message("OffsetDeleteRequest", 47, "0", "none", {
  groupId: string("0+"),
  topics: array(
    "0+",
    struct("0+", {
      name: string("0+"),
      partitions: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
        }),
      ),
    }),
  ),
});
export type OffsetDeleteRequest = Decoded<typeof OffsetDeleteRequest>;

export const OffsetDeleteResponse = message("OffsetDeleteResponse", 47, "0", "none", {
  errorCode: int16("0+"),
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
        }),
      ),
    }),
  ),
});
export type OffsetDeleteResponse = Encodable<typeof OffsetDeleteResponse>;

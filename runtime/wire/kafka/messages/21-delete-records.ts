/**
 * DeleteRecords, versions 0-2. Flexible from 2.
 *
 * Offset -1 is the high watermark.
 */
import { int16, int32, int64, int64Clamped, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DeleteRecordsRequest = message("DeleteRecordsRequest", 21, "0-2", "2+", {
  topics: array(
    "0+",
    struct("0+", {
      name: string("0+"),
      partitions: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
          offset: int64Clamped("0+"),
        }),
      ),
    }),
  ),
  timeoutMs: int32("0+"),
});
export type DeleteRecordsRequest = Decoded<typeof DeleteRecordsRequest>;

export const DeleteRecordsResponse = message("DeleteRecordsResponse", 21, "0-2", "2+", {
  throttleTimeMs: int32("0+"),
  topics: array(
    "0+",
    struct("0+", {
      name: string("0+"),
      partitions: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
          lowWatermark: int64("0+"),
          errorCode: int16("0+"),
        }),
      ),
    }),
  ),
});
export type DeleteRecordsResponse = Encodable<typeof DeleteRecordsResponse>;

/**
 * DescribeLogDirs, versions 1-5. Flexible from 2, an error of the whole from 3, sizes of the volume from 4.
 */
import { bool, int16, int32, int64, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DescribeLogDirsRequest = message("DescribeLogDirsRequest", 35, "1-5", "2+", {
  topics: array(
    "0+",
    struct("0+", {
      topic: string("0+"),
      partitions: array("0+", int32("0+")),
    }),
    { nullable: "0+" },
  ),
});
export type DescribeLogDirsRequest = Decoded<typeof DescribeLogDirsRequest>;

export const DescribeLogDirsResponse = message("DescribeLogDirsResponse", 35, "1-5", "2+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("3+"),
  results: array(
    "0+",
    struct("0+", {
      errorCode: int16("0+"),
      logDir: string("0+"),
      topics: array(
        "0+",
        struct("0+", {
          name: string("0+"),
          partitions: array(
            "0+",
            struct("0+", {
              partitionIndex: int32("0+"),
              partitionSize: int64("0+"),
              offsetLag: int64("0+"),
              isFutureKey: bool("0+"),
            }),
          ),
        }),
      ),
      totalBytes: int64("4+", { default: -1 }),
      usableBytes: int64("4+", { default: -1 }),
      isCordoned: bool("5+", { default: false }),
    }),
  ),
});
export type DescribeLogDirsResponse = Encodable<typeof DescribeLogDirsResponse>;

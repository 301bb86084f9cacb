/**
 * AlterReplicaLogDirs, versions 1-2 (KIP-113). Flexible from 2.
 */
import { int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const AlterReplicaLogDirsRequest = message("AlterReplicaLogDirsRequest", 34, "1-2", "2+", {
  dirs: array(
    "0+",
    struct("0+", {
      path: string("0+"),
      topics: array(
        "0+",
        struct("0+", {
          name: string("0+"),
          partitions: array("0+", int32("0+")),
        }),
      ),
    }),
  ),
});
export type AlterReplicaLogDirsRequest = Decoded<typeof AlterReplicaLogDirsRequest>;

export const AlterReplicaLogDirsResponse = message("AlterReplicaLogDirsResponse", 34, "1-2", "2+", {
  throttleTimeMs: int32("0+"),
  results: array(
    "0+",
    struct("0+", {
      topicName: string("0+"),
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
export type AlterReplicaLogDirsResponse = Encodable<typeof AlterReplicaLogDirsResponse>;

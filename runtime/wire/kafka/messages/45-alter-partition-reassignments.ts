/**
 * AlterPartitionReassignments, versions 0-1. Always flexible.
 */
import { bool, int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const AlterPartitionReassignmentsRequest = message(
  "AlterPartitionReassignmentsRequest",
  45,
  "0-1",
  "0+",
  {
    timeoutMs: int32("0+", { default: 60000 }),
    allowReplicationFactorChange: bool("1+", { default: true }),
    topics: array(
      "0+",
      struct("0+", {
        name: string("0+"),
        partitions: array(
          "0+",
          struct("0+", {
            partitionIndex: int32("0+"),
            replicas: array("0+", int32("0+"), { nullable: "0+", default: null }),
          }),
        ),
      }),
    ),
  },
);
export type AlterPartitionReassignmentsRequest = Decoded<typeof AlterPartitionReassignmentsRequest>;

export const AlterPartitionReassignmentsResponse = message(
  "AlterPartitionReassignmentsResponse",
  45,
  "0-1",
  "0+",
  {
    throttleTimeMs: int32("0+"),
    allowReplicationFactorChange: bool("1+", { default: true }),
    errorCode: int16("0+"),
    errorMessage: string("0+", { nullable: "0+" }),
    responses: array(
      "0+",
      struct("0+", {
        name: string("0+"),
        partitions: array(
          "0+",
          struct("0+", {
            partitionIndex: int32("0+"),
            errorCode: int16("0+"),
            errorMessage: string("0+", { nullable: "0+" }),
          }),
        ),
      }),
    ),
  },
);
export type AlterPartitionReassignmentsResponse = Encodable<
  typeof AlterPartitionReassignmentsResponse
>;

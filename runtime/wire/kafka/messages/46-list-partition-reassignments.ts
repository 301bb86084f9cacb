/**
 * ListPartitionReassignments, version 0. Always flexible.
 */
import { int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const ListPartitionReassignmentsRequest = message(
  "ListPartitionReassignmentsRequest",
  46,
  "0",
  "0+",
  {
    timeoutMs: int32("0+", { default: 60000 }),
    topics: array(
      "0+",
      struct("0+", {
        name: string("0+"),
        partitionIndexes: array("0+", int32("0+")),
      }),
      { nullable: "0+", default: null },
    ),
  },
);
export type ListPartitionReassignmentsRequest = Decoded<typeof ListPartitionReassignmentsRequest>;

export const ListPartitionReassignmentsResponse = message(
  "ListPartitionReassignmentsResponse",
  46,
  "0",
  "0+",
  {
    throttleTimeMs: int32("0+"),
    errorCode: int16("0+"),
    errorMessage: string("0+", { nullable: "0+" }),
    topics: array(
      "0+",
      struct("0+", {
        name: string("0+"),
        partitions: array(
          "0+",
          struct("0+", {
            partitionIndex: int32("0+"),
            replicas: array("0+", int32("0+")),
            addingReplicas: array("0+", int32("0+")),
            removingReplicas: array("0+", int32("0+")),
          }),
        ),
      }),
    ),
  },
);
export type ListPartitionReassignmentsResponse = Encodable<
  typeof ListPartitionReassignmentsResponse
>;

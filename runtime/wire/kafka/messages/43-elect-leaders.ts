/**
 * ElectLeaders, versions 0-2. Kinds of election and an error of the whole from 1, flexible from 2.
 */
import { int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const ElectLeadersRequest = message("ElectLeadersRequest", 43, "0-2", "2+", {
  electionType: int8("1+"),
  topicPartitions: array(
    "0+",
    struct("0+", {
      topic: string("0+"),
      partitions: array("0+", int32("0+")),
    }),
    { nullable: "0+" },
  ),
  timeoutMs: int32("0+", { default: 60000 }),
});
export type ElectLeadersRequest = Decoded<typeof ElectLeadersRequest>;

export const ElectLeadersResponse = message("ElectLeadersResponse", 43, "0-2", "2+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("1+"),
  replicaElectionResults: array(
    "0+",
    struct("0+", {
      topic: string("0+"),
      partitionResult: array(
        "0+",
        struct("0+", {
          partitionId: int32("0+"),
          errorCode: int16("0+"),
          errorMessage: string("0+", { nullable: "0+" }),
        }),
      ),
    }),
  ),
});
export type ElectLeadersResponse = Encodable<typeof ElectLeadersResponse>;

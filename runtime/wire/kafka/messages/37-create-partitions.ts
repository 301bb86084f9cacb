/**
 * CreatePartitions, versions 0-3. Flexible from 2.
 */
import { bool, int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const CreatePartitionsRequest = message("CreatePartitionsRequest", 37, "0-3", "2+", {
  topics: array(
    "0+",
    struct("0+", {
      name: string("0+"),
      count: int32("0+"),
      assignments: array(
        "0+",
        struct("0+", {
          brokerIds: array("0+", int32("0+")),
        }),
        { nullable: "0+" },
      ),
    }),
  ),
  timeoutMs: int32("0+"),
  validateOnly: bool("0+"),
});
export type CreatePartitionsRequest = Decoded<typeof CreatePartitionsRequest>;

export const CreatePartitionsResponse = message("CreatePartitionsResponse", 37, "0-3", "2+", {
  throttleTimeMs: int32("0+"),
  results: array(
    "0+",
    struct("0+", {
      name: string("0+"),
      errorCode: int16("0+"),
      errorMessage: string("0+", { nullable: "0+", default: null }),
    }),
  ),
});
export type CreatePartitionsResponse = Encodable<typeof CreatePartitionsResponse>;

/**
 * IncrementalAlterConfigs, versions 0-1. Flexible from 1.
 *
 * Operations: 0 set, 1 delete, 2 append, 3 subtract.
 */
import { bool, int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const IncrementalAlterConfigsRequest = message(
  "IncrementalAlterConfigsRequest",
  44,
  "0-1",
  "1+",
  {
    resources: array(
      "0+",
      struct("0+", {
        resourceType: int8("0+"),
        resourceName: string("0+"),
        configs: array(
          "0+",
          struct("0+", {
            name: string("0+"),
            configOperation: int8("0+"),
            value: string("0+", { nullable: "0+" }),
          }),
        ),
      }),
    ),
    validateOnly: bool("0+"),
  },
);
export type IncrementalAlterConfigsRequest = Decoded<typeof IncrementalAlterConfigsRequest>;

export const IncrementalAlterConfigsResponse = message(
  "IncrementalAlterConfigsResponse",
  44,
  "0-1",
  "1+",
  {
    throttleTimeMs: int32("0+"),
    responses: array(
      "0+",
      struct("0+", {
        errorCode: int16("0+"),
        errorMessage: string("0+", { nullable: "0+" }),
        resourceType: int8("0+"),
        resourceName: string("0+"),
      }),
    ),
  },
);
export type IncrementalAlterConfigsResponse = Encodable<typeof IncrementalAlterConfigsResponse>;

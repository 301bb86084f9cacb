/**
 * AlterConfigs, versions 0-2. Flexible from 2.
 *
 * Replaces every value of a resource; IncrementalAlterConfigs is what clients should use.
 */
import { bool, int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const AlterConfigsRequest = message("AlterConfigsRequest", 33, "0-2", "2+", {
  resources: array(
    "0+",
    struct("0+", {
      resourceType: int8("0+"),
      resourceName: string("0+"),
      configs: array(
        "0+",
        struct("0+", {
          name: string("0+"),
          value: string("0+", { nullable: "0+" }),
        }),
      ),
    }),
  ),
  validateOnly: bool("0+"),
});
export type AlterConfigsRequest = Decoded<typeof AlterConfigsRequest>;

export const AlterConfigsResponse = message("AlterConfigsResponse", 33, "0-2", "2+", {
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
});
export type AlterConfigsResponse = Encodable<typeof AlterConfigsResponse>;

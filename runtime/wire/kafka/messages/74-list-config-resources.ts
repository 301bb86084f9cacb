/**
 * ListConfigResources, versions 0-1 (KIP-714, KIP-1142). Version 0 lists client metrics only.
 */
import { int8, int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const ListConfigResourcesRequest = message("ListConfigResourcesRequest", 74, "0-1", "0+", {
  resourceTypes: array("1+", int8("1+")),
});
export type ListConfigResourcesRequest = Decoded<typeof ListConfigResourcesRequest>;

export const ListConfigResourcesResponse = message("ListConfigResourcesResponse", 74, "0-1", "0+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("0+"),
  configResources: array(
    "0+",
    struct("0+", {
      resourceName: string("0+"),
      resourceType: int8("1+", { default: 16 }),
    }),
  ),
});
export type ListConfigResourcesResponse = Encodable<typeof ListConfigResourcesResponse>;

/**
 * DeleteAcls, versions 1-3. Flexible from 2, user principals from 3.
 */
import { int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DeleteAclsRequest = message("DeleteAclsRequest", 31, "1-3", "2+", {
  filters: array(
    "0+",
    struct("0+", {
      resourceTypeFilter: int8("0+"),
      resourceNameFilter: string("0+", { nullable: "0+" }),
      patternTypeFilter: int8("1+", { default: 3 }),
      principalFilter: string("0+", { nullable: "0+" }),
      hostFilter: string("0+", { nullable: "0+" }),
      operation: int8("0+"),
      permissionType: int8("0+"),
    }),
  ),
});
export type DeleteAclsRequest = Decoded<typeof DeleteAclsRequest>;

export const DeleteAclsResponse = message("DeleteAclsResponse", 31, "1-3", "2+", {
  throttleTimeMs: int32("0+"),
  filterResults: array(
    "0+",
    struct("0+", {
      errorCode: int16("0+"),
      errorMessage: string("0+", { nullable: "0+" }),
      matchingAcls: array(
        "0+",
        struct("0+", {
          errorCode: int16("0+"),
          errorMessage: string("0+", { nullable: "0+" }),
          resourceType: int8("0+"),
          resourceName: string("0+"),
          patternType: int8("1+", { default: 3 }),
          principal: string("0+"),
          host: string("0+"),
          operation: int8("0+"),
          permissionType: int8("0+"),
        }),
      ),
    }),
  ),
});
export type DeleteAclsResponse = Encodable<typeof DeleteAclsResponse>;

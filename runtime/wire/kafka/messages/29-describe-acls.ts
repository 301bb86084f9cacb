/**
 * DescribeAcls, versions 1-3. Flexible from 2, user principals from 3.
 */
import { int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DescribeAclsRequest = message("DescribeAclsRequest", 29, "1-3", "2+", {
  resourceTypeFilter: int8("0+"),
  resourceNameFilter: string("0+", { nullable: "0+" }),
  patternTypeFilter: int8("1+", { default: 3 }),
  principalFilter: string("0+", { nullable: "0+" }),
  hostFilter: string("0+", { nullable: "0+" }),
  operation: int8("0+"),
  permissionType: int8("0+"),
});
export type DescribeAclsRequest = Decoded<typeof DescribeAclsRequest>;

export const DescribeAclsResponse = message("DescribeAclsResponse", 29, "1-3", "2+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("0+"),
  errorMessage: string("0+", { nullable: "0+" }),
  resources: array(
    "0+",
    struct("0+", {
      resourceType: int8("0+"),
      resourceName: string("0+"),
      patternType: int8("1+", { default: 3 }),
      acls: array(
        "0+",
        struct("0+", {
          principal: string("0+"),
          host: string("0+"),
          operation: int8("0+"),
          permissionType: int8("0+"),
        }),
      ),
    }),
  ),
});
export type DescribeAclsResponse = Encodable<typeof DescribeAclsResponse>;

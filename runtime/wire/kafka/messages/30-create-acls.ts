/**
 * CreateAcls, versions 1-3. Flexible from 2, user principals from 3.
 */
import { int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const CreateAclsRequest = message("CreateAclsRequest", 30, "1-3", "2+", {
  creations: array(
    "0+",
    struct("0+", {
      resourceType: int8("0+"),
      resourceName: string("0+"),
      resourcePatternType: int8("1+", { default: 3 }),
      principal: string("0+"),
      host: string("0+"),
      operation: int8("0+"),
      permissionType: int8("0+"),
    }),
  ),
});
export type CreateAclsRequest = Decoded<typeof CreateAclsRequest>;

export const CreateAclsResponse = message("CreateAclsResponse", 30, "1-3", "2+", {
  throttleTimeMs: int32("0+"),
  results: array(
    "0+",
    struct("0+", {
      errorCode: int16("0+"),
      errorMessage: string("0+", { nullable: "0+" }),
    }),
  ),
});
export type CreateAclsResponse = Encodable<typeof CreateAclsResponse>;

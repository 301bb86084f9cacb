/**
 * DescribeGroups, versions 0-6. Static members from 4, flexible from 5, an error message from 6.
 */
import { bool, bytes, int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DescribeGroupsRequest = message("DescribeGroupsRequest", 15, "0-6", "5+", {
  groups: array("0+", string("0+")),
  includeAuthorizedOperations: bool("3+"),
});
export type DescribeGroupsRequest = Decoded<typeof DescribeGroupsRequest>;

export const DescribeGroupsResponse = message("DescribeGroupsResponse", 15, "0-6", "5+", {
  throttleTimeMs: int32("1+"),
  groups: array(
    "0+",
    struct("0+", {
      errorCode: int16("0+"),
      errorMessage: string("6+", { nullable: "6+", default: null }),
      groupId: string("0+"),
      groupState: string("0+"),
      protocolType: string("0+"),
      protocolData: string("0+"),
      members: array(
        "0+",
        struct("0+", {
          memberId: string("0+"),
          groupInstanceId: string("4+", { nullable: "4+", default: null }),
          clientId: string("0+"),
          clientHost: string("0+"),
          memberMetadata: bytes("0+"),
          memberAssignment: bytes("0+"),
        }),
      ),
      authorizedOperations: int32("3+", { default: -2147483648 }),
    }),
  ),
});
export type DescribeGroupsResponse = Encodable<typeof DescribeGroupsResponse>;

/**
 * DeleteGroups, versions 0-3. Flexible from 2, an error message from 3 (Kafka 4.4).
 */
import { int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DeleteGroupsRequest = message("DeleteGroupsRequest", 42, "0-3", "2+", {
  groupsNames: array("0+", string("0+")),
});
export type DeleteGroupsRequest = Decoded<typeof DeleteGroupsRequest>;

export const DeleteGroupsResponse = message("DeleteGroupsResponse", 42, "0-3", "2+", {
  throttleTimeMs: int32("0+"),
  results: array(
    "0+",
    struct("0+", {
      groupId: string("0+"),
      errorCode: int16("0+"),
      errorMessage: string("3+", { nullable: "3+", default: null }),
    }),
  ),
});
export type DeleteGroupsResponse = Encodable<typeof DeleteGroupsResponse>;

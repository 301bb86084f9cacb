/**
 * DeleteGroups, versions 0-2. Flexible from 2.
 *
 * Version 3 (an error message, Kafka 4.4) is not declared.
 */
import { int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DeleteGroupsRequest = message("DeleteGroupsRequest", 42, "0-2", "2+", {
  groupsNames: array("0+", string("0+")),
});
export type DeleteGroupsRequest = Decoded<typeof DeleteGroupsRequest>;

export const DeleteGroupsResponse = message("DeleteGroupsResponse", 42, "0-2", "2+", {
  throttleTimeMs: int32("0+"),
  results: array(
    "0+",
    struct("0+", {
      groupId: string("0+"),
      errorCode: int16("0+"),
    }),
  ),
});
export type DeleteGroupsResponse = Encodable<typeof DeleteGroupsResponse>;

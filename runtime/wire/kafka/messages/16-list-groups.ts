/**
 * ListGroups, versions 0-5. Flexible from 3, filter by state from 4 and by type from 5.
 */
import { int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const ListGroupsRequest = message("ListGroupsRequest", 16, "0-5", "3+", {
  statesFilter: array("4+", string("4+")),
  typesFilter: array("5+", string("5+")),
});
export type ListGroupsRequest = Decoded<typeof ListGroupsRequest>;

export const ListGroupsResponse = message("ListGroupsResponse", 16, "0-5", "3+", {
  throttleTimeMs: int32("1+"),
  errorCode: int16("0+"),
  groups: array(
    "0+",
    struct("0+", {
      groupId: string("0+"),
      protocolType: string("0+"),
      groupState: string("4+"),
      groupType: string("5+"),
    }),
  ),
});
export type ListGroupsResponse = Encodable<typeof ListGroupsResponse>;

/**
 * LeaveGroup, versions 0-5. Many members in one request from 3, flexible from 4, a reason from 5.
 *
 * Up to version 2 `memberId` is used, from 3 on `members`.
 */
import { int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const LeaveGroupRequest = message("LeaveGroupRequest", 13, "0-5", "4+", {
  groupId: string("0+"),
  memberId: string("0-2"),
  members: array(
    "3+",
    struct("3+", {
      memberId: string("3+"),
      groupInstanceId: string("3+", { nullable: "3+", default: null }),
      reason: string("5+", { nullable: "5+", default: null }),
    }),
  ),
});
export type LeaveGroupRequest = Decoded<typeof LeaveGroupRequest>;

export const LeaveGroupResponse = message("LeaveGroupResponse", 13, "0-5", "4+", {
  throttleTimeMs: int32("1+"),
  errorCode: int16("0+"),
  members: array(
    "3+",
    struct("3+", {
      memberId: string("3+"),
      groupInstanceId: string("3+", { nullable: "3+" }),
      errorCode: int16("3+"),
    }),
  ),
});
export type LeaveGroupResponse = Encodable<typeof LeaveGroupResponse>;

/**
 * SyncGroup, versions 0-5. Static members from 3, flexible from 4, protocol type and name from 5.
 *
 * `assignment` is a view into the frame: a coordinator that keeps it copies it.
 */
import { bytes, int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const SyncGroupRequest = message("SyncGroupRequest", 14, "0-5", "4+", {
  groupId: string("0+"),
  generationId: int32("0+"),
  memberId: string("0+"),
  groupInstanceId: string("3+", { nullable: "3+", default: null }),
  protocolType: string("5+", { nullable: "5+", default: null }),
  protocolName: string("5+", { nullable: "5+", default: null }),
  assignments: array(
    "0+",
    struct("0+", {
      memberId: string("0+"),
      assignment: bytes("0+"),
    }),
  ),
});
export type SyncGroupRequest = Decoded<typeof SyncGroupRequest>;

export const SyncGroupResponse = message("SyncGroupResponse", 14, "0-5", "4+", {
  throttleTimeMs: int32("1+"),
  errorCode: int16("0+"),
  protocolType: string("5+", { nullable: "5+", default: null }),
  protocolName: string("5+", { nullable: "5+", default: null }),
  assignment: bytes("0+"),
});
export type SyncGroupResponse = Encodable<typeof SyncGroupResponse>;

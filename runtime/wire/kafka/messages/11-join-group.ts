/**
 * JoinGroup, versions 0-9. Rebalance timeout from 1, member id in two steps from 4, static members from 5, flexible from 6.
 *
 * `metadata` is a view into the frame: a coordinator that keeps it copies it.
 */
import { bool, bytes, int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const JoinGroupRequest = message("JoinGroupRequest", 11, "0-9", "6+", {
  groupId: string("0+"),
  sessionTimeoutMs: int32("0+"),
  rebalanceTimeoutMs: int32("1+", { default: -1 }),
  memberId: string("0+"),
  groupInstanceId: string("5+", { nullable: "5+", default: null }),
  protocolType: string("0+"),
  protocols: array(
    "0+",
    struct("0+", {
      name: string("0+"),
      metadata: bytes("0+"),
    }),
  ),
  reason: string("8+", { nullable: "8+", default: null }),
});
export type JoinGroupRequest = Decoded<typeof JoinGroupRequest>;

export const JoinGroupResponse = message("JoinGroupResponse", 11, "0-9", "6+", {
  throttleTimeMs: int32("2+"),
  errorCode: int16("0+"),
  generationId: int32("0+", { default: -1 }),
  protocolType: string("7+", { nullable: "7+", default: null }),
  protocolName: string("0+", { nullable: "7+" }),
  leader: string("0+"),
  skipAssignment: bool("9+", { default: false }),
  memberId: string("0+"),
  members: array(
    "0+",
    struct("0+", {
      memberId: string("0+"),
      groupInstanceId: string("5+", { nullable: "5+", default: null }),
      metadata: bytes("0+"),
    }),
  ),
});
export type JoinGroupResponse = Encodable<typeof JoinGroupResponse>;

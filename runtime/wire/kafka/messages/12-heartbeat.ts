/**
 * Heartbeat, versions 0-4. Static members from 3, flexible from 4.
 */
import { int16, int32, string } from "../primitives.ts";
import { message } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const HeartbeatRequest = message("HeartbeatRequest", 12, "0-4", "4+", {
  groupId: string("0+"),
  generationId: int32("0+"),
  memberId: string("0+"),
  groupInstanceId: string("3+", { nullable: "3+", default: null }),
});
export type HeartbeatRequest = Decoded<typeof HeartbeatRequest>;

export const HeartbeatResponse = message("HeartbeatResponse", 12, "0-4", "4+", {
  throttleTimeMs: int32("1+"),
  errorCode: int16("0+"),
});
export type HeartbeatResponse = Encodable<typeof HeartbeatResponse>;

/**
 * FindCoordinator, versions 0-6. Many keys in one request from 4; flexible from 3.
 *
 * Up to version 3 `key` and the top level of the response are used, from 4 on `coordinatorKeys` and
 * `coordinators`. Key types: 0 group, 1 transaction, 2 share group (6).
 */
import { int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const FindCoordinatorRequest = message("FindCoordinatorRequest", 10, "0-6", "3+", {
  key: string("0-3"),
  keyType: int8("1+", { default: 0 }),
  coordinatorKeys: array("4+", string("4+")),
});
export type FindCoordinatorRequest = Decoded<typeof FindCoordinatorRequest>;

export const FindCoordinatorResponse = message("FindCoordinatorResponse", 10, "0-6", "3+", {
  throttleTimeMs: int32("1+"),
  errorCode: int16("0-3"),
  errorMessage: string("1-3", { nullable: "1-3" }),
  nodeId: int32("0-3"),
  host: string("0-3"),
  port: int32("0-3"),
  coordinators: array(
    "4+",
    struct("4+", {
      key: string("4+"),
      nodeId: int32("4+"),
      host: string("4+"),
      port: int32("4+"),
      errorCode: int16("4+"),
      errorMessage: string("4+", { nullable: "4+" }),
    }),
  ),
});
export type FindCoordinatorResponse = Encodable<typeof FindCoordinatorResponse>;

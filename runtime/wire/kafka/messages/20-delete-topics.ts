/**
 * DeleteTopics, versions 1-6. Flexible from 4, by topic id from 6.
 *
 * Up to version 5 `topicNames` is used, from 6 on `topics`.
 */
import { int16, int32, string, uuid } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DeleteTopicsRequest = message("DeleteTopicsRequest", 20, "1-6", "4+", {
  topics: array(
    "6+",
    struct("6+", {
      name: string("6+", { nullable: "6+", default: null }),
      topicId: uuid("6+"),
    }),
  ),
  topicNames: array("0-5", string("0-5")),
  timeoutMs: int32("0+"),
});
export type DeleteTopicsRequest = Decoded<typeof DeleteTopicsRequest>;

export const DeleteTopicsResponse = message("DeleteTopicsResponse", 20, "1-6", "4+", {
  throttleTimeMs: int32("1+"),
  responses: array(
    "0+",
    struct("0+", {
      name: string("0+", { nullable: "6+" }),
      topicId: uuid("6+"),
      errorCode: int16("0+"),
      errorMessage: string("5+", { nullable: "5+", default: null }),
    }),
  ),
});
export type DeleteTopicsResponse = Encodable<typeof DeleteTopicsResponse>;

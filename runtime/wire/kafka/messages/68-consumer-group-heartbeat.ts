/**
 * ConsumerGroupHeartbeat (KIP-848), versions 0-1. The whole of the new consumer group protocol: join,
 * leave, subscription and assignment. Subscriptions by regular expression and member ids made by the
 * consumer (KIP-1082) from 1.
 */
import { int16, int32, string, uuid } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const ConsumerGroupHeartbeatRequest = message(
  "ConsumerGroupHeartbeatRequest",
  68,
  "0-1",
  "0+",
  {
    groupId: string("0+"),
    memberId: string("0+"),
    memberEpoch: int32("0+"),
    instanceId: string("0+", { nullable: "0+", default: null }),
    rackId: string("0+", { nullable: "0+", default: null }),
    rebalanceTimeoutMs: int32("0+", { default: -1 }),
    subscribedTopicNames: array("0+", string("0+"), { nullable: "0+", default: null }),
    subscribedTopicRegex: string("1+", { nullable: "1+", default: null }),
    serverAssignor: string("0+", { nullable: "0+", default: null }),
    topicPartitions: array(
      "0+",
      struct("0+", {
        topicId: uuid("0+"),
        partitions: array("0+", int32("0+")),
      }),
      { nullable: "0+", default: null },
    ),
  },
);
export type ConsumerGroupHeartbeatRequest = Decoded<typeof ConsumerGroupHeartbeatRequest>;

export const ConsumerGroupHeartbeatResponse = message(
  "ConsumerGroupHeartbeatResponse",
  68,
  "0-1",
  "0+",
  {
    throttleTimeMs: int32("0+"),
    errorCode: int16("0+"),
    errorMessage: string("0+", { nullable: "0+", default: null }),
    memberId: string("0+", { nullable: "0+", default: null }),
    memberEpoch: int32("0+"),
    heartbeatIntervalMs: int32("0+"),
    assignment: struct(
      "0+",
      {
        topicPartitions: array(
          "0+",
          struct("0+", {
            topicId: uuid("0+"),
            partitions: array("0+", int32("0+")),
          }),
        ),
      },
      { nullable: "0+", default: null },
    ),
  },
);
export type ConsumerGroupHeartbeatResponse = Encodable<typeof ConsumerGroupHeartbeatResponse>;

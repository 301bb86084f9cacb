/**
 * ConsumerGroupDescribe (KIP-848), versions 0-1. The kind of each member from 1 (KIP-1099).
 */
import { bool, int16, int32, int8, string, uuid } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const ConsumerGroupDescribeRequest = message(
  "ConsumerGroupDescribeRequest",
  69,
  "0-1",
  "0+",
  {
    groupIds: array("0+", string("0+")),
    includeAuthorizedOperations: bool("0+"),
  },
);
export type ConsumerGroupDescribeRequest = Decoded<typeof ConsumerGroupDescribeRequest>;

const assignment = struct("0+", {
  topicPartitions: array(
    "0+",
    struct("0+", {
      topicId: uuid("0+"),
      topicName: string("0+"),
      partitions: array("0+", int32("0+")),
    }),
  ),
});

export const ConsumerGroupDescribeResponse = message(
  "ConsumerGroupDescribeResponse",
  69,
  "0-1",
  "0+",
  {
    throttleTimeMs: int32("0+"),
    groups: array(
      "0+",
      struct("0+", {
        errorCode: int16("0+"),
        errorMessage: string("0+", { nullable: "0+", default: null }),
        groupId: string("0+"),
        groupState: string("0+"),
        groupEpoch: int32("0+"),
        assignmentEpoch: int32("0+"),
        assignorName: string("0+"),
        members: array(
          "0+",
          struct("0+", {
            memberId: string("0+"),
            instanceId: string("0+", { nullable: "0+", default: null }),
            rackId: string("0+", { nullable: "0+", default: null }),
            memberEpoch: int32("0+"),
            clientId: string("0+"),
            clientHost: string("0+"),
            subscribedTopicNames: array("0+", string("0+")),
            subscribedTopicRegex: string("0+", { nullable: "0+", default: null }),
            assignment,
            targetAssignment: assignment,
            memberType: int8("1+", { default: -1 }),
          }),
        ),
        authorizedOperations: int32("0+", { default: -2147483648 }),
      }),
    ),
  },
);
export type ConsumerGroupDescribeResponse = Encodable<typeof ConsumerGroupDescribeResponse>;

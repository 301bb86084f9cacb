/**
 * DescribeTopicPartitions, version 0. Always flexible.
 *
 * The cursor is a nullable struct: a byte tells whether it follows.
 */
import { bool, int16, int32, string, uuid } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DescribeTopicPartitionsRequest = message(
  "DescribeTopicPartitionsRequest",
  75,
  "0",
  "0+",
  {
    topics: array(
      "0+",
      struct("0+", {
        name: string("0+"),
      }),
    ),
    responsePartitionLimit: int32("0+", { default: 2000 }),
    cursor: struct(
      "0+",
      {
        topicName: string("0+"),
        partitionIndex: int32("0+"),
      },
      { nullable: "0+", default: null },
    ),
  },
);
export type DescribeTopicPartitionsRequest = Decoded<typeof DescribeTopicPartitionsRequest>;

export const DescribeTopicPartitionsResponse = message(
  "DescribeTopicPartitionsResponse",
  75,
  "0",
  "0+",
  {
    throttleTimeMs: int32("0+"),
    topics: array(
      "0+",
      struct("0+", {
        errorCode: int16("0+"),
        name: string("0+", { nullable: "0+" }),
        topicId: uuid("0+"),
        isInternal: bool("0+", { default: false }),
        partitions: array(
          "0+",
          struct("0+", {
            errorCode: int16("0+"),
            partitionIndex: int32("0+"),
            leaderId: int32("0+"),
            leaderEpoch: int32("0+", { default: -1 }),
            replicaNodes: array("0+", int32("0+")),
            isrNodes: array("0+", int32("0+")),
            eligibleLeaderReplicas: array("0+", int32("0+"), { nullable: "0+", default: null }),
            lastKnownElr: array("0+", int32("0+"), { nullable: "0+", default: null }),
            offlineReplicas: array("0+", int32("0+")),
          }),
        ),
        topicAuthorizedOperations: int32("0+", { default: -2147483648 }),
      }),
    ),
    nextCursor: struct(
      "0+",
      {
        topicName: string("0+"),
        partitionIndex: int32("0+"),
      },
      { nullable: "0+", default: null },
    ),
  },
);
export type DescribeTopicPartitionsResponse = Encodable<typeof DescribeTopicPartitionsResponse>;

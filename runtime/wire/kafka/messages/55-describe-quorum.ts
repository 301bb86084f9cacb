/**
 * DescribeQuorum, versions 0-2. Always flexible. Fetch times from 1, directories and endpoints from 2.
 */
import { int16, int32, int64, string, uint16, uuid } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DescribeQuorumRequest = message("DescribeQuorumRequest", 55, "0-2", "0+", {
  topics: array(
    "0+",
    struct("0+", {
      topicName: string("0+"),
      partitions: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
        }),
      ),
    }),
  ),
});
export type DescribeQuorumRequest = Decoded<typeof DescribeQuorumRequest>;

export const DescribeQuorumResponse = message("DescribeQuorumResponse", 55, "0-2", "0+", {
  errorCode: int16("0+"),
  errorMessage: string("2+", { nullable: "2+" }),
  topics: array(
    "0+",
    struct("0+", {
      topicName: string("0+"),
      partitions: array(
        "0+",
        struct("0+", {
          partitionIndex: int32("0+"),
          errorCode: int16("0+"),
          errorMessage: string("2+", { nullable: "2+" }),
          leaderId: int32("0+"),
          leaderEpoch: int32("0+"),
          highWatermark: int64("0+"),
          currentVoters: array(
            "0+",
            struct("0+", {
              replicaId: int32("0+"),
              replicaDirectoryId: uuid("2+"),
              logEndOffset: int64("0+"),
              lastFetchTimestamp: int64("1+", { default: -1 }),
              lastCaughtUpTimestamp: int64("1+", { default: -1 }),
            }),
          ),
          observers: array(
            "0+",
            struct("0+", {
              replicaId: int32("0+"),
              replicaDirectoryId: uuid("2+"),
              logEndOffset: int64("0+"),
              lastFetchTimestamp: int64("1+", { default: -1 }),
              lastCaughtUpTimestamp: int64("1+", { default: -1 }),
            }),
          ),
        }),
      ),
    }),
  ),
  nodes: array(
    "2+",
    struct("2+", {
      nodeId: int32("2+"),
      listeners: array(
        "2+",
        struct("2+", {
          name: string("2+"),
          host: string("2+"),
          port: uint16("2+"),
        }),
      ),
    }),
  ),
});
export type DescribeQuorumResponse = Encodable<typeof DescribeQuorumResponse>;

/**
 * DescribeCluster, versions 0-2. Always flexible; brokers or controllers from 1, fenced brokers from 2.
 */
import { bool, int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DescribeClusterRequest = message("DescribeClusterRequest", 60, "0-2", "0+", {
  includeClusterAuthorizedOperations: bool("0+"),
  endpointType: int8("1+", { default: 1 }),
  includeFencedBrokers: bool("2+"),
});
export type DescribeClusterRequest = Decoded<typeof DescribeClusterRequest>;

export const DescribeClusterResponse = message("DescribeClusterResponse", 60, "0-2", "0+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("0+"),
  errorMessage: string("0+", { nullable: "0+", default: null }),
  endpointType: int8("1+", { default: 1 }),
  clusterId: string("0+"),
  controllerId: int32("0+", { default: -1 }),
  brokers: array(
    "0+",
    struct("0+", {
      brokerId: int32("0+"),
      host: string("0+"),
      port: int32("0+"),
      rack: string("0+", { nullable: "0+", default: null }),
      isFenced: bool("2+"),
    }),
  ),
  clusterAuthorizedOperations: int32("0+", { default: -2147483648 }),
});
export type DescribeClusterResponse = Encodable<typeof DescribeClusterResponse>;

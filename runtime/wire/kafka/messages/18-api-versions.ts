/**
 * ApiVersions, versions 0-5. Flexible from 3; cluster and node id of the broker that is meant from 5 (KIP-1242).
 *
 * The response header is of version 0 always, see header.ts. Below version 4 a supported feature
 * must not have minimum version 0 (KAFKA-17011): leaving it out is the handler's task.
 */
import { bool, int16, int32, int64, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const ApiVersionsRequest = message("ApiVersionsRequest", 18, "0-5", "3+", {
  clientSoftwareName: string("3+"),
  clientSoftwareVersion: string("3+"),
  clusterId: string("5+", { nullable: "5+", default: null }),
  nodeId: int32("5+", { default: -1 }),
});
export type ApiVersionsRequest = Decoded<typeof ApiVersionsRequest>;

export const ApiVersionsResponse = message("ApiVersionsResponse", 18, "0-5", "3+", {
  errorCode: int16("0+"),
  apiKeys: array(
    "0+",
    struct("0+", {
      apiKey: int16("0+"),
      minVersion: int16("0+"),
      maxVersion: int16("0+"),
    }),
  ),
  throttleTimeMs: int32("1+"),
  supportedFeatures: array(
    "3+",
    struct("3+", {
      name: string("3+"),
      minVersion: int16("3+"),
      maxVersion: int16("3+"),
    }),
    { tag: 0 },
  ),
  finalizedFeaturesEpoch: int64("3+", { tag: 1, default: -1 }),
  finalizedFeatures: array(
    "3+",
    struct("3+", {
      name: string("3+"),
      maxVersionLevel: int16("3+"),
      minVersionLevel: int16("3+"),
    }),
    { tag: 2 },
  ),
  zkMigrationReady: bool("3+", { tag: 3, default: false }),
});
export type ApiVersionsResponse = Encodable<typeof ApiVersionsResponse>;

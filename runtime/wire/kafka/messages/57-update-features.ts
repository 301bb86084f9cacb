/**
 * UpdateFeatures, versions 0-2. Always flexible. Kinds of upgrade from 1; answers for each feature up to 1.
 */
import { bool, int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const UpdateFeaturesRequest = message("UpdateFeaturesRequest", 57, "0-2", "0+", {
  timeoutMs: int32("0+", { default: 60000 }),
  featureUpdates: array(
    "0+",
    struct("0+", {
      feature: string("0+"),
      maxVersionLevel: int16("0+"),
      allowDowngrade: bool("0"),
      upgradeType: int8("1+", { default: 1 }),
    }),
  ),
  validateOnly: bool("1+", { default: false }),
});
export type UpdateFeaturesRequest = Decoded<typeof UpdateFeaturesRequest>;

export const UpdateFeaturesResponse = message("UpdateFeaturesResponse", 57, "0-2", "0+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("0+"),
  errorMessage: string("0+", { nullable: "0+" }),
  results: array(
    "0-1",
    struct("0-1", {
      feature: string("0+"),
      errorCode: int16("0+"),
      errorMessage: string("0+", { nullable: "0+" }),
    }),
  ),
});
export type UpdateFeaturesResponse = Encodable<typeof UpdateFeaturesResponse>;

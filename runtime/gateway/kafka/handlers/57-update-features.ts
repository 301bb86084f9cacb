import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  UpdateFeaturesRequest,
  UpdateFeaturesResponse,
} from "../../../wire/kafka/messages/57-update-features.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { finalizedLevel } from "../features.ts";

/*
 * UpdateFeatures, versions 0-2 (KIP-584). What the lab can do is settled by its version: every change is
 * refused, and the request with it as a whole. To ask for the level that a feature has is no change.
 */
export function updateFeatures(_gateway: Gateway): KafkaApi {
  return defineApi({
    request: UpdateFeaturesRequest,
    response: UpdateFeaturesResponse,
    handle({ featureUpdates }) {
      const refused = featureUpdates.find(
        ({ feature, maxVersionLevel }) => finalizedLevel(feature) !== maxVersionLevel,
      );
      if (refused !== undefined) {
        return {
          throttleTimeMs: 0,
          errorCode: KAFKA_ERRORS.INVALID_UPDATE_VERSION,
          errorMessage: `The lab's features are fixed; ${refused.feature} cannot be changed.`,
          results: [],
        };
      }
      return {
        throttleTimeMs: 0,
        errorCode: KAFKA_ERRORS.NONE,
        errorMessage: null,
        results: featureUpdates.map(({ feature }) => ({
          feature,
          errorCode: KAFKA_ERRORS.NONE,
          errorMessage: null,
        })),
      };
    },
  });
}

import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  UpdateFeaturesRequest,
  UpdateFeaturesResponse,
} from "../../../wire/kafka/messages/57-update-features.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { finalizedLevel } from "../features.ts";

/*
 * UpdateFeatures, versions 0-2 (KIP-584). What the lab can do is settled by its version: every change is
 * refused, for each feature up to version 1 and as a whole from version 2 on. To ask for the level that a
 * feature has is no change.
 */
export function updateFeatures(_gateway: Gateway): KafkaApi {
  return defineApi({
    request: UpdateFeaturesRequest,
    response: UpdateFeaturesResponse,
    handle({ featureUpdates }, { version }) {
      const results = featureUpdates.map(({ feature, maxVersionLevel }) =>
        finalizedLevel(feature) === maxVersionLevel
          ? { feature, errorCode: KAFKA_ERRORS.NONE, errorMessage: null }
          : {
              feature,
              errorCode: KAFKA_ERRORS.INVALID_UPDATE_VERSION,
              errorMessage: `The lab's features are fixed; ${feature} cannot be changed.`,
            },
      );
      const refused = results.find(({ errorCode }) => errorCode !== KAFKA_ERRORS.NONE);
      const first = version >= 2 ? refused : undefined;
      return {
        throttleTimeMs: 0,
        errorCode: first?.errorCode ?? KAFKA_ERRORS.NONE,
        errorMessage: first?.errorMessage ?? null,
        results,
      };
    },
  });
}

import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  ApiVersionsRequest,
  ApiVersionsResponse,
} from "../../../wire/kafka/messages/18-api-versions.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { FEATURES } from "../features.ts";

/*
 * ApiVersions, versions 0-5. What is advertised is what is registered: the answer is read from the
 * table that requests are dispatched by. A version that is not served gets a version 0 body with
 * error 35 and the range of this API, so that the client can ask again (KIP-511).
 */

/** The features never change, so that the first epoch of their metadata is the last. */
const FEATURES_EPOCH = 0;
/** Older clients take a lowest version of 0 for a broken answer (KAFKA-17011). */
const FIRST_VERSION_WITH_ZERO = 4;

function features(version: number) {
  const supportedFeatures = FEATURES.filter(
    ({ minVersion }) => minVersion > 0 || version >= FIRST_VERSION_WITH_ZERO,
  );
  const finalizedFeatures = FEATURES.map(({ name, maxVersion }) => ({
    name,
    maxVersionLevel: maxVersion,
    minVersionLevel: maxVersion,
  }));
  return { supportedFeatures, finalizedFeatures, finalizedFeaturesEpoch: FEATURES_EPOCH };
}

/** Client names and versions as Kafka accepts them (KIP-511). */
const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

function rows(apis: Iterable<KafkaApi>) {
  return Array.from(apis, ({ key, advertised }) => ({
    apiKey: key,
    minVersion: advertised[0],
    maxVersion: advertised[1],
  }));
}

const NO_NODE = -1;

const refusal = (errorCode: number) => ({ errorCode, apiKeys: [], throttleTimeMs: 0 });

export function apiVersions(gateway: Gateway): KafkaApi {
  const { broker } = gateway;
  return defineApi({
    request: ApiVersionsRequest,
    response: ApiVersionsResponse,
    handle({ clientSoftwareName, clientSoftwareVersion, ...meant }, { version, endpoint }) {
      const named = SOFTWARE.test(clientSoftwareName) && SOFTWARE.test(clientSoftwareVersion);
      if (version >= 3 && !named) {
        return refusal(KAFKA_ERRORS.INVALID_REQUEST);
      }
      // Version 5 may say which broker of which cluster is meant, both or neither (KIP-1242).
      if ((meant.clusterId === null) !== (meant.nodeId === NO_NODE)) {
        return refusal(KAFKA_ERRORS.INVALID_REQUEST);
      }
      const isOther = meant.clusterId !== broker.clusterId || meant.nodeId !== endpoint.nodeId;
      if (meant.clusterId !== null && isOther) return refusal(KAFKA_ERRORS.REBOOTSTRAP_REQUIRED);
      return {
        errorCode: KAFKA_ERRORS.NONE,
        apiKeys: rows(gateway.apis.values()),
        throttleTimeMs: 0,
        ...features(version),
      };
    },
  });
}

/** The answer to an ApiVersions request whose version is not served. */
export function unsupportedApiVersions(self: KafkaApi): Buffer[] {
  return ApiVersionsResponse.encode(0, {
    errorCode: KAFKA_ERRORS.UNSUPPORTED_VERSION,
    apiKeys: rows([self]),
    throttleTimeMs: 0,
  });
}

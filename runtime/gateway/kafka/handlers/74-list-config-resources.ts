import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
} from "../../../wire/kafka/messages/74-list-config-resources.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { RESOURCE } from "../config-entries.ts";

/*
 * ListConfigResources, versions 0-1 (KIP-1142): what has a configuration. Loggers, client metrics and
 * groups can be asked for, and have none in the lab. No types stands for all.
 */

const WITHOUT_ANY = { brokerLogger: 8, clientMetrics: 16, group: 32 } as const;
const SINCE_VERSION_1: readonly number[] = [
  ...Object.values(RESOURCE),
  ...Object.values(WITHOUT_ANY),
];

export function listConfigResources({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: ListConfigResourcesRequest,
    response: ListConfigResourcesResponse,
    handle({ resourceTypes }, { version }) {
      const known = version === 0 ? [WITHOUT_ANY.clientMetrics] : SINCE_VERSION_1;
      const wanted = new Set(resourceTypes.length === 0 ? known : resourceTypes);
      const isKnown = [...wanted].every((type) => known.includes(type));
      if (!isKnown) {
        const errorCode = KAFKA_ERRORS.UNSUPPORTED_VERSION;
        return { throttleTimeMs: 0, errorCode, configResources: [] };
      }
      const list = (resourceType: number, names: Iterable<string>) =>
        wanted.has(resourceType)
          ? Array.from(names, (resourceName) => ({ resourceName, resourceType }))
          : [];
      return {
        throttleTimeMs: 0,
        errorCode: KAFKA_ERRORS.NONE,
        configResources: [
          ...list(
            RESOURCE.topic,
            Array.from(broker.topics(), ({ name }) => name),
          ),
          ...list(RESOURCE.broker, broker.nodes.all().map(String)),
        ],
      };
    },
  });
}

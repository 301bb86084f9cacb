import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type AlterConfigsRequest as Request,
  AlterConfigsRequest,
  AlterConfigsResponse,
} from "../../../wire/kafka/messages/33-alter-configs.ts";
import { alterResources, refuse } from "../alter-resources.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * AlterConfigs, versions 0-2 (KIP-133): the values given are all that the topic has afterwards. Older
 * than IncrementalAlterConfigs and still sent by librdkafka and kafkajs.
 */

function changeOf({ configs }: Request["resources"][number]) {
  const missing = configs.filter(({ value }) => value === null).map(({ name }) => name);
  if (missing.length > 0) {
    const why = `Null value not supported for: ${missing.join(", ")}`;
    return refuse(KAFKA_ERRORS.INVALID_REQUEST, why);
  }
  const overrides = Object.fromEntries(configs.map(({ name, value }) => [name, value ?? ""]));
  return { kind: "replace" as const, overrides };
}

export function alterConfigs({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: AlterConfigsRequest,
    response: AlterConfigsResponse,
    handle: async ({ resources, validateOnly }, { endpoint }) => ({
      throttleTimeMs: 0,
      responses: await alterResources(broker, endpoint.nodeId, resources, validateOnly, changeOf),
    }),
  });
}

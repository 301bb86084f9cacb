import { NO_SECURITY } from "../security-disabled.ts";
import {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
} from "../../../wire/kafka/messages/49-alter-client-quotas.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* AlterClientQuotas, versions 0-1 (KIP-546): the lab has no quotas; each change is refused. */
export function alterClientQuotas(_gateway: Gateway): KafkaApi {
  return defineApi({
    request: AlterClientQuotasRequest,
    response: AlterClientQuotasResponse,
    handle: ({ entries }) => ({
      throttleTimeMs: 0,
      entries: entries.map(({ entity }) => ({ ...NO_SECURITY, entity })),
    }),
  });
}

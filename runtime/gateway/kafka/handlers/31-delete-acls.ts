import { NO_SECURITY } from "../security-disabled.ts";
import {
  DeleteAclsRequest,
  DeleteAclsResponse,
} from "../../../wire/kafka/messages/31-delete-acls.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* DeleteAcls, versions 1-3: answered as by a Kafka without an authoriser. */
export function deleteAcls(_gateway: Gateway): KafkaApi {
  return defineApi({
    request: DeleteAclsRequest,
    response: DeleteAclsResponse,
    handle: ({ filters }) => ({
      throttleTimeMs: 0,
      filterResults: filters.map(() => ({ ...NO_SECURITY, matchingAcls: [] })),
    }),
  });
}

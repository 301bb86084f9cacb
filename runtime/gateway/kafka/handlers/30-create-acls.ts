import { NO_SECURITY } from "../security-disabled.ts";
import {
  CreateAclsRequest,
  CreateAclsResponse,
} from "../../../wire/kafka/messages/30-create-acls.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* CreateAcls, versions 1-3: answered as by a Kafka without an authoriser. */
export function createAcls(_gateway: Gateway): KafkaApi {
  return defineApi({
    request: CreateAclsRequest,
    response: CreateAclsResponse,
    handle: ({ creations }) => ({
      throttleTimeMs: 0,
      results: creations.map(() => NO_SECURITY),
    }),
  });
}

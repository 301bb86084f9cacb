import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
} from "../../../wire/kafka/messages/48-describe-client-quotas.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* DescribeClientQuotas, versions 0-1 (KIP-546): the lab throttles nobody, so there are none. */
export function describeClientQuotas(_gateway: Gateway): KafkaApi {
  return defineApi({
    request: DescribeClientQuotasRequest,
    response: DescribeClientQuotasResponse,
    handle: () => ({
      throttleTimeMs: 0,
      errorCode: KAFKA_ERRORS.NONE,
      errorMessage: null,
      entries: [],
    }),
  });
}

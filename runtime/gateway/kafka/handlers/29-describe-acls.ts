import { NO_SECURITY } from "../security-disabled.ts";
import {
  DescribeAclsRequest,
  DescribeAclsResponse,
} from "../../../wire/kafka/messages/29-describe-acls.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* DescribeAcls, versions 1-3: answered as by a Kafka without an authoriser. */
export function describeAcls(_gateway: Gateway): KafkaApi {
  return defineApi({
    request: DescribeAclsRequest,
    response: DescribeAclsResponse,
    handle: () => ({ throttleTimeMs: 0, ...NO_SECURITY, resources: [] }),
  });
}

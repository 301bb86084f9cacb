import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type DescribeClientQuotasRequest as Request,
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
} from "../../../wire/kafka/messages/48-describe-client-quotas.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

const ENTITY_TYPES: ReadonlySet<string> = new Set(["user", "client-id", "ip"]);
/** Match types: exactly this name, the default, any. */
const HIGHEST_MATCH_TYPE = 2;

/** What is wrong with what is asked for. */
function faultOf(components: Request["components"]) {
  const refuse = (errorCode: number, errorMessage: string) => ({ errorCode, errorMessage });
  const types = components.map(({ entityType }) => entityType);
  const invalid = KAFKA_ERRORS.INVALID_REQUEST;
  if (types.includes("")) return refuse(invalid, "An entity type is empty.");
  if (new Set(types).size < types.length) return refuse(invalid, "An entity type comes twice.");
  if (components.some(({ matchType }) => matchType < 0 || matchType > HIGHEST_MATCH_TYPE)) {
    return refuse(invalid, "A match type is not one of 0, 1 and 2.");
  }
  return types.every((type) => ENTITY_TYPES.has(type))
    ? undefined
    : refuse(KAFKA_ERRORS.UNSUPPORTED_VERSION, "An entity type is unknown.");
}

/* DescribeClientQuotas, versions 0-1 (KIP-546): the lab throttles nobody, so there are none. */
export function describeClientQuotas(_gateway: Gateway): KafkaApi {
  return defineApi({
    request: DescribeClientQuotasRequest,
    response: DescribeClientQuotasResponse,
    handle({ components }) {
      const fault = faultOf(components);
      if (fault !== undefined) return { throttleTimeMs: 0, ...fault, entries: null };
      return { throttleTimeMs: 0, errorCode: KAFKA_ERRORS.NONE, errorMessage: null, entries: [] };
    },
  });
}

import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from "../../../wire/kafka/messages/50-describe-user-scram-credentials.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* DescribeUserScramCredentials, version 0 (KIP-554): the lab keeps no users. */
export function describeUserScramCredentials(_gateway: Gateway): KafkaApi {
  return defineApi({
    request: DescribeUserScramCredentialsRequest,
    response: DescribeUserScramCredentialsResponse,
    handle: ({ users }) => ({
      throttleTimeMs: 0,
      errorCode: KAFKA_ERRORS.NONE,
      errorMessage: null,
      results: [...new Set((users ?? []).map(({ name }) => name))].map((user) => ({
        user,
        ...((users ?? []).filter(({ name }) => name === user).length > 1
          ? { errorCode: KAFKA_ERRORS.DUPLICATE_RESOURCE, errorMessage: "The user comes twice." }
          : {
              errorCode: KAFKA_ERRORS.RESOURCE_NOT_FOUND,
              errorMessage: `There are no credentials of user ${user}.`,
            }),
        credentialInfos: [],
      })),
    }),
  });
}

import { NO_SECURITY } from "../security-disabled.ts";
import {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from "../../../wire/kafka/messages/51-alter-user-scram-credentials.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* AlterUserScramCredentials, version 0 (KIP-554): the lab keeps no users; each change is refused. */
export function alterUserScramCredentials(_gateway: Gateway): KafkaApi {
  return defineApi({
    request: AlterUserScramCredentialsRequest,
    response: AlterUserScramCredentialsResponse,
    handle({ deletions, upsertions }) {
      const users = new Set([...deletions, ...upsertions].map(({ name }) => name));
      return {
        throttleTimeMs: 0,
        results: Array.from(users, (user) => ({ user, ...NO_SECURITY })),
      };
    },
  });
}

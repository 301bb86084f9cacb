import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DeleteGroupsRequest,
  DeleteGroupsResponse,
} from "../../../wire/kafka/messages/42-delete-groups.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* DeleteGroups, versions 0-2 (KIP-229): empty groups only, with the offsets they committed. */
export function deleteGroups({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: DeleteGroupsRequest,
    response: DeleteGroupsResponse,
    async handle({ groupsNames }) {
      const results = await broker.groups.deleteGroups(groupsNames);
      return {
        throttleTimeMs: 0,
        results: results.map(({ groupId, error }) => ({
          groupId,
          errorCode: KAFKA_ERRORS[error],
        })),
      };
    },
  });
}

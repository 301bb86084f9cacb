import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DeleteGroupsRequest,
  DeleteGroupsResponse,
} from "../../../wire/kafka/messages/42-delete-groups.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/* DeleteGroups, versions 0-3 (KIP-229): empty groups only, with the offsets they committed. */

const MESSAGES: ReadonlyMap<string, string> = new Map([
  ["NON_EMPTY_GROUP", "The group has members; stop its consumers first."],
  ["GROUP_ID_NOT_FOUND", "There is no such group."],
]);

export function deleteGroups({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: DeleteGroupsRequest,
    response: DeleteGroupsResponse,
    async handle({ groupsNames }, { endpoint }) {
      const groupIds = [...new Set(groupsNames)];
      const here = groupIds.filter((groupId) => !isElsewhere(broker, groupId, endpoint));
      const refused = groupIds
        .filter((groupId) => !here.includes(groupId))
        .map((groupId) => ({ groupId, error: "NOT_COORDINATOR" as const }));
      const results = await broker.groups.deleteGroups(here);
      return {
        throttleTimeMs: 0,
        results: [...results, ...refused].map(({ groupId, error }) => ({
          groupId,
          errorCode: KAFKA_ERRORS[error],
          errorMessage: MESSAGES.get(error) ?? null,
        })),
      };
    },
  });
}

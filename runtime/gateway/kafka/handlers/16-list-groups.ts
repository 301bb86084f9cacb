import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  ListGroupsRequest,
  ListGroupsResponse,
} from "../../../wire/kafka/messages/16-list-groups.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/*
 * ListGroups, versions 0-5: the groups that this node coordinates, filtered by state (KIP-518) and by type (KIP-848), in any
 * case of letters.
 */
export function listGroups({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: ListGroupsRequest,
    response: ListGroupsResponse,
    async handle({ statesFilter, typesFilter }, { endpoint }) {
      const { error, groups } = await broker.groups.list();
      const admits = (filter: readonly string[], word: string) =>
        filter.length === 0 || filter.some((one) => one.toLowerCase() === word.toLowerCase());
      return {
        throttleTimeMs: 0,
        errorCode: KAFKA_ERRORS[error],
        groups: groups
          .filter(({ groupId }) => !isElsewhere(broker, groupId, endpoint))
          .filter(({ state, type }) => admits(statesFilter, state) && admits(typesFilter, type))
          .map(({ groupId, protocolType, state, type }) => ({
            groupId,
            protocolType,
            groupState: state,
            groupType: type,
          })),
      };
    },
  });
}

import { describeGroup } from "../../../broker/coordinator/group-views.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeGroupsRequest,
  DescribeGroupsResponse,
} from "../../../wire/kafka/messages/15-describe-groups.ts";
import { AUTHORIZED, NOT_ASKED } from "../authorized-operations.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/*
 * DescribeGroups, versions 0-6. An unknown group, and one of the consumer protocol (KIP-848), is
 * described as Dead; only from version 6 on with an error too (KIP-1043).
 */
export function describeGroups({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: DescribeGroupsRequest,
    response: DescribeGroupsResponse,
    async handle({ groups, includeAuthorizedOperations }, { version, endpoint }) {
      const found = await broker.groups.describe(groups);
      const described = found.map((group) =>
        isElsewhere(broker, group.groupId, endpoint)
          ? describeGroup(group.groupId, undefined, "NOT_COORDINATOR")
          : group,
      );
      return {
        throttleTimeMs: 0,
        groups: described.map((group) => {
          const unknown = group.error === "GROUP_ID_NOT_FOUND";
          const error = unknown && version < 6 ? "NONE" : group.error;
          return {
            errorCode: KAFKA_ERRORS[error],
            errorMessage: unknown ? `Group ${group.groupId} not found.` : null,
            groupId: group.groupId,
            groupState: group.state,
            protocolType: group.protocolType,
            protocolData: group.protocol,
            authorizedOperations:
              includeAuthorizedOperations && error === "NONE" ? AUTHORIZED.group : NOT_ASKED,
            members: group.members.map((member) => ({
              memberId: member.memberId,
              groupInstanceId: member.instanceId,
              clientId: member.clientId,
              clientHost: member.clientHost,
              memberMetadata: member.metadata,
              memberAssignment: member.assignment,
            })),
          };
        }),
      };
    },
  });
}

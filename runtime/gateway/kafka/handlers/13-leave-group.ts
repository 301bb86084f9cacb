import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  LeaveGroupRequest,
  LeaveGroupResponse,
} from "../../../wire/kafka/messages/13-leave-group.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/* LeaveGroup, versions 0-5: one member, or from version 3 on many, also by instance id (KIP-345). */
export function leaveGroup({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: LeaveGroupRequest,
    response: LeaveGroupResponse,
    async handle({ groupId, memberId, members }, { version, endpoint }) {
      if (isElsewhere(broker, groupId, endpoint)) {
        return { throttleTimeMs: 0, errorCode: KAFKA_ERRORS.NOT_COORDINATOR, members: [] };
      }
      const leaving =
        version < 3
          ? [{ memberId, instanceId: null }]
          : members.map((member) => ({
              memberId: member.memberId,
              instanceId: member.groupInstanceId,
            }));
      const left = await broker.groups.leave({ groupId, members: leaving });
      const only = version < 3 ? left.members[0]?.error : undefined;
      return {
        throttleTimeMs: 0,
        errorCode: KAFKA_ERRORS[left.error === "NONE" ? (only ?? "NONE") : left.error],
        members: left.members.map((member) => ({
          memberId: member.memberId,
          groupInstanceId: member.instanceId,
          errorCode: KAFKA_ERRORS[member.error],
        })),
      };
    },
  });
}

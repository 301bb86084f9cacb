import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import { HeartbeatRequest, HeartbeatResponse } from "../../../wire/kafka/messages/12-heartbeat.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/* Heartbeat, versions 0-4: keeps a member's session, and tells it of a rebalance. */
export function heartbeat({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: HeartbeatRequest,
    response: HeartbeatResponse,
    async handle({ groupId, generationId, memberId, groupInstanceId }, { endpoint }) {
      if (isElsewhere(broker, groupId, endpoint)) {
        return { throttleTimeMs: 0, errorCode: KAFKA_ERRORS.NOT_COORDINATOR };
      }
      const { error } = await broker.groups.heartbeat({
        groupId,
        generation: generationId,
        memberId,
        instanceId: groupInstanceId,
      });
      return { throttleTimeMs: 0, errorCode: KAFKA_ERRORS[error] };
    },
  });
}

import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import { HeartbeatRequest, HeartbeatResponse } from "../../../wire/kafka/messages/12-heartbeat.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* Heartbeat, versions 0-4: keeps a member's session, and tells it of a rebalance. */
export function heartbeat({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: HeartbeatRequest,
    response: HeartbeatResponse,
    async handle({ groupId, generationId, memberId, groupInstanceId }) {
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

import { failedJoin } from "../../../broker/coordinator/group-draft.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import { JoinGroupRequest, JoinGroupResponse } from "../../../wire/kafka/messages/11-join-group.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/*
 * JoinGroup, versions 0-9: the classic group protocol, with members told their id first (KIP-394, from
 * version 4 on) and static members (KIP-345, from version 5 on).
 */
export function joinGroup({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: JoinGroupRequest,
    response: JoinGroupResponse,
    async handle(request, { version, clientId, clientHost, endpoint, signal }) {
      const elsewhere = isElsewhere(broker, request.groupId, endpoint);
      const joined = elsewhere
        ? failedJoin("NOT_COORDINATOR", request.memberId)
        : await broker.groups.join(
            {
              groupId: request.groupId,
              memberId: request.memberId,
              instanceId: request.groupInstanceId,
              clientId: clientId ?? "",
              clientHost: `/${clientHost}`,
              sessionTimeoutMs: request.sessionTimeoutMs,
              rebalanceTimeoutMs: request.rebalanceTimeoutMs,
              protocolType: request.protocolType,
              // The request's memory is used again; the group keeps this for its lifetime.
              protocols: request.protocols.map(({ name, metadata }) => ({
                name,
                metadata: Buffer.from(metadata),
              })),
              apiVersion: version,
            },
            signal,
          );
      return {
        throttleTimeMs: 0,
        errorCode: KAFKA_ERRORS[joined.error],
        generationId: joined.generation,
        protocolType: joined.protocolType,
        // Null is allowed from version 7 on only.
        protocolName: joined.protocol ?? (version >= 7 ? null : ""),
        leader: joined.leader,
        skipAssignment: joined.skipAssignment,
        memberId: joined.memberId,
        members: joined.members.map(({ memberId, instanceId, metadata }) => ({
          memberId,
          groupInstanceId: instanceId,
          metadata,
        })),
      };
    },
  });
}

import { failedSync } from "../../../broker/coordinator/group-draft.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import { SyncGroupRequest, SyncGroupResponse } from "../../../wire/kafka/messages/14-sync-group.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/** From here on every member has to say what it believes the protocol to be (KIP-559). */
const FIRST_VERSION_WITH_PROTOCOL = 5;
const NO_BYTES = Buffer.alloc(0);

/* SyncGroup, versions 0-5: followers wait until the leader has sent everyone's assignment. */
export function syncGroup({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: SyncGroupRequest,
    response: SyncGroupResponse,
    async handle(request, { version, endpoint, signal }) {
      const { protocolType, protocolName } = request;
      const isNamed = protocolType !== null && protocolName !== null;
      if (version >= FIRST_VERSION_WITH_PROTOCOL && !isNamed) {
        const errorCode = KAFKA_ERRORS.INCONSISTENT_GROUP_PROTOCOL;
        return { throttleTimeMs: 0, errorCode, assignment: NO_BYTES };
      }
      const elsewhere = isElsewhere(broker, request.groupId, endpoint);
      const synced = elsewhere
        ? failedSync("NOT_COORDINATOR")
        : await broker.groups.sync(
            {
              groupId: request.groupId,
              generation: request.generationId,
              memberId: request.memberId,
              instanceId: request.groupInstanceId,
              protocolType,
              protocol: protocolName,
              // The request's memory is used again; the group keeps this for its lifetime.
              assignments: request.assignments.map(({ memberId, assignment }) => ({
                memberId,
                assignment: Buffer.from(assignment),
              })),
            },
            signal,
          );
      return {
        throttleTimeMs: 0,
        errorCode: KAFKA_ERRORS[synced.error],
        protocolType: synced.protocolType,
        protocolName: synced.protocol,
        assignment: synced.assignment,
      };
    },
  });
}

import { failedConsumerHeartbeat } from "../../../broker/coordinator/consumer/consumer-requests.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from "../../../wire/kafka/messages/68-consumer-group-heartbeat.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/*
 * ConsumerGroupHeartbeat (KIP-848), versions 0-1: joins, leaves, subscribes and takes partitions. The
 * assignors are `uniform` and `range`. Not done: members of the classic protocol in the same group, and
 * racks.
 */
export function consumerGroupHeartbeat({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: ConsumerGroupHeartbeatRequest,
    response: ConsumerGroupHeartbeatResponse,
    async handle(request, { version, clientId, clientHost, endpoint }) {
      const elsewhere = isElsewhere(broker, request.groupId, endpoint);
      const response = elsewhere
        ? failedConsumerHeartbeat("NOT_COORDINATOR")
        : await broker.groups.consumerHeartbeat({
            groupId: request.groupId,
            memberId: request.memberId,
            epoch: request.memberEpoch,
            instanceId: request.instanceId,
            rackId: request.rackId,
            clientId: clientId ?? "",
            clientHost: `/${clientHost}`,
            rebalanceTimeoutMs: request.rebalanceTimeoutMs,
            topics: request.subscribedTopicNames,
            regex: request.subscribedTopicRegex,
            assignor: request.serverAssignor,
            owned: request.topicPartitions,
            apiVersion: version,
          });
      const { error, message, memberId, epoch, heartbeatIntervalMs, assignment } = response;
      return {
        throttleTimeMs: 0,
        errorCode: KAFKA_ERRORS[error],
        errorMessage: message,
        memberId,
        memberEpoch: epoch,
        heartbeatIntervalMs,
        assignment: assignment && {
          topicPartitions: Array.from(assignment, ([topicId, partitions]) => ({
            topicId,
            partitions,
          })),
        },
      };
    },
  });
}

import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from "../../../wire/kafka/messages/69-consumer-group-describe.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/** Every member speaks the consumer protocol (KIP-1099). */
const CONSUMER_MEMBER = 1;

/*
 * ConsumerGroupDescribe (KIP-848), versions 0-1. Groups of the classic protocol are not found here;
 * DescribeGroups has them. Topics that have been deleted are left out of assignments.
 */
export function consumerGroupDescribe({ broker }: Gateway): KafkaApi {
  function named(assignment: ReadonlyMap<string, readonly number[]>) {
    const topicPartitions = Array.from(assignment).flatMap(([topicId, partitions]) => {
      const topic = broker.topicById(topicId);
      return topic === undefined ? [] : [{ topicId, topicName: topic.name, partitions }];
    });
    return { topicPartitions };
  }

  return defineApi({
    request: ConsumerGroupDescribeRequest,
    response: ConsumerGroupDescribeResponse,
    async handle({ groupIds }, { endpoint }) {
      const found = await broker.groups.describeConsumers(groupIds);
      const described = found.map((group) =>
        isElsewhere(broker, group.groupId, endpoint)
          ? { ...group, error: "NOT_COORDINATOR" as const, members: [] }
          : group,
      );
      return {
        throttleTimeMs: 0,
        groups: described.map((group) => ({
          errorCode: KAFKA_ERRORS[group.groupId === "" ? "INVALID_GROUP_ID" : group.error],
          errorMessage: group.error === "GROUP_ID_NOT_FOUND" ? group.message : null,
          groupId: group.groupId,
          groupState: group.error === "NONE" ? group.state : "",
          groupEpoch: group.epoch,
          assignmentEpoch: group.assignmentEpoch,
          assignorName: group.assignor,
          members: group.members.map((member) => ({
            memberId: member.memberId,
            instanceId: member.instanceId,
            rackId: member.rackId,
            memberEpoch: member.epoch,
            clientId: member.clientId,
            clientHost: member.clientHost,
            subscribedTopicNames: member.topics,
            subscribedTopicRegex: member.regex ?? "",
            assignment: named(member.assigned),
            targetAssignment: named(member.target),
            memberType: CONSUMER_MEMBER,
          })),
        })),
      };
    },
  });
}

import { checkGroupId, isStorable } from "../group-limits.ts";
import { ASSIGNORS } from "./assignors.ts";
import { ConsumerRefusal } from "./consumer-draft.ts";
import type { ConsumerHeartbeatRequest } from "./consumer-requests.ts";

/** From this version on the consumer makes its own member id (KIP-1082). */
const FIRST_VERSION_WITH_OWN_MEMBER_ID = 1;
const LOWEST_EPOCH = -2;

/** What can be said of a heartbeat without looking at the group. */
export function checkConsumerHeartbeat(
  request: ConsumerHeartbeatRequest,
): ConsumerRefusal | undefined {
  const why = malformed(request);
  if (why !== undefined) return new ConsumerRefusal("INVALID_REQUEST", why);
  const groupId = checkGroupId(request.groupId);
  if (groupId !== "NONE") return new ConsumerRefusal(groupId, "The group id is too long.");
  const { assignor } = request;
  if (assignor !== null && !ASSIGNORS.has(assignor)) {
    const supported = [...ASSIGNORS.keys()].join(", ");
    const text = `ServerAssignor ${assignor} is not supported. Supported assignors: ${supported}.`;
    return new ConsumerRefusal("UNSUPPORTED_ASSIGNOR", text);
  }
  return undefined;
}

function malformed(request: ConsumerHeartbeatRequest): string | undefined {
  const { memberId, epoch, instanceId, topics, regex } = request;
  const needsId =
    request.apiVersion >= FIRST_VERSION_WITH_OWN_MEMBER_ID || epoch > 0 || epoch === -1;
  if (needsId && memberId === "") return "MemberId can't be empty.";
  if (request.groupId.trim() === "") return "GroupId can't be empty.";
  if (instanceId === "") return "InstanceId can't be empty.";
  if (request.rackId === "") return "RackId can't be empty.";
  if (epoch < LOWEST_EPOCH)
    return `MemberEpoch is ${epoch}, but must be greater than or equal to -2.`;
  if (epoch === LOWEST_EPOCH && instanceId === null) {
    return "InstanceId can't be null to leave with epoch -2.";
  }
  const { clientId, clientHost, rackId } = request;
  const strings = [memberId, clientId, clientHost, rackId, instanceId, regex, ...(topics ?? [])];
  if (!strings.every((text) => text === null || isStorable(text))) return "A string is too long.";
  return epoch === 0 ? malformedJoin(request) : undefined;
}

function malformedJoin({
  topics,
  regex,
  ...request
}: ConsumerHeartbeatRequest): string | undefined {
  if (request.rebalanceTimeoutMs === -1)
    return "RebalanceTimeoutMs must be provided in first request.";
  if (request.owned === null || request.owned.length > 0) {
    return "TopicPartitions must be empty when (re-)joining.";
  }
  if (topics === null && regex === null) {
    return "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.";
  }
  return undefined;
}

import { MAX_STRING_BYTES } from "./byte-codec.ts";
import type { GroupConfig } from "./group-config.ts";
import type { GroupError } from "./group-errors.ts";
import type { JoinRequest } from "./group-requests.ts";

/** Kafka allows an instance id what it allows a topic name. */
const MAX_INSTANCE_ID_LENGTH = 249;

/** Group ids are 1 to 32,767 bytes; for compatibility offsets may also belong to the empty id. */
export function checkGroupId(groupId: string, empty?: "may be empty"): GroupError {
  const fits = isStorable(groupId) && (groupId !== "" || empty !== undefined);
  return fits ? "NONE" : "INVALID_GROUP_ID";
}

/** What can be said of a JoinGroup without looking at the group. */
export function checkJoinRequest(request: JoinRequest, config: GroupConfig): GroupError {
  const error = checkGroupId(request.groupId);
  if (error !== "NONE") return error;
  const { sessionTimeoutMs, instanceId } = request;
  if (sessionTimeoutMs < config.minSessionTimeoutMs) return "INVALID_SESSION_TIMEOUT";
  if (sessionTimeoutMs > config.maxSessionTimeoutMs) return "INVALID_SESSION_TIMEOUT";
  if (instanceId !== null && instanceId.length > MAX_INSTANCE_ID_LENGTH) return "INVALID_REQUEST";
  const { clientId, clientHost, protocolType, protocols } = request;
  const strings = [clientId, clientHost, protocolType, ...protocols.map(({ name }) => name)];
  return strings.every(isStorable) ? "NONE" : "INVALID_REQUEST";
}

/** Whether a string fits a record; the length in UTF-16 units spares most of the counting. */
export function isStorable(text: string): boolean {
  return text.length * 3 <= MAX_STRING_BYTES || Buffer.byteLength(text) <= MAX_STRING_BYTES;
}

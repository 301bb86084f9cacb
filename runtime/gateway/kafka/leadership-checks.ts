import type { Placement } from "../../broker/placement/placement.ts";
import { KAFKA_ERRORS } from "../../wire/kafka/errors.ts";

const ANY_EPOCH = -1;

/** Whom a request may be sent to. */
export type Reader = "leader" | "replica";

/**
 * Why a node does not answer for a partition, in the order of Kafka's checks: it has no replica, the
 * client's leader epoch is another one, or it does not lead.
 */
export function leadershipError(
  { leader, epoch, replicas }: Placement,
  nodeId: number,
  clientEpoch: number,
  reader: Reader,
): number {
  if (leader !== nodeId && !replicas.includes(nodeId)) return KAFKA_ERRORS.NOT_LEADER_OR_FOLLOWER;
  if (clientEpoch !== epoch && clientEpoch !== ANY_EPOCH) {
    const isOld = clientEpoch < epoch;
    return isOld ? KAFKA_ERRORS.FENCED_LEADER_EPOCH : KAFKA_ERRORS.UNKNOWN_LEADER_EPOCH;
  }
  if (leader === nodeId || reader === "replica") return KAFKA_ERRORS.NONE;
  return KAFKA_ERRORS.NOT_LEADER_OR_FOLLOWER;
}

import type { Broker } from "../../broker/broker.ts";
import type { Endpoint } from "./api.ts";

/**
 * Whether another node than the one asked coordinates this group or transactional id. The state of all of
 * them is in one process; who speaks for it is what clients have to find out, as from Kafka.
 */
export function isElsewhere({ nodes }: Broker, key: string, { nodeId }: Endpoint): boolean {
  return nodes.coordinatorOf(key) !== nodeId;
}

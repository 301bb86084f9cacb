import type { IsUp } from "./placement.ts";

/** Why the partitions of a topic cannot lie where they are asked to. */
export type AssignFault =
  | { readonly kind: "invalid-replication-factor"; readonly message: string }
  | { readonly kind: "invalid-assignment"; readonly message: string };

/**
 * Replicas for `count` partitions, in turn as Kafka's StripedReplicaPlacer gives them out: each
 * partition's leader is one node on from that of the partition before, its followers come next. Nodes
 * that are down are followers only.
 */
export function stripe(
  count: number,
  replicationFactor: number,
  nodes: number,
  isUp: IsUp,
  start: number,
): number[][] {
  const all = Array.from({ length: nodes }, (_, i) => i + 1);
  const up = all.filter(isUp);
  const down = all.filter((node) => !isUp(node));
  return Array.from({ length: count }, (_, partition) => {
    const turn = start + partition;
    return [...rotated(up, turn), ...rotated(down, turn)].slice(0, replicationFactor);
  });
}

function rotated(nodes: readonly number[], turn: number): number[] {
  const first = nodes.length === 0 ? 0 : turn % nodes.length;
  return [...nodes.slice(first), ...nodes.slice(0, first)];
}

export function replicationFactorFault(
  replicationFactor: number,
  nodes: number,
): AssignFault | undefined {
  const refuse = (message: string): AssignFault => ({
    kind: "invalid-replication-factor",
    message,
  });
  if (replicationFactor < 1) {
    return refuse("Replication factor must be larger than 0, or -1 to use the default value.");
  }
  if (replicationFactor <= nodes) return undefined;
  const only = nodes === 1 ? "1 broker is" : `${nodes} brokers are`;
  return refuse(
    `Unable to replicate the partition ${replicationFactor} time(s): The target replication factor of ${replicationFactor} cannot be reached because only ${only} registered.`,
  );
}

/**
 * Why replicas that were chosen by hand are not acceptable, in the order of Kafka's checks.
 * `replicationFactor` is what all partitions of the topic have, when that is known.
 */
export function assignmentFault(
  replicas: readonly number[],
  nodes: number,
  isUp: IsUp,
  replicationFactor?: number,
): AssignFault | undefined {
  const fault = replicasFault(replicas, nodes, isUp, replicationFactor);
  return fault === undefined ? undefined : { kind: "invalid-assignment", message: fault };
}

function replicasFault(
  replicas: readonly number[],
  nodes: number,
  isUp: IsUp,
  replicationFactor: number | undefined,
): string | undefined {
  const assignment = "The manual partition assignment includes";
  if (replicas.length === 0) return `${assignment} an empty replica list.`;
  const sorted = [...replicas].sort((a, b) => a - b);
  for (const [i, node] of sorted.entries()) {
    if (node < 1 || node > nodes) {
      return `${assignment} broker ${node}, but no such broker is registered.`;
    }
    if (node === sorted[i - 1]) return `${assignment} the broker ${node} more than once.`;
  }
  if (replicationFactor !== undefined && replicas.length !== replicationFactor) {
    return `${assignment} a partition with ${replicas.length} replica(s), but this is not consistent with previous partitions, which have ${replicationFactor} replica(s).`;
  }
  if (replicas.some(isUp)) return undefined;
  return `All brokers specified in the manual partition assignment are stopped: ${replicas.join(", ")}.`;
}

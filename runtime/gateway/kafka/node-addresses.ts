import type { Nodes } from "../../broker/placement/nodes.ts";
import type { Placement } from "../../broker/placement/placement.ts";
import type { Endpoint, NodeAddress } from "./api.ts";

/** Where a client reaches a node: at the address by which it reached us, on its listener's port of that node. */
export function addressOf(nodeId: number, { host, ports }: Endpoint): NodeAddress | undefined {
  const port = ports.get(nodeId);
  return port === undefined ? undefined : { nodeId, host, port };
}

/** The nodes that are up. */
export function liveAddresses(nodes: Nodes, endpoint: Endpoint): NodeAddress[] {
  return nodes.up().flatMap((nodeId) => addressOf(nodeId, endpoint) ?? []);
}

/** Who leads a partition, for a client that asked a node which does not (KIP-951). */
export function leaderOf({ leader, epoch }: Placement) {
  return { leaderId: leader, leaderEpoch: epoch };
}

interface MaybeMoved {
  readonly currentLeader?: ReturnType<typeof leaderOf>;
}

/** The addresses of the leaders that an answer names, each once. */
export function leaderAddresses(
  answers: Iterable<readonly MaybeMoved[]>,
  endpoint: Endpoint,
): (NodeAddress & { rack: null })[] {
  const leaders = new Set<number>();
  for (const partitions of answers) {
    for (const { currentLeader } of partitions) {
      if (currentLeader !== undefined) leaders.add(currentLeader.leaderId);
    }
  }
  return [...leaders].flatMap((nodeId) => {
    const address = addressOf(nodeId, endpoint);
    return address === undefined ? [] : [{ ...address, rack: null }];
  });
}

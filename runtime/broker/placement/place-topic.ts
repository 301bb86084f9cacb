import type { TopicRefusal, TopicSpec } from "../outcomes.ts";
import { type AssignFault, assignmentFault, replicationFactorFault, stripe } from "./assign.ts";
import type { Nodes } from "./nodes.ts";
import { newPlacement, ONLY_NODE, type Placement } from "./placement.ts";

/** Kafka's `default.replication.factor`. */
export const DEFAULT_REPLICATION_FACTOR = 1;
/** Kafka's `offsets.topic.replication.factor` and `transaction.state.log.replication.factor`. */
const INTERNAL_REPLICATION_FACTOR = 3;

/** Replicas of the internal topics: as many as Kafka makes, where there are so many nodes. */
export function internalReplicationFactor(nodes: number): number {
  return Math.min(INTERNAL_REPLICATION_FACTOR, nodes);
}

/** Where the partitions of a new topic lie; `start` is the turn of the first one. */
export function placeNew(
  { assignments, replicationFactor = DEFAULT_REPLICATION_FACTOR }: TopicSpec,
  partitions: number,
  nodes: Nodes,
  start: number,
): Placement[] | AssignFault {
  if (assignments !== undefined) return placeByHand(assignments, nodes, assignments[0]?.length);
  const fault = replicationFactorFault(replicationFactor, nodes.count);
  return fault ?? placeInTurn(partitions, replicationFactor, nodes, start);
}

/** Where partitions lie that a topic gets in addition: with as many replicas as its first one has. */
export function placeAdded(
  assignments: readonly (readonly number[])[] | undefined,
  more: number,
  before: readonly Placement[],
  nodes: Nodes,
): Placement[] | AssignFault {
  const replicationFactor = before[0]?.replicas.length ?? DEFAULT_REPLICATION_FACTOR;
  if (assignments === undefined) {
    return placeInTurn(more, replicationFactor, nodes, before.length);
  }
  if (assignments.length !== more) {
    const message = `Attempted to add ${more} additional partition(s), but only ${assignments.length} assignment(s) were specified.`;
    return { kind: "invalid-assignment", message };
  }
  return placeByHand(assignments, nodes, replicationFactor);
}

function placeByHand(
  assignments: readonly (readonly number[])[],
  nodes: Nodes,
  replicationFactor: number | undefined,
): Placement[] | AssignFault {
  for (const replicas of assignments) {
    const fault = assignmentFault(replicas, nodes.count, nodes.isUp, replicationFactor);
    if (fault !== undefined) return fault;
  }
  return assignments.map((replicas) => newPlacement([...replicas], nodes.isUp));
}

function placeInTurn(
  partitions: number,
  replicationFactor: number,
  nodes: Nodes,
  start: number,
): Placement[] | TopicRefusal<"invalid-replication-factor"> {
  if (nodes.controller < 0) {
    const message = `Unable to replicate the partition ${replicationFactor} time(s): All brokers are stopped.`;
    return { kind: "invalid-replication-factor", message };
  }
  if (nodes.count === 1) return Array.from({ length: partitions }, () => ONLY_NODE);
  return stripe(partitions, replicationFactor, nodes.count, nodes.isUp, start).map((replicas) =>
    newPlacement(replicas, nodes.isUp),
  );
}

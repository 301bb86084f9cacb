import type { ResetStep, ResetTarget } from "../api/model.ts";
import type { Cluster, PartitionExtent, Refusal } from "../cluster/cluster.ts";
import type { ClusterGroups, CommittedOffset } from "../cluster/groups.ts";

export type ResetPlan =
  | { readonly kind: "plan"; readonly steps: readonly ResetStep[] }
  | Refusal<"unknown-group" | "unknown-topic" | "active">;

export type ResetOutcome =
  | { readonly kind: "reset"; readonly steps: readonly ResetStep[] }
  | Refusal<"unknown-group" | "unknown-topic" | "active" | "changed" | "failed">;

/** What is reset: all partitions of a topic, or some. */
export interface ResetScope {
  readonly groupId: string;
  readonly topic: string;
  /** All when undefined. */
  readonly partitions: readonly number[] | undefined;
}

/**
 * What a reset would do, partition by partition. Refused, with the reason, while the group has members:
 * its consumers would go on from where they are and commit over it.
 */
export async function planReset(
  cluster: Cluster,
  groups: ClusterGroups,
  { groupId, topic: name, partitions }: ResetScope,
  target: ResetTarget,
): Promise<ResetPlan> {
  const topic = await cluster.topic(name);
  if (topic === undefined) return refusal("unknown-topic", `There is no topic ${name}.`);
  const group = await groups.describe(groupId);
  if (group === undefined) return refusal("unknown-group", `There is no group ${groupId}.`);
  if (group.members.length > 0 || group.state !== "Empty") {
    const count = group.members.length;
    const message = `Group ${groupId} is ${group.state} with ${count} member(s). Stop its consumers first.`;
    return refusal("active", message);
  }
  const wanted = partitions ?? topic.partitions.map(({ partition }) => partition);
  const steps: ResetStep[] = [];
  for (const partition of wanted) {
    const extent = topic.partitions[partition];
    if (extent === undefined) {
      return refusal("unknown-topic", `Topic ${name} has no partition ${partition}.`);
    }
    const committed = group.offsets.find(
      (each) => each.topic === name && each.partition === partition,
    )?.offset;
    const offset = await targetOffset(cluster, name, extent, committed, target);
    const to = Math.min(Math.max(offset, extent.startOffset), extent.endOffset);
    steps.push({ topic: name, partition, from: committed, to, clamped: to !== offset });
  }
  return { kind: "plan", steps };
}

/**
 * Does what was planned, unless something has been committed since, and looks afterwards that it is so.
 * All partitions are changed or none.
 */
export async function applyReset(
  groups: ClusterGroups,
  groupId: string,
  steps: readonly ResetStep[],
): Promise<ResetOutcome> {
  const before = await groups.describe(groupId);
  if (before === undefined) return refusal("unknown-group", `There is no group ${groupId}.`);
  const moved = steps.find((step) => committedIn(before.offsets, step) !== step.from);
  if (moved !== undefined) {
    const message = `Group ${groupId} has committed for partition ${moved.partition} of ${moved.topic} meanwhile. Look again, then reset.`;
    return refusal("changed", message);
  }
  const offsets = steps.map(({ topic, partition, to }) => ({ topic, partition, offset: to }));
  const outcome = await groups.commit(groupId, offsets);
  if (outcome.kind === "refused") {
    const reason = outcome.reason === "active" ? "active" : "failed";
    return refusal(reason, outcome.message);
  }
  const after = await groups.describe(groupId);
  const wrong = steps.find((step) => committedIn(after?.offsets ?? [], step) !== step.to);
  if (wrong === undefined) return { kind: "reset", steps };
  const message = `Partition ${wrong.partition} of ${wrong.topic} is not at ${wrong.to} after the reset: a consumer of ${groupId} has started.`;
  return refusal("changed", message);
}

async function targetOffset(
  cluster: Cluster,
  topic: string,
  extent: PartitionExtent,
  committed: number | undefined,
  target: ResetTarget,
): Promise<number> {
  switch (target.kind) {
    case "earliest":
      return extent.startOffset;
    case "latest":
      return extent.endOffset;
    case "offset":
      return target.offset;
    case "time": {
      const found = await cluster.offsetForTime(topic, extent.partition, target.timestampMs);
      return found ?? extent.endOffset;
    }
    case "shift":
      return (committed ?? extent.startOffset) + target.by;
  }
}

function committedIn(
  offsets: readonly CommittedOffset[],
  { topic, partition }: ResetStep,
): number | undefined {
  return offsets.find((each) => each.topic === topic && each.partition === partition)?.offset;
}

function refusal<Reason extends string>(reason: Reason, message: string): Refusal<Reason> {
  return { kind: "refused", reason, message };
}

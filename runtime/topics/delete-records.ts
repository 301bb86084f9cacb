import type { DeletionStep, DeletionTarget } from "../api/topic-admin.ts";
import type { Cluster, ClusterTopic, PartitionExtent, Refusal } from "../cluster/cluster.ts";
import type { DeleteRecordsOutcome, TopicAdmin } from "../cluster/topic-admin.ts";

export type DeletionPlan =
  | { readonly kind: "plan"; readonly steps: readonly DeletionStep[] }
  | Refusal<"unknown" | "out-of-range">;

export type DeletionOutcome = { readonly kind: "deleted" } | DeletionRefusal;

type DeletionRefusal = Extract<DeleteRecordsOutcome, { kind: "refused" }>;

/**
 * What deleting a topic's records up to `target` does, in all partitions or in one. An offset beyond
 * the end is refused for one partition; of several, each is emptied that does not reach that far.
 */
export async function planDeletion(
  cluster: Cluster,
  name: string,
  partition: number | undefined,
  target: DeletionTarget,
): Promise<DeletionPlan> {
  const topic = await cluster.topic(name);
  if (topic === undefined) return refusal("unknown", `There is no topic ${name}.`);
  const wanted = partition === undefined ? topic.partitions : [topic.partitions[partition]];
  const steps: DeletionStep[] = [];
  for (const extent of wanted) {
    if (extent === undefined) {
      return refusal("unknown", `Topic ${name} has no partition ${partition}.`);
    }
    const to = await targetOffset(cluster, name, extent, target);
    if (to > extent.endOffset && partition !== undefined) {
      const message = `Partition ${partition} of ${name} ends at offset ${extent.endOffset}, so records cannot be deleted up to ${to}.`;
      return refusal("out-of-range", message);
    }
    const from = extent.startOffset;
    const within = Math.min(Math.max(from, to), extent.endOffset);
    steps.push({ partition: extent.partition, from, to: within });
  }
  return { kind: "plan", steps };
}

/** Deletes the records below `to` of each partition; ends at the first that is refused, and says what was done before. */
export async function deleteRecords(
  admin: TopicAdmin,
  topic: string,
  steps: readonly Pick<DeletionStep, "partition" | "to">[],
): Promise<DeletionOutcome> {
  for (const [done, { partition, to }] of steps.entries()) {
    const outcome = await admin.deleteRecords(topic, partition, to);
    if (outcome.kind === "deleted") continue;
    const before = done === 0 ? "" : ` Records of ${done} partition(s) were deleted before.`;
    return { ...outcome, message: outcome.message + advice(outcome) + before };
  }
  return { kind: "deleted" };
}

/** Deletes all records that a topic has when it is asked. */
export async function emptyTopic(
  cluster: Cluster,
  admin: TopicAdmin,
  name: string,
): Promise<DeletionOutcome> {
  const topic = await cluster.topic(name);
  if (topic === undefined) return refusal("unknown", `There is no topic ${name}.`);
  return deleteRecords(admin, name, wholeOf(topic));
}

function wholeOf({ partitions }: ClusterTopic) {
  return partitions
    .filter(({ startOffset, endOffset }) => startOffset < endOffset)
    .map(({ partition, endOffset }) => ({ partition, to: endOffset }));
}

function advice({ reason }: DeletionRefusal): string {
  return reason === "compacted"
    ? " Set cleanup.policy to compact,delete first, or delete the topic and create it again."
    : "";
}

async function targetOffset(
  cluster: Cluster,
  topic: string,
  extent: PartitionExtent,
  target: DeletionTarget,
): Promise<number> {
  switch (target.kind) {
    case "end":
      return extent.endOffset;
    case "offset":
      return target.offset;
    case "time": {
      const found = await cluster.offsetForTime(topic, extent.partition, target.timestampMs);
      return found ?? extent.endOffset;
    }
  }
}

function refusal<Reason extends string>(reason: Reason, message: string): Refusal<Reason> {
  return { kind: "refused", reason, message };
}

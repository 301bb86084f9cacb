import type { Refusal } from "../cluster/cluster.ts";
import type { ClusterGroups } from "../cluster/groups.ts";

export type DeleteOffsetsOutcome =
  | { readonly kind: "deleted"; readonly partitions: readonly number[] }
  | Refusal<"unknown" | "active" | "unknown-partition" | "failed">;

/**
 * Forgets what a group committed for a topic, in all partitions or in one, and looks afterwards that
 * it is so. Refused, with the reason, while a member reads the topic.
 */
export async function deleteOffsets(
  groups: ClusterGroups,
  groupId: string,
  topic: string,
  partition: number | undefined,
): Promise<DeleteOffsetsOutcome> {
  const committed = async () =>
    (await groups.describe(groupId))?.offsets
      .filter((each) => each.topic === topic && each.partition === (partition ?? each.partition))
      .map((each) => each.partition);
  const before = await committed();
  if (before === undefined) return refusal("unknown", `There is no group ${groupId}.`);
  if (before.length === 0) {
    const where = partition === undefined ? topic : `partition ${partition} of ${topic}`;
    return refusal("unknown-partition", `Group ${groupId} has committed nothing for ${where}.`);
  }
  const outcome = await groups.deleteOffsets(groupId, [{ topic, partitions: before }]);
  if (outcome.kind === "refused") return outcome;
  const [left] = (await committed()) ?? [];
  if (left === undefined) return { kind: "deleted", partitions: before };
  return refusal(
    "failed",
    `Group ${groupId} has committed for partition ${left} of ${topic} again: a consumer has started.`,
  );
}

function refusal<Reason extends string>(reason: Reason, message: string): Refusal<Reason> {
  return { kind: "refused", reason, message };
}

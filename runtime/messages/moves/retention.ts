import type { TopicAdmin } from "../../cluster/topic-admin.ts";

/**
 * A warning when messages that keep their times are older than a topic keeps messages: the cluster deletes
 * them as soon as it looks. Undefined when they are not.
 */
export async function retentionWarning(
  topicAdmin: TopicAdmin,
  topic: string,
  oldestMs: number,
  nowMs: number,
): Promise<string | undefined> {
  if (!(oldestMs >= 0)) return undefined;
  const configs = (await topicAdmin.configs(topic)) ?? [];
  const valueOf = (name: string) => configs.find((each) => each.name === name)?.value ?? "";
  const retentionMs = Number(valueOf("retention.ms") || -1);
  const isDeleted = valueOf("cleanup.policy").includes("delete");
  if (!isDeleted || retentionMs < 0 || oldestMs >= nowMs - retentionMs) return undefined;
  return (
    `Topic ${topic} keeps messages for ${retentionMs} ms (retention.ms), and some of these are older: ` +
    "they are deleted soon after they have come. Raise it, or give them the present time."
  );
}

/** The oldest of times; those that are no time (-1) are passed over. */
export function olderOf(oldestMs: number, timestampMs: number | undefined): number {
  if (timestampMs === undefined || timestampMs < 0) return oldestMs;
  return Math.min(oldestMs, timestampMs);
}

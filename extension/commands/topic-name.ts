/** Longest name of a topic (Kafka's Topic.MAX_NAME_LENGTH). */
const MAX_NAME_LENGTH = 249;

export type TopicNameProblem = "empty" | "dots" | "too-long" | "characters";

/** What is wrong with a topic's name by Kafka's rules (org.apache.kafka.common.internals.Topic), if anything. */
export function topicNameProblem(name: string): TopicNameProblem | undefined {
  if (name === "") return "empty";
  if (name === "." || name === "..") return "dots";
  if (name.length > MAX_NAME_LENGTH) return "too-long";
  return /^[a-zA-Z0-9._-]+$/.test(name) ? undefined : "characters";
}

/**
 * The name of an existing topic that a new one would share its metric names with: Kafka refuses
 * names that differ only in periods and underscores.
 */
export function collidingName(name: string, existing: readonly string[]): string | undefined {
  const folded = name.replaceAll(".", "_");
  return existing.find((other) => other.replaceAll(".", "_") === folded);
}

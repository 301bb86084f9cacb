import { createHash } from "node:crypto";
import type { ConsumerGroup, ConsumerMember } from "./consumer-group.ts";

export interface TopicInfo {
  readonly id: string;
  readonly name: string;
  readonly partitions: number;
}

/** What the coordinator knows of the broker's topics. */
export interface TopicDirectory {
  /** Grows whenever a topic appears, disappears or gets more partitions. */
  readonly version: number;
  find(name: string): TopicInfo | undefined;
  /** Topics that a regular expression may find. */
  names(): Iterable<string>;
}

export const NO_TOPICS: TopicDirectory = { version: 0, find: () => undefined, names: () => [] };

/** Names that the member is subscribed to, whether such topics exist or not. */
export function subscribedNames(
  member: ConsumerMember,
  regexes: ConsumerGroup["regexes"],
): ReadonlySet<string> {
  const matched = member.regex === null ? undefined : regexes.get(member.regex);
  return new Set(matched === undefined ? member.topics : [...member.topics, ...matched]);
}

/** Topics that exist and that the member is subscribed to, by topic id. */
export function subscribedTopics(
  member: ConsumerMember,
  regexes: ConsumerGroup["regexes"],
  topics: TopicDirectory,
): Map<string, TopicInfo> {
  const found = new Map<string, TopicInfo>();
  for (const name of subscribedNames(member, regexes)) {
    const topic = topics.find(name);
    if (topic !== undefined) found.set(topic.id, topic);
  }
  return found;
}

/** One number for the topics of a group and their sizes (KIP-1101); it need not agree between brokers. */
export function metadataHash(group: ConsumerGroup, topics: TopicDirectory): number {
  const names = new Set<string>();
  for (const member of group.members.values()) {
    for (const name of subscribedNames(member, group.regexes)) names.add(name);
  }
  const lines: string[] = [];
  for (const name of [...names].sort()) {
    const topic = topics.find(name);
    if (topic !== undefined) lines.push(`${topic.id} ${name} ${topic.partitions}`);
  }
  if (lines.length === 0) return 0;
  return createHash("sha256").update(lines.join("\n")).digest().readUIntBE(0, 6);
}

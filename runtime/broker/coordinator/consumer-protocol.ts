import { ByteReader, MalformedRecordError } from "./byte-codec.ts";
import { protocolMetadata, type ClassicGroup } from "./classic-group.ts";

/**
 * Topics the members of a group have subscribed to, as far as the coordinator can tell: it reads
 * the part of the consumer protocol's subscription that all its versions share. Null when it cannot
 * tell, because the group speaks another protocol, has not chosen one, or sent other bytes.
 */
export function subscribedTopics(group: ClassicGroup): ReadonlySet<string> | null {
  if (group.protocolType !== CONSUMER_PROTOCOL_TYPE) return null;
  const topics = new Set<string>();
  for (const member of group.members.values()) {
    const subscription = readTopics(protocolMetadata(member, group.protocol));
    if (subscription === null) return null;
    for (const topic of subscription) topics.add(topic);
  }
  return topics;
}

/** The protocol type of groups of consumers, whose member metadata is a subscription. */
export const CONSUMER_PROTOCOL_TYPE = "consumer";

function readTopics(metadata: Buffer): string[] | null {
  try {
    const reader = new ByteReader(metadata);
    reader.int16();
    const topics: string[] = [];
    for (let left = reader.arrayLength(); left > 0; left--) topics.push(reader.string());
    return topics;
  } catch (error) {
    if (error instanceof MalformedRecordError) return null;
    throw error;
  }
}

/**
 * The partitions of an assignment in the consumer protocol, of which all versions share the first part;
 * null for other bytes.
 */
export function readAssignment(
  bytes: Buffer,
): { readonly topic: string; readonly partitions: readonly number[] }[] | null {
  try {
    const reader = new ByteReader(bytes);
    reader.int16();
    const topics: { topic: string; partitions: number[] }[] = [];
    for (let left = reader.arrayLength(); left > 0; left--) {
      const topic = reader.string();
      const partitions: number[] = [];
      for (let more = reader.arrayLength(); more > 0; more--) partitions.push(reader.int32());
      topics.push({ topic, partitions });
    }
    return topics;
  } catch (error) {
    if (error instanceof MalformedRecordError) return null;
    throw error;
  }
}

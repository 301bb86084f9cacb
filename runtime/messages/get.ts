import type { Message } from "../api/model.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { WHOLE } from "./message.ts";
import { type Failure, failure, unknownTopic } from "./outcome.ts";
import { PartitionReader } from "./partition-reader.ts";
import { coveredPartitions, outOfRange } from "./start.ts";

/** The message at exactly this offset with nothing cut. */
export async function getMessage(
  cluster: Cluster,
  topic: string,
  partition: number,
  offset: number,
): Promise<{ readonly kind: "message"; readonly message: Message } | Failure> {
  const found = await cluster.topic(topic);
  if (found === undefined) return unknownTopic(topic);
  const extents = coveredPartitions(found, partition);
  if ("kind" in extents) return extents;
  const [extent] = extents;
  if (extent === undefined || offset < extent.startOffset || offset >= extent.endOffset) {
    const empty = { partition, startOffset: 0, endOffset: 0, sizeBytes: 0 };
    return outOfRange(topic, extent ?? empty, offset);
  }
  const reader = new PartitionReader(partition, offset, offset + 1, {
    cluster,
    topic,
    field: WHOLE,
    onRead: () => Promise.resolve(),
  });
  const fault = await reader.load();
  if (fault !== undefined) return fault;
  if (reader.head?.offset === offset) return { kind: "message", message: reader.head };
  return failure(
    "offset-out-of-range",
    `There is no message at offset ${offset} of partition ${partition} of ${topic}: ` +
      "it was compacted away, or the broker keeps a marker there.",
  );
}

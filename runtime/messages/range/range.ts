import type { MoveSource, RangeEnd } from "../../api/moves.ts";
import type { Cluster, PartitionExtent } from "../../cluster/cluster.ts";
import { type Failure, unknownTopic } from "../outcome.ts";
import { coveredPartitions, outOfRange, startCursors } from "../start.ts";

/** Offsets of one partition from `startOffset` up to, not including, `endOffset`. */
export interface PartitionRange {
  readonly partition: number;
  readonly startOffset: number;
  readonly endOffset: number;
}

export type Range = Extract<MoveSource, { kind: "range" }>;
export type Selection = Extract<MoveSource, { kind: "selection" }>;

/** What a range comes to now, by partition: what is written afterwards does not change it. */
export async function resolveRange(
  cluster: Cluster,
  range: Range,
): Promise<readonly PartitionRange[] | Failure> {
  const { topic: name, partition, from, until } = range;
  const topic = await cluster.topic(name);
  if (topic === undefined) return unknownTopic(name);
  const extents = coveredPartitions(topic, partition);
  if ("kind" in extents) return extents;
  const starts = await startCursors(cluster, name, extents, from);
  if ("kind" in starts) return starts;
  const ranges: PartitionRange[] = [];
  for (const [index, extent] of extents.entries()) {
    const startOffset = starts[index]?.offset ?? extent.startOffset;
    const end = await endOf(cluster, name, extent, until);
    const endOffset = Math.max(startOffset, Math.min(end, extent.endOffset));
    ranges.push({ partition: extent.partition, startOffset, endOffset });
  }
  return ranges;
}

async function endOf(
  cluster: Cluster,
  topic: string,
  { partition, endOffset }: PartitionExtent,
  until: RangeEnd | undefined,
): Promise<number> {
  if (until === undefined) return endOffset;
  if (until.kind === "offset") return until.offset;
  return (await cluster.offsetForTime(topic, partition, until.timestampMs)) ?? endOffset;
}

/** The offsets of a selection by partition, each once and in order. All of them are within their partitions. */
export async function resolveSelection(
  cluster: Cluster,
  { topic: name, messages }: Selection,
): Promise<ReadonlyMap<number, readonly number[]> | Failure> {
  const topic = await cluster.topic(name);
  if (topic === undefined) return unknownTopic(name);
  const offsets = new Map<number, Set<number>>();
  for (const { partition, offset } of messages) {
    const extents = coveredPartitions(topic, partition);
    if ("kind" in extents) return extents;
    const [extent] = extents;
    if (extent !== undefined && (offset < extent.startOffset || offset >= extent.endOffset)) {
      return outOfRange(name, extent, offset);
    }
    const known = offsets.get(partition);
    if (known === undefined) offsets.set(partition, new Set([offset]));
    else known.add(offset);
  }
  return new Map(
    Array.from(offsets, ([partition, set]) => [partition, [...set].sort((a, b) => a - b)]),
  );
}

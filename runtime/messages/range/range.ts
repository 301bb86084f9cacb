import type { MoveSource } from "../../api/moves.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { type Failure, unknownTopic } from "../outcome.ts";
import { coveredPartitions, outOfRange } from "../start.ts";
import { resolveRange } from "../survey/range.ts";

/** Offsets of one partition from `startOffset` up to, not including, `endOffset`. */
export interface PartitionRange {
  readonly partition: number;
  readonly startOffset: number;
  readonly endOffset: number;
}

export type Range = Extract<MoveSource, { kind: "range" }>;
export type Selection = Extract<MoveSource, { kind: "selection" }>;

/** What a range comes to now, by partition: what is written afterwards does not change it. */
export async function partitionRanges(
  cluster: Cluster,
  { topic, partition, from, to }: Range,
): Promise<readonly PartitionRange[] | Failure> {
  const wanted = { topic, partition, from, to, filter: undefined };
  const resolved = await resolveRange(cluster, wanted);
  if (resolved.kind === "failed") return resolved;
  return resolved.from.map((start, index) => ({
    partition: start.partition,
    startOffset: start.offset,
    endOffset: resolved.end[index]?.offset ?? start.offset,
  }));
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

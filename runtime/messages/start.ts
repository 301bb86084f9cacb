import type { PartitionCursor, Position } from "../api/model.ts";
import type { Cluster, ClusterTopic, PartitionExtent } from "../cluster/cluster.ts";
import { type Failure, failure, unknownPartition } from "./outcome.ts";

/** Where to begin: a position in every partition asked for, or the cursors of an earlier page. */
export type From =
  Position | { readonly kind: "cursors"; readonly cursors: readonly PartitionCursor[] };

/** The extents of the partitions that a read covers: one, or all when `partition` is undefined. */
export function coveredPartitions(
  topic: ClusterTopic,
  partition: number | undefined,
): readonly PartitionExtent[] | Failure {
  if (partition === undefined) return topic.partitions;
  const extent = topic.partitions[partition];
  return extent === undefined
    ? unknownPartition(topic.name, partition, topic.partitions.length)
    : [extent];
}

/**
 * The offset to begin at in each covered partition, always within its extent. An offset outside the
 * extent of the only partition asked for is a failure that names the extent; over several partitions
 * it means the nearest offset in each. Cursors below the start, where retention has taken what was
 * there, move up to it; cursors beyond the end belong to another topic of the same name and fail.
 */
export async function startCursors(
  cluster: Cluster,
  topic: string,
  extents: readonly PartitionExtent[],
  from: From,
): Promise<readonly PartitionCursor[] | Failure> {
  if (from.kind === "cursors") return continued(topic, extents, from.cursors);
  if (from.kind === "offset" && extents.length === 1) {
    const [extent] = extents;
    if (extent !== undefined && !within(from.offset, extent)) {
      return outOfRange(topic, extent, from.offset);
    }
  }
  const cursors: PartitionCursor[] = [];
  for (const extent of extents) {
    const offset = await startOffset(cluster, topic, extent, from);
    cursors.push({ partition: extent.partition, offset: clamp(offset, extent) });
  }
  return cursors;
}

/** A sentence about an offset that a partition does not hold. */
export function outOfRange(topic: string, extent: PartitionExtent, offset: number): Failure {
  const { partition, startOffset: start, endOffset: end } = extent;
  const holds =
    start === end
      ? `is empty; its next offset will be ${end}`
      : `holds the offsets ${start} to ${end - 1}`;
  return failure(
    "offset-out-of-range",
    `Offset ${offset} is not in partition ${partition} of ${topic}, which ${holds}.`,
  );
}

async function startOffset(
  cluster: Cluster,
  topic: string,
  extent: PartitionExtent,
  position: Position,
): Promise<number> {
  switch (position.kind) {
    case "earliest":
      return extent.startOffset;
    case "latest":
      return extent.endOffset;
    case "offset":
      return position.offset;
    case "last":
      return extent.endOffset - position.count;
    case "time": {
      const found = await cluster.offsetForTime(topic, extent.partition, position.timestampMs);
      return found ?? extent.endOffset;
    }
  }
}

function continued(
  topic: string,
  extents: readonly PartitionExtent[],
  given: readonly PartitionCursor[],
): readonly PartitionCursor[] | Failure {
  const offsets = new Map(given.map(({ partition, offset }) => [partition, offset]));
  const cursors: PartitionCursor[] = [];
  for (const extent of extents) {
    // A partition without a cursor was added to the topic after the page before this one.
    const offset = offsets.get(extent.partition) ?? extent.startOffset;
    if (offset > extent.endOffset) return outOfRange(topic, extent, offset);
    cursors.push({ partition: extent.partition, offset: clamp(offset, extent) });
  }
  return cursors;
}

/** The end is within: it is where the next record will be. */
function within(offset: number, extent: PartitionExtent): boolean {
  return offset >= extent.startOffset && offset <= extent.endOffset;
}

function clamp(offset: number, extent: PartitionExtent): number {
  return Math.min(Math.max(offset, extent.startOffset), extent.endOffset);
}

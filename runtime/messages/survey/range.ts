import type { MessageFilter, PartitionCursor } from "../../api/model.ts";
import type { Cluster, PartitionExtent } from "../../cluster/cluster.ts";
import type { Clock } from "../../core/clock.ts";
import { type Failure, unknownTopic } from "../outcome.ts";
import type { Scanner } from "../scan/scanner.ts";
import { coveredPartitions, type From, startCursors } from "../start.ts";

/** A step of a survey ends after this long, so that progress can be shown. */
export const MAX_STEP_MS = 200;

export interface SurveyDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly scanner: Scanner;
}

/** Which messages of a topic are looked at. */
export interface Range {
  readonly topic: string;
  /** All partitions when undefined. */
  readonly partition: number | undefined;
  readonly from: From;
  /** Before the message there; the ends of the partitions when undefined. */
  readonly to: From | undefined;
  /** All are wanted when undefined. */
  readonly filter: MessageFilter | undefined;
}

/** A range in offsets. */
export interface ResolvedRange {
  readonly kind: "range";
  readonly topic: string;
  readonly filter: MessageFilter | undefined;
  readonly extents: readonly PartitionExtent[];
  /** In the order of the extents, and within them. */
  readonly from: readonly PartitionCursor[];
  /** Not below `from`. */
  readonly end: readonly PartitionCursor[];
}

/** How far a step has come. */
export interface Step {
  readonly next: readonly PartitionCursor[];
  readonly end: readonly PartitionCursor[];
  readonly extents: readonly PartitionExtent[];
  readonly scanned: number;
  readonly atEnd: boolean;
}

/** Finds out what a range is in offsets now. */
export async function resolveRange(
  cluster: Cluster,
  { topic: name, partition, from, to, filter }: Range,
): Promise<ResolvedRange | Failure> {
  const topic = await cluster.topic(name);
  if (topic === undefined) return unknownTopic(name);
  const extents = coveredPartitions(topic, partition);
  if ("kind" in extents) return extents;
  const starts = await startCursors(cluster, name, extents, from);
  if ("kind" in starts) return starts;
  const ends = await startCursors(cluster, name, extents, to ?? { kind: "latest" });
  if ("kind" in ends) return ends;
  const end = ends.map((each, index) => {
    const least = starts[index]?.offset ?? each.offset;
    return { partition: each.partition, offset: Math.max(each.offset, least) };
  });
  return { kind: "range", topic: name, filter, extents, from: starts, end };
}

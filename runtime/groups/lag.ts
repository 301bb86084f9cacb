import type { Cluster, ClusterTopic, PartitionExtent } from "../cluster/cluster.ts";
import type { GroupDescription } from "../cluster/groups.ts";

/** How far a group has come in one partition. */
export interface PartitionProgress {
  readonly topic: string;
  readonly partition: number;
  /** The offset the group reads next; undefined when it has committed none. */
  readonly committed: number | undefined;
  /** Undefined when the partition does not exist any more. */
  readonly extent: PartitionExtent | undefined;
  /** Records between what is committed and the end; undefined when either is unknown. */
  readonly lag: number | undefined;
  /** Place of the member that has the partition, in the group's list of members; undefined for none. */
  readonly member: number | undefined;
}

/** The topics that a group has committed for or that its members have partitions of; deleted ones are left out. */
export async function topicsOf(
  cluster: Cluster,
  { offsets, members }: Pick<GroupDescription, "offsets" | "members">,
): Promise<ClusterTopic[]> {
  const assigned = members.flatMap(({ assignment }) => assignment.map(({ topic }) => topic));
  const names = new Set([...offsets.map(({ topic }) => topic), ...assigned]);
  const found = await Promise.all([...names].map((name) => cluster.topic(name)));
  return found.filter((topic) => topic !== undefined);
}

/** Every partition that the group has committed for or that one of its members has, by topic and partition. */
export function progressOf(
  group: GroupDescription,
  topics: readonly ClusterTopic[],
): PartitionProgress[] {
  const extents = new Map(topics.map(({ name, partitions }) => [name, partitions]));
  const rows = new Map<
    string,
    { topic: string; partition: number; committed?: number; member?: number }
  >();
  const row = (topic: string, partition: number) => {
    const key = `${partition} ${topic}`;
    const found = rows.get(key) ?? { topic, partition };
    rows.set(key, found);
    return found;
  };
  for (const { topic, partition, offset } of group.offsets)
    row(topic, partition).committed = offset;
  for (const [member, { assignment }] of group.members.entries()) {
    for (const { topic, partitions } of assignment) {
      for (const partition of partitions) row(topic, partition).member = member;
    }
  }
  return [...rows.values()]
    .map(({ topic, partition, committed, member }): PartitionProgress => {
      const extent = extents.get(topic)?.[partition];
      const lag = extent && committed !== undefined ? lagOf(committed, extent) : undefined;
      return { topic, partition, committed, extent, lag, member };
    })
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}

/** What retention has taken cannot be read any more, and a commit beyond the end is no debt. */
function lagOf(committed: number, { startOffset, endOffset }: PartitionExtent): number {
  return Math.max(0, endOffset - Math.max(committed, startOffset));
}

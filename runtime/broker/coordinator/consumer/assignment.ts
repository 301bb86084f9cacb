/** Partitions by topic id; every list is in order and without repetitions, and none is empty. */
export type Assignment = ReadonlyMap<string, readonly number[]>;

export const NOTHING: Assignment = new Map();

/** One topic of an assignment as requests, replies and records list it. */
export interface TopicPartitions {
  readonly topicId: string;
  readonly partitions: readonly number[];
}

export function toTopicPartitions(assignment: Assignment): TopicPartitions[] {
  return Array.from(assignment, ([topicId, partitions]) => ({ topicId, partitions }));
}

/** Makes an assignment of lists in any order, in which a topic may come twice. */
export function assignmentOf(topics: Iterable<TopicPartitions>): Assignment {
  const sets = new Map<string, Set<number>>();
  for (const { topicId, partitions } of topics) {
    if (partitions.length === 0) continue;
    const set = sets.get(topicId) ?? new Set();
    for (const partition of partitions) set.add(partition);
    sets.set(topicId, set);
  }
  return new Map(
    Array.from(sets, ([topicId, set]) => [topicId, [...set].sort((a, b) => a - b)] as const),
  );
}

export function sameAssignment(a: Assignment, b: Assignment): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [topicId, partitions] of a) {
    const others = b.get(topicId);
    if (others === undefined || others.length !== partitions.length) return false;
    if (partitions.some((partition, index) => partition !== others[index])) return false;
  }
  return true;
}

/** What of `assignment` the test lets through. */
export function select(
  assignment: Assignment,
  test: (topicId: string, partition: number) => boolean,
): Assignment {
  const selected = new Map<string, readonly number[]>();
  for (const [topicId, partitions] of assignment) {
    const kept = partitions.filter((partition) => test(topicId, partition));
    if (kept.length > 0) selected.set(topicId, kept);
  }
  return selected;
}

export function contains(assignment: Assignment, topicId: string, partition: number): boolean {
  return assignment.get(topicId)?.includes(partition) ?? false;
}

/** Both together. */
export function union(a: Assignment, b: Assignment): Assignment {
  if (b.size === 0) return a;
  return assignmentOf([...toTopicPartitions(a), ...toTopicPartitions(b)]);
}

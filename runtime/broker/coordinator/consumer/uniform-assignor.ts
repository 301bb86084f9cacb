import { assignmentOf, type Assignment } from "./assignment.ts";
import type { Assignor, AssignorMember } from "./assignors.ts";

/** A member while partitions are being handed out. */
interface Holder {
  readonly member: AssignorMember;
  /** Partitions by topic id, the last of which go first. */
  readonly held: Map<string, number[]>;
  load: number;
}

interface SharedTopic {
  readonly topicId: string;
  readonly subscribers: Holder[];
  /** Partitions that nobody holds. */
  readonly free: number[];
}

/**
 * Spreads partitions evenly over the members, and moves as few of them as that allows: a member keeps
 * what it has as far as the balance lets it. Members may be subscribed to different topics; then each
 * topic is balanced among its own subscribers.
 */
export const uniformAssignor: Assignor = (members) => {
  const holders = members.map((member): Holder => ({ member, held: new Map(), load: 0 }));
  const topics = sharedTopics(holders);
  keepTargets(topics);
  // Topics that few can take go first, so that what is left can even out the rest.
  topics.sort((a, b) => a.subscribers.length - b.subscribers.length);
  for (const topic of topics) handOut(topic);
  while (topics.map(balance).some(Boolean)) continue;
  return new Map(holders.map(({ member, held }) => [member.memberId, targetOf(held)]));
};

function targetOf(held: ReadonlyMap<string, readonly number[]>): Assignment {
  return assignmentOf(Array.from(held, ([topicId, partitions]) => ({ topicId, partitions })));
}

function sharedTopics(holders: readonly Holder[]): SharedTopic[] {
  const topics = new Map<string, SharedTopic>();
  for (const holder of holders) {
    for (const topicId of holder.member.topics.keys()) {
      const topic = topics.get(topicId);
      if (topic === undefined) topics.set(topicId, { topicId, subscribers: [holder], free: [] });
      else topic.subscribers.push(holder);
    }
  }
  return [...topics.values()];
}

/** Leaves every partition where it is if its member may still have it; the others become free. */
function keepTargets(topics: readonly SharedTopic[]): void {
  for (const { topicId, subscribers, free } of topics) {
    const count = subscribers[0]?.member.topics.get(topicId)?.partitions ?? 0;
    const taken = new Set<number>();
    for (const holder of subscribers) {
      const kept = (holder.member.target.get(topicId) ?? []).filter(
        (partition) => partition < count && !taken.has(partition),
      );
      if (kept.length === 0) continue;
      for (const partition of kept) taken.add(partition);
      holder.held.set(topicId, kept);
      holder.load += kept.length;
    }
    for (let partition = 0; partition < count; partition++) {
      if (!taken.has(partition)) free.push(partition);
    }
  }
}

function give(holder: Holder, topicId: string, partition: number): void {
  const held = holder.held.get(topicId);
  if (held === undefined) holder.held.set(topicId, [partition]);
  else held.push(partition);
  holder.load += 1;
}

const leastLoaded = (holders: readonly Holder[]): Holder | undefined =>
  holders.reduce<Holder | undefined>(
    (least, holder) => (least === undefined || holder.load < least.load ? holder : least),
    undefined,
  );

function handOut({ topicId, subscribers, free }: SharedTopic): void {
  for (const partition of free) {
    const holder = leastLoaded(subscribers);
    if (holder !== undefined) give(holder, topicId, partition);
  }
}

/**
 * Moves partitions of one topic from its most to its least loaded subscriber while that evens them out.
 * Each move makes the sum of the squared loads smaller, so that moving comes to an end.
 */
function balance({ topicId, subscribers }: SharedTopic): boolean {
  let moved = false;
  for (;;) {
    const least = leastLoaded(subscribers);
    let most: Holder | undefined;
    for (const holder of subscribers) {
      const holds = (holder.held.get(topicId)?.length ?? 0) > 0;
      if (holds && (most === undefined || holder.load > most.load)) most = holder;
    }
    if (least === undefined || most === undefined || most.load - least.load < 2) return moved;
    const partition = most.held.get(topicId)?.pop();
    if (partition === undefined) return moved;
    most.load -= 1;
    give(least, topicId, partition);
    moved = true;
  }
}

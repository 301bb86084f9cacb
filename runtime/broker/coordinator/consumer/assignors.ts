import type { Assignment } from "./assignment.ts";
import { rangeAssignor } from "./range-assignor.ts";
import type { TopicInfo } from "./topics.ts";
import { uniformAssignor } from "./uniform-assignor.ts";

export interface AssignorMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  /** Existing topics that it is subscribed to, by id. */
  readonly topics: ReadonlyMap<string, TopicInfo>;
  /** The target assignment so far. */
  readonly target: Assignment;
}

/** Gives every partition of the members' topics to one subscriber; by member id. */
export type Assignor = (members: readonly AssignorMember[]) => ReadonlyMap<string, Assignment>;

/** Kafka's `group.consumer.assignors`; the first is what a group uses unless its members ask otherwise. */
export const ASSIGNORS: ReadonlyMap<string, Assignor> = new Map([
  ["uniform", uniformAssignor],
  ["range", rangeAssignor],
]);

export const DEFAULT_ASSIGNOR = "uniform";

/** The assignor that most members ask for, the default when nobody asks. */
export function preferredAssignor(members: Iterable<{ readonly assignor: string | null }>): string {
  const votes = new Map<string, number>();
  for (const { assignor } of members) {
    if (assignor !== null) votes.set(assignor, (votes.get(assignor) ?? 0) + 1);
  }
  let chosen = DEFAULT_ASSIGNOR;
  let most = 0;
  for (const [assignor, count] of votes) {
    if (count > most) [chosen, most] = [assignor, count];
  }
  return chosen;
}

import type { GroupOverview } from "../../runtime/api/group-admin.ts";
import type { GroupDetails, GroupMember, GroupProgress } from "../../runtime/api/model.ts";

/** An element of the tree. It keeps its identity while its overview changes, so that expansion stays. */
export class GroupNode {
  readonly kind = "group";
  overview: GroupOverview;
  /** What is shown below it; undefined while that is nothing. */
  details: GroupDetails | undefined;
  /** Its partitions changed hands a moment ago. */
  rebalanced = false;

  constructor(overview: GroupOverview) {
    this.overview = overview;
  }
}

/** A member, or the partitions that none has. */
export class MemberNode {
  readonly kind = "member";
  readonly group: GroupNode;
  /** Undefined for the partitions without a member. */
  readonly member: GroupMember | undefined;
  readonly progress: readonly GroupProgress[];

  constructor(
    group: GroupNode,
    member: GroupMember | undefined,
    progress: readonly GroupProgress[],
  ) {
    this.group = group;
    this.member = member;
    this.progress = progress;
  }
}

export class ProgressNode {
  readonly kind = "progress";
  readonly parent: GroupNode | MemberNode;
  readonly progress: GroupProgress;

  constructor(parent: GroupNode | MemberNode, progress: GroupProgress) {
    this.parent = parent;
    this.progress = progress;
  }

  get groupId(): string {
    const group = this.parent.kind === "group" ? this.parent : this.parent.group;
    return group.overview.groupId;
  }
}

export type ConsumerNode = GroupNode | MemberNode | ProgressNode;

/**
 * What stands below a group: its members, and what none of them has. Without members there is
 * nothing to tell apart, and its partitions stand there themselves.
 */
export function childrenOfGroup(
  group: GroupNode,
  { members, progress }: GroupDetails,
): ConsumerNode[] {
  const of = (index: number | undefined) => progress.filter(({ member }) => member === index);
  const free = of(undefined);
  if (members.length === 0) return free.map((one) => new ProgressNode(group, one));
  const nodes = members.map((member, index) => new MemberNode(group, member, of(index)));
  return free.length === 0 ? nodes : [...nodes, new MemberNode(group, undefined, free)];
}

export function childrenOfMember(node: MemberNode): ProgressNode[] {
  return node.progress.map((one) => new ProgressNode(node, one));
}

/** Whether two overviews show the same. */
export function isSameOverview(a: GroupOverview, b: GroupOverview): boolean {
  return (
    a.state === b.state &&
    a.type === b.type &&
    a.epoch === b.epoch &&
    a.memberCount === b.memberCount &&
    a.lag === b.lag
  );
}

import type { GroupOverview } from "../../runtime/api/group-admin.ts";
import type { GroupMember, GroupProgress, GroupState } from "../../runtime/api/model.ts";
import { numberText } from "./numbers.ts";
import type { Wording } from "./topic-text.ts";

/** A state in words. */
export function stateText(state: GroupState, wording: Wording): string {
  const texts: Record<GroupState, string> = {
    Empty: wording.t("empty"),
    PreparingRebalance: wording.t("preparing rebalance"),
    CompletingRebalance: wording.t("completing rebalance"),
    Assigning: wording.t("assigning"),
    Reconciling: wording.t("reconciling"),
    Stable: wording.t("stable"),
    Dead: wording.t("dead"),
  };
  return texts[state];
}

/** Partitions are changing hands. */
export function isRebalancing(state: GroupState): boolean {
  return state !== "Stable" && state !== "Empty" && state !== "Dead";
}

/** `2 members`, `1 member`, `no members`. */
export function membersText(count: number, wording: Wording): string {
  if (count === 0) return wording.t("no members");
  return count === 1
    ? wording.t("1 member")
    : wording.t("{0} members", numberText(count, wording.locale));
}

/** What a group has still to read, `lag 1,204`. */
export function lagText(lag: number | undefined, wording: Wording): string {
  return lag === undefined
    ? wording.t("nothing committed")
    : wording.t("lag {0}", numberText(lag, wording.locale));
}

/** An empty group has no members by its name. */
function memberParts({ state, memberCount }: GroupOverview, wording: Wording): string[] {
  return state === "Empty" ? [] : [membersText(memberCount, wording)];
}

function movedPart(rebalanced: boolean, wording: Wording): string[] {
  return rebalanced ? [wording.t("rebalanced")] : [];
}

/**
 * What stands beside a group's id, what matters most first, as side bars are narrow:
 * `lag 1,204 · 2 members · stable`, or `preparing rebalance · lag 1,204 · 2 members`.
 */
export function groupDescription(
  group: GroupOverview,
  rebalanced: boolean,
  wording: Wording,
): string {
  const state = [stateText(group.state, wording)];
  const moved = movedPart(rebalanced, wording);
  const rest = [lagText(group.lag, wording), ...memberParts(group, wording)];
  const isMoving = isRebalancing(group.state);
  return (isMoving ? [...state, ...rest] : [...moved, ...rest, ...state]).join(" · ");
}

/** What a screen reader says of a group: `orders-app, stable, 2 members, lag 1,204`. */
export function groupLabel(group: GroupOverview, rebalanced: boolean, wording: Wording): string {
  return [
    group.groupId,
    stateText(group.state, wording),
    ...movedPart(rebalanced, wording),
    ...memberParts(group, wording),
    lagText(group.lag, wording),
  ].join(", ");
}

/** The same, and what kind of group it is. */
export function groupTooltip(group: GroupOverview, wording: Wording): string {
  const { type, epoch } = group;
  const number = numberText(epoch, wording.locale);
  const kind =
    type === "classic"
      ? wording.t("Classic group, generation {0}", number)
      : wording.t("Consumer group (KIP-848), epoch {0}", number);
  return `${groupLabel(group, false, wording)}\n${kind}`;
}

/** The lag of several partitions together; undefined when it is known of none. */
export function lagOf(progress: readonly GroupProgress[]): number | undefined {
  const known = progress.flatMap(({ lag }) => lag ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, lag) => sum + lag, 0);
}

/** A member as its client calls it; a static one with its `group.instance.id`. */
export function memberName({ clientId, memberId, instanceId }: GroupMember): string {
  const name = clientId === "" ? memberId : clientId;
  return instanceId === null ? name : `${name} (${instanceId})`;
}

/** A client's address; Kafka writes it with a slash in front. */
function hostOf({ clientHost }: GroupMember): string {
  return clientHost.replace(/^\//, "");
}

function assignedText(count: number, wording: Wording): string {
  if (count === 0) return wording.t("no partitions");
  return count === 1
    ? wording.t("1 partition")
    : wording.t("{0} partitions", numberText(count, wording.locale));
}

/** What stands beside a member: `127.0.0.1 · lag 3 · 2 partitions`. */
export function memberDescription(
  member: GroupMember,
  assigned: readonly GroupProgress[],
  wording: Wording,
): string {
  const has = assignedText(assigned.length, wording);
  const lag = assigned.length === 0 ? [] : [lagText(lagOf(assigned), wording)];
  return [hostOf(member), ...lag, has].join(" · ");
}

/** What a screen reader says of a member: `Member orders-1 at 127.0.0.1, 2 partitions, lag 3`. */
export function memberLabel(
  member: GroupMember,
  assigned: readonly GroupProgress[],
  wording: Wording,
): string {
  const who = wording.t("Member {0} at {1}", memberName(member), hostOf(member));
  const has = assignedText(assigned.length, wording);
  return [who, has, ...(assigned.length === 0 ? [] : [lagText(lagOf(assigned), wording)])].join(
    ", ",
  );
}

function progressParts(progress: GroupProgress, wording: Wording): string[] {
  const { committed, endOffset, lag } = progress;
  const number = (value: number) => numberText(value, wording.locale);
  return [
    committed === undefined
      ? wording.t("nothing committed")
      : wording.t("committed {0}", number(committed)),
    endOffset === undefined
      ? wording.t("partition is gone")
      : wording.t("end {0}", number(endOffset)),
    ...(lag === undefined ? [] : [wording.t("lag {0}", number(lag))]),
  ];
}

/** What stands beside a partition: `lag 6 · 4 of 10`, the committed offset of the end. */
export function progressDescription(progress: GroupProgress, wording: Wording): string {
  const { committed, endOffset, lag } = progress;
  if (committed === undefined || endOffset === undefined || lag === undefined) {
    return progressParts(progress, wording).join(" · ");
  }
  const [at, end] = [committed, endOffset].map((value) => numberText(value, wording.locale));
  return [lagText(lag, wording), wording.t("{0} of {1}", at ?? "", end ?? "")].join(" · ");
}

/** What a screen reader says of a partition: `Partition 0 of orders, committed 4, end 10, lag 6`. */
export function progressLabel(progress: GroupProgress, wording: Wording): string {
  const { partition, topic } = progress;
  const what = wording.t("Partition {0} of {1}", partition, topic);
  return [what, ...progressParts(progress, wording)].join(", ");
}

import * as vscode from "vscode";
import type { GroupDetails } from "../../runtime/api/model.ts";
import { GroupNode, MemberNode, ProgressNode } from "../views/group-nodes.ts";
import { groupDescription } from "../views/group-text.ts";
import { wording } from "../wording.ts";
import type { Services } from "./services.ts";

/** What a command about groups was called on. */
export interface GroupTarget {
  readonly groupId: string;
  /** Every topic of the group when undefined. */
  readonly topic?: string | undefined;
  readonly partition?: number | undefined;
}

/** An element of the Consumers view, a group's id, or `{groupId, topic, partition}`. */
export function groupTargetOf(arg: unknown): GroupTarget | undefined {
  if (typeof arg === "string") return { groupId: arg };
  if (arg instanceof GroupNode) return { groupId: arg.overview.groupId };
  if (arg instanceof MemberNode) return { groupId: arg.group.overview.groupId };
  if (arg instanceof ProgressNode) {
    const { topic, partition } = arg.progress;
    return { groupId: arg.groupId, topic, partition };
  }
  if (typeof arg !== "object" || arg === null || !("groupId" in arg)) return undefined;
  const { groupId } = arg;
  const topic = "topic" in arg ? arg.topic : undefined;
  const partition = "partition" in arg ? arg.partition : undefined;
  if (typeof groupId !== "string") return undefined;
  if (typeof topic !== "string") return { groupId };
  return { groupId, topic, partition: typeof partition === "number" ? partition : undefined };
}

/** The groups a command was called on: the tree's selection, an id, or a list of ids. */
export function groupsOf(arg: unknown, selection: unknown): readonly string[] {
  const selected: readonly unknown[] = Array.isArray(selection) ? selection : [];
  const args: readonly unknown[] = Array.isArray(arg) ? arg : [arg];
  const ids = (selected.length > 0 ? selected : args)
    .filter((one) => !(one instanceof ProgressNode || one instanceof MemberNode))
    .map((one) => groupTargetOf(one)?.groupId);
  return [...new Set(ids.filter((id) => id !== undefined))];
}

async function groupItems({ groups }: Services) {
  await groups.refresh();
  return (groups.groups ?? []).map((group) => ({
    label: group.groupId,
    description: groupDescription(group, false, wording),
  }));
}

/** Asks for one group. */
export async function pickGroup(services: Services, title: string): Promise<string | undefined> {
  const items = await groupItems(services);
  if (items.length === 0) {
    const message = vscode.l10n.t("There are no consumer groups yet.");
    services.prompts.notify({ level: "info", message, actions: [] });
    return undefined;
  }
  const placeHolder = vscode.l10n.t("Consumer group");
  return (await services.prompts.pick(items, { title, placeHolder }))?.label;
}

/** Asks for any number of groups. */
export async function pickGroups(services: Services, title: string): Promise<readonly string[]> {
  const picked = await services.prompts.pickMany(await groupItems(services), { title });
  return (picked ?? []).map((item) => item.label);
}

/** The topics of a group in order: those it has committed for, or has partitions of. */
export function topicsOfGroup({ progress }: GroupDetails): readonly string[] {
  return [...new Set(progress.map(({ topic }) => topic))];
}

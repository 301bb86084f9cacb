import * as vscode from "vscode";
import { COMMANDS, TREE_CONTEXT } from "../ids.ts";
import { wording } from "../wording.ts";
import type { ConsumerNode, GroupNode, MemberNode, ProgressNode } from "./group-nodes.ts";
import {
  groupDescription,
  groupLabel,
  groupTooltip,
  isRebalancing,
  lagOf,
  lagText,
  memberDescription,
  memberLabel,
  memberName,
  progressDescription,
  progressLabel,
} from "./group-text.ts";

/** How an element of the Consumers view is shown. */
export function consumerItem(node: ConsumerNode): vscode.TreeItem {
  switch (node.kind) {
    case "group":
      return groupItem(node);
    case "member":
      return memberItem(node);
    case "progress":
      return progressItem(node);
  }
}

function groupItem({ overview, rebalanced }: GroupNode): vscode.TreeItem {
  const { groupId } = overview;
  const item = new vscode.TreeItem(groupId, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `group/${groupId}`;
  item.contextValue = TREE_CONTEXT.group;
  item.iconPath = groupIcon(overview.state, rebalanced);
  item.description = groupDescription(overview, rebalanced, wording);
  item.tooltip = groupTooltip(overview, wording);
  item.accessibilityInformation = { label: groupLabel(overview, rebalanced, wording) };
  return item;
}

function groupIcon(state: GroupNode["overview"]["state"], rebalanced: boolean): vscode.ThemeIcon {
  if (isRebalancing(state)) return new vscode.ThemeIcon("sync~spin");
  if (rebalanced) return new vscode.ThemeIcon("sync");
  return new vscode.ThemeIcon(state === "Stable" ? "organization" : "circle-large-outline");
}

function memberItem({ group, member, progress }: MemberNode): vscode.TreeItem {
  const { groupId } = group.overview;
  const state =
    progress.length === 0
      ? vscode.TreeItemCollapsibleState.None
      : vscode.TreeItemCollapsibleState.Expanded;
  if (member === undefined) {
    const free = new vscode.TreeItem(vscode.l10n.t("Without a Member"), state);
    free.id = `group/${groupId}/free`;
    free.iconPath = new vscode.ThemeIcon("circle-slash");
    free.description = lagText(lagOf(progress), wording);
    const label = vscode.l10n.t("Partitions without a member, {0}", free.description);
    free.tooltip = label;
    free.accessibilityInformation = { label };
    return free;
  }
  const item = new vscode.TreeItem(memberName(member), state);
  item.id = `group/${groupId}/member/${member.memberId}`;
  item.iconPath = new vscode.ThemeIcon("person");
  item.description = memberDescription(member, progress, wording);
  const label = memberLabel(member, progress, wording);
  item.tooltip = `${label}\n${member.memberId}`;
  item.accessibilityInformation = { label };
  return item;
}

function progressItem(node: ProgressNode): vscode.TreeItem {
  const { progress, groupId } = node;
  const { topic, partition, committed } = progress;
  const item = new vscode.TreeItem(`${topic} [${partition}]`);
  item.id = `group/${groupId}/progress/${partition}/${topic}`;
  item.contextValue = committed === undefined ? TREE_CONTEXT.uncommitted : TREE_CONTEXT.committed;
  item.iconPath = new vscode.ThemeIcon("list-flat");
  item.description = progressDescription(progress, wording);
  const label = progressLabel(progress, wording);
  item.tooltip = label;
  item.accessibilityInformation = { label };
  if (committed !== undefined) {
    item.command = {
      command: COMMANDS.peekCommitted,
      title: vscode.l10n.t("Peek from Committed Offset"),
      arguments: [node],
    };
  }
  return item;
}

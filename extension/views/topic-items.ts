import * as vscode from "vscode";
import { COMMANDS, TREE_CONTEXT } from "../ids.ts";
import { wording } from "../wording.ts";
import {
  partitionDescription,
  partitionLabel,
  topicDescription,
  topicLabel,
} from "./topic-text.ts";
import type { PartitionNode, TopicNode, TreeNode } from "./topic-nodes.ts";

/** How an element of the Topics view is shown, its tooltip left out: thousands are made at once. */
export function topicTreeItem(node: TreeNode): vscode.TreeItem {
  return node.kind === "topic" ? topicItem(node) : partitionItem(node);
}

/** What is said of an element on which the mouse rests. */
export function topicTooltip(node: TreeNode): string {
  return node.kind === "topic"
    ? topicLabel(node.summary, wording)
    : partitionLabel(node.topic.summary, node.summary, wording);
}

function topicItem({ summary }: TopicNode): vscode.TreeItem {
  const item = new vscode.TreeItem(summary.name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = summary.id;
  item.contextValue = summary.internal ? TREE_CONTEXT.internalTopic : TREE_CONTEXT.topic;
  item.iconPath = new vscode.ThemeIcon(summary.internal ? "lock" : "layers");
  item.description = topicDescription(summary, wording);
  item.accessibilityInformation = { label: topicLabel(summary, wording) };
  return item;
}

function partitionItem(node: PartitionNode): vscode.TreeItem {
  const { summary, topic } = node;
  const { internal, id } = topic.summary;
  const item = new vscode.TreeItem(vscode.l10n.t("Partition {0}", summary.partition));
  item.id = `${id}/${summary.partition}`;
  item.contextValue = internal ? TREE_CONTEXT.internalPartition : TREE_CONTEXT.partition;
  item.iconPath = new vscode.ThemeIcon("list-flat");
  item.description = partitionDescription(summary, wording);
  item.accessibilityInformation = { label: topicTooltip(node) };
  item.command = {
    command: COMMANDS.peekMessages,
    title: vscode.l10n.t("Peek Messages"),
    arguments: [node],
  };
  return item;
}

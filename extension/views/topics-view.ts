import * as vscode from "vscode";
import type { PartitionSummary, TopicSummary } from "../../runtime/api/model.ts";
import { COMMANDS, TREE_CONTEXT, VIEWS } from "../ids.ts";
import type { LabController } from "../lab/controller.ts";
import type { TopicList } from "../lab/topics.ts";
import { wording } from "../wording.ts";
import {
  partitionDescription,
  partitionLabel,
  topicDescription,
  topicLabel,
} from "./topic-text.ts";

/** An element of the tree. It keeps its identity while its summary changes, so that expansion stays. */
export class TopicNode {
  readonly kind = "topic";
  readonly partitions = new Map<number, PartitionNode>();
  summary: TopicSummary;

  constructor(summary: TopicSummary) {
    this.summary = summary;
  }
}

export class PartitionNode {
  readonly kind = "partition";
  readonly topic: TopicNode;
  summary: PartitionSummary;

  constructor(topic: TopicNode, summary: PartitionSummary) {
    this.topic = topic;
    this.summary = summary;
  }
}

export type TreeNode = TopicNode | PartitionNode;

/** Topics and their partitions, always as the lab has them. */
export class TopicsProvider implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #list: TopicList;
  readonly #changed = new vscode.EventEmitter<TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #listening: vscode.Disposable;
  #nodes = new Map<string, TopicNode>();

  constructor(list: TopicList) {
    this.#list = list;
    this.#listening = list.onDidChange(() => this.#update());
    this.#update();
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node === undefined) return [...this.#nodes.values()];
    return node.kind === "topic"
      ? node.summary.partitions.map((one) => partitionNode(node, one))
      : [];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.kind === "partition" ? node.topic : undefined;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return node.kind === "topic" ? topicItem(node) : partitionItem(node);
  }

  /** Fires for what changed only, so that a busy topic among thousands redraws one row. */
  #update(): void {
    const before = this.#nodes;
    const topics = this.#list.topics ?? [];
    this.#nodes = new Map();
    const changed: TreeNode[] = [];
    for (const topic of topics) {
      const node = before.get(topic.id) ?? new TopicNode(topic);
      this.#nodes.set(topic.id, node);
      if (isSame(node.summary, topic)) continue;
      node.summary = topic;
      changed.push(node);
    }
    const isSameSet =
      before.size === this.#nodes.size && [...this.#nodes.keys()].every((id) => before.has(id));
    if (!isSameSet) this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed);
  }
}

function partitionNode(topic: TopicNode, summary: PartitionSummary): PartitionNode {
  const node = topic.partitions.get(summary.partition) ?? new PartitionNode(topic, summary);
  topic.partitions.set(summary.partition, node);
  node.summary = summary;
  return node;
}

function isSame(a: TopicSummary, b: TopicSummary): boolean {
  if (a === b) return true;
  if (a.partitions.length !== b.partitions.length) return false;
  return a.partitions.every((one, index) => {
    const other = b.partitions[index];
    return (
      one.startOffset === other?.startOffset &&
      one.endOffset === other.endOffset &&
      one.sizeBytes === other.sizeBytes
    );
  });
}

function topicItem(node: TopicNode): vscode.TreeItem {
  const { summary } = node;
  const item = new vscode.TreeItem(summary.name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = summary.id;
  item.contextValue = TREE_CONTEXT.topic;
  item.iconPath = new vscode.ThemeIcon("layers");
  item.description = topicDescription(summary, wording);
  const label = topicLabel(summary, wording);
  item.tooltip = label;
  item.accessibilityInformation = { label };
  return item;
}

function partitionItem(node: PartitionNode): vscode.TreeItem {
  const { summary, topic } = node;
  const label = vscode.l10n.t("Partition {0}", summary.partition);
  const item = new vscode.TreeItem(label);
  item.id = `${topic.summary.id}/${summary.partition}`;
  item.contextValue = TREE_CONTEXT.partition;
  item.iconPath = new vscode.ThemeIcon("list-flat");
  item.description = partitionDescription(summary, wording);
  item.tooltip = partitionLabel(topic.summary, summary, wording);
  item.accessibilityInformation = { label: item.tooltip };
  item.command = {
    command: COMMANDS.peekMessages,
    title: vscode.l10n.t("Peek Messages"),
    arguments: [node],
  };
  return item;
}

export interface TopicsView {
  readonly provider: TopicsProvider;
  /** The elements selected in the tree. */
  readonly selection: () => readonly TreeNode[];
  readonly disposable: vscode.Disposable;
}

/** Registers the Topics view; it shows progress while the lab starts and stops. */
export function createTopicsView(controller: LabController, list: TopicList): TopicsView {
  const provider = new TopicsProvider(list);
  const view = vscode.window.createTreeView(VIEWS.topics, {
    treeDataProvider: provider,
    canSelectMany: true,
    showCollapseAll: true,
  });
  const following = controller.onDidChangeStatus((status) => {
    if (status.kind !== "starting" && status.kind !== "stopping") return;
    void vscode.window.withProgress({ location: { viewId: VIEWS.topics } }, async () => {
      await controller.settled();
    });
  });
  const selection = () => view.selection;
  return { provider, selection, disposable: vscode.Disposable.from(view, provider, following) };
}

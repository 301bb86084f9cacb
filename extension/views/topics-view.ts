import * as vscode from "vscode";
import { VIEWS } from "../ids.ts";
import type { LabController } from "../lab/controller.ts";
import type { TopicList } from "../lab/topics.ts";
import { topicTooltip, topicTreeItem } from "./topic-items.ts";
import { isSameTopic, partitionNode, TopicNode, type TreeNode } from "./topic-nodes.ts";

/** From so many topics on, drawing all of them takes the window a good part of a second. */
const MANY = 1_000;
/** Least time between two drawings of so many. */
const REDRAW_INTERVAL_MS = 2_000;

/** Topics and their partitions, always as the lab has them. */
export class TopicsProvider implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #list: TopicList;
  readonly #changed = new vscode.EventEmitter<TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #listening: vscode.Disposable;
  #nodes = new Map<string, TopicNode>();
  #redrawing: NodeJS.Timeout | undefined;
  #redrawnMs = -Infinity;

  constructor(list: TopicList) {
    this.#list = list;
    this.#listening = list.onDidChange(() => this.#update());
    this.#update();
  }

  dispose(): void {
    clearTimeout(this.#redrawing);
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
    return topicTreeItem(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    item.tooltip = topicTooltip(node);
    return item;
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
      if (isSameTopic(node.summary, topic)) continue;
      node.summary = topic;
      changed.push(node);
    }
    const isSameSet =
      before.size === this.#nodes.size && [...this.#nodes.keys()].every((id) => before.has(id));
    if (!isSameSet) this.#redraw();
    else if (changed.length > 0 && this.#redrawing === undefined) this.#changed.fire(changed);
  }

  /** Has the whole list drawn anew, at once or, where that is much work, once a while. */
  #redraw(): void {
    const waitMs =
      this.#nodes.size < MANY ? 0 : this.#redrawnMs + REDRAW_INTERVAL_MS - performance.now();
    if (waitMs > 0) {
      this.#redrawing ??= setTimeout(() => this.#redrawNow(), waitMs);
    } else {
      clearTimeout(this.#redrawing);
      this.#redrawNow();
    }
  }

  #redrawNow(): void {
    this.#redrawing = undefined;
    this.#redrawnMs = performance.now();
    this.#changed.fire(undefined);
  }
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

import * as vscode from "vscode";
import { VIEWS } from "../ids.ts";
import type { GroupList } from "../lab/groups.ts";
import { consumerItem } from "./group-items.ts";
import {
  childrenOfGroup,
  childrenOfMember,
  type ConsumerNode,
  GroupNode,
  isSameOverview,
} from "./group-nodes.ts";

/** How long a group is marked after its partitions have changed hands. */
const REBALANCED_MS = 5_000;

/** Consumer groups, their members and how far they have come, always as the lab has them. */
export class ConsumersProvider implements vscode.TreeDataProvider<ConsumerNode>, vscode.Disposable {
  readonly #list: GroupList;
  readonly #changed = new vscode.EventEmitter<ConsumerNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #listening: vscode.Disposable;
  readonly #marks = new Map<GroupNode, NodeJS.Timeout>();
  #nodes = new Map<string, GroupNode>();

  constructor(list: GroupList) {
    this.#list = list;
    this.#listening = list.onDidChange(() => this.#update());
    this.#update();
  }

  dispose(): void {
    for (const timer of this.#marks.values()) clearTimeout(timer);
    this.#listening.dispose();
    this.#changed.dispose();
  }

  async getChildren(node?: ConsumerNode): Promise<ConsumerNode[]> {
    if (node === undefined) return [...this.#nodes.values()];
    if (node.kind === "member") return childrenOfMember(node);
    if (node.kind === "progress") return [];
    const details = await this.#list.watch(node.overview.groupId);
    node.details = details;
    return details === undefined ? [] : childrenOfGroup(node, details);
  }

  getParent(node: ConsumerNode): ConsumerNode | undefined {
    if (node.kind === "group") return undefined;
    return node.kind === "member" ? node.group : node.parent;
  }

  getTreeItem(node: ConsumerNode): vscode.TreeItem {
    return consumerItem(node);
  }

  /** Fires for groups that changed only; everything below one is shown anew with it. */
  #update(): void {
    const before = this.#nodes;
    this.#nodes = new Map();
    const changed: ConsumerNode[] = [];
    for (const overview of this.#list.groups ?? []) {
      const node = before.get(overview.groupId) ?? new GroupNode(overview);
      this.#nodes.set(overview.groupId, node);
      const { overview: old } = node;
      node.overview = overview;
      if (old.epoch !== overview.epoch) this.#mark(node);
      const details = this.#list.details(overview.groupId);
      if (details === node.details && isSameOverview(old, overview)) continue;
      node.details = details;
      changed.push(node);
    }
    const isSameSet =
      before.size === this.#nodes.size && [...this.#nodes.keys()].every((id) => before.has(id));
    if (!isSameSet) this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed);
  }

  #mark(node: GroupNode): void {
    clearTimeout(this.#marks.get(node));
    node.rebalanced = true;
    const unmark = () => {
      node.rebalanced = false;
      this.#marks.delete(node);
      if (this.#nodes.get(node.overview.groupId) === node) this.#changed.fire([node]);
    };
    this.#marks.set(node, setTimeout(unmark, REBALANCED_MS));
  }
}

export interface ConsumersView {
  readonly provider: ConsumersProvider;
  /** The elements selected in the tree. */
  readonly selection: () => readonly ConsumerNode[];
  readonly disposable: vscode.Disposable;
}

/** Registers the Consumers view, which follows the lab while it can be seen. */
export function createConsumersView(list: GroupList): ConsumersView {
  const provider = new ConsumersProvider(list);
  const view = vscode.window.createTreeView(VIEWS.consumers, {
    treeDataProvider: provider,
    canSelectMany: true,
    showCollapseAll: true,
  });
  list.show(view.visible);
  const following = vscode.Disposable.from(
    view.onDidChangeVisibility(({ visible }) => list.show(visible)),
    view.onDidCollapseElement(({ element }) => {
      if (element.kind === "group") list.unwatch(element.overview.groupId);
    }),
  );
  const selection = () => view.selection;
  return { provider, selection, disposable: vscode.Disposable.from(view, provider, following) };
}

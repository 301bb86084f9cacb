import type * as vscode from "vscode";
import type { Grids } from "../editors/grids.ts";
import type { ProduceDocuments } from "../editors/produce-documents.ts";
import type { CommandId } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import type { LabController } from "../lab/controller.ts";
import type { GroupList } from "../lab/groups.ts";
import type { TopicList } from "../lab/topics.ts";
import type { RunningMoves } from "../moves/running-moves.ts";
import type { Prompts } from "../prompts.ts";
import type { ConsumerNode } from "../views/group-nodes.ts";
import type { TreeNode } from "../views/topic-nodes.ts";

/** What commands work with. */
export interface Services {
  readonly controller: LabController;
  readonly topics: TopicList;
  readonly groups: GroupList;
  readonly grids: Grids;
  readonly produce: ProduceDocuments;
  readonly moves: RunningMoves;
  readonly prompts: Prompts;
  /** The elements selected in the Topics view: what a key pressed in it is about. */
  readonly selection: () => readonly TreeNode[];
  /** Those selected in the Consumers view. */
  readonly groupSelection: () => readonly ConsumerNode[];
  readonly log: vscode.LogOutputChannel;
}

/** A command takes what VS Code hands it, whose form it has to check itself. */
export type Command = (...args: readonly unknown[]) => unknown;
export type CommandTable = Partial<Readonly<Record<CommandId, Command>>>;

/**
 * What a command on several things is called on: the tree's selection when a key was pressed in it,
 * what VS Code hands over with a menu else. Undefined for a key pressed on none of them.
 */
export function calledOn<T>(
  arg: unknown,
  passed: unknown,
  selection: () => readonly unknown[],
  read: (arg: unknown, selection: unknown) => readonly T[],
): readonly T[] | undefined {
  const isKey = typeof arg === "object" && arg !== null && "selection" in arg;
  const called = read(arg, isKey ? selection() : passed);
  return isKey && called.length === 0 ? undefined : called;
}

/** A command that runs only with a running lab, and gets it. */
export function withLab(
  { controller, prompts }: Services,
  notRunning: string,
  run: (lab: RunningLab, ...args: readonly unknown[]) => unknown,
): Command {
  return (...args) => {
    if (controller.status.kind === "running") return run(controller.status.lab, ...args);
    prompts.notify({ level: "warning", message: notRunning, actions: [] });
    return undefined;
  };
}

import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import type { GroupOverview } from "../../runtime/api/group-admin.ts";
import type { GroupDetails } from "../../runtime/api/model.ts";
import { CONTEXT_KEYS } from "../ids.ts";
import { ChangeReader } from "./change-reader.ts";
import type { RunningLab } from "./client.ts";
import type { LabController } from "./controller.ts";
import { compareNames, mergeNamed } from "./sorted-names.ts";
import type { LabStatus } from "./status.ts";

/** Least time between two readings of lags that have only changed because topics grew. */
const LAG_INTERVAL_MS = 1_000;

/**
 * The consumer groups of the running lab in order of their ids, and the details of those that are
 * watched. It follows the lab while somebody looks at it; otherwise it is read when it is asked for.
 */
export class GroupList implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #following: vscode.Disposable;
  readonly #reader = new ChangeReader((names) => this.#read(names));
  readonly #watched = new Map<string, GroupDetails | undefined>();
  #lab: RunningLab | undefined;
  #groups: readonly GroupOverview[] | undefined;
  #isVisible = false;
  #isStale = false;
  #lagTimer: NodeJS.Timeout | undefined;

  constructor(controller: LabController, log: vscode.LogOutputChannel) {
    this.#log = log;
    this.#following = controller.onDidChangeStatus((status) => this.#follow(status));
    this.#follow(controller.status);
  }

  /** Undefined until the first list has arrived and while no lab runs. */
  get groups(): readonly GroupOverview[] | undefined {
    return this.#groups;
  }

  find(groupId: string): GroupOverview | undefined {
    return this.#groups?.find((group) => group.groupId === groupId);
  }

  /** What was last read of a watched group; another object only when something in it has changed. */
  details(groupId: string): GroupDetails | undefined {
    return this.#watched.get(groupId);
  }

  /** Keeps the details of a group up to date from now on, and resolves with them; undefined when it is gone. */
  async watch(groupId: string): Promise<GroupDetails | undefined> {
    const known = this.#watched.get(groupId);
    if (known !== undefined) return known;
    try {
      const details = this.#lab && (await describeGroup(this.#lab, groupId));
      this.#watched.set(groupId, details);
      return details;
    } catch (error) {
      this.#log.warn(`groups: ${String(error)}`);
      return undefined;
    }
  }

  unwatch(groupId: string): void {
    this.#watched.delete(groupId);
  }

  /** Reads everything anew and resolves when it is as the lab has it now. */
  refresh(): Promise<void> {
    this.#isStale = false;
    return this.#reader.changed(undefined);
  }

  /** Follows the lab from now on, or lets it be. */
  show(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (isVisible && this.#isStale) void this.refresh();
  }

  dispose(): void {
    clearTimeout(this.#lagTimer);
    this.#following.dispose();
    this.#changed.dispose();
    this.#lab = undefined;
  }

  #follow(status: LabStatus): void {
    const lab = status.kind === "running" ? status.lab : undefined;
    if (lab === this.#lab) return;
    this.#lab = lab;
    clearTimeout(this.#lagTimer);
    this.#lagTimer = undefined;
    this.#watched.clear();
    this.#set(undefined);
    lab?.on("groups/changed", ({ names }) => this.#hear(names));
    lab?.on("topics/changed", () => this.#hearOfTopics());
    if (lab !== undefined) void this.refresh();
  }

  #hear(names: readonly string[] | undefined): void {
    if (this.#isVisible) void this.#reader.changed(names);
    else this.#isStale = true;
  }

  /** Lags grow as topics do. They are read again in a while, and only for those who look. */
  #hearOfTopics(): void {
    if (!this.#isVisible) this.#isStale = true;
    else if (this.#groups?.length !== 0) {
      this.#lagTimer ??= setTimeout(() => {
        this.#lagTimer = undefined;
        this.#hear(undefined);
      }, LAG_INTERVAL_MS);
    }
  }

  async #read(names: readonly string[] | undefined): Promise<void> {
    const lab = this.#lab;
    const known = this.#groups;
    if (lab === undefined) return;
    try {
      const isAll = names === undefined || known === undefined;
      const { groups } = await lab.request("groups/list", { names: isAll ? undefined : names });
      const watched = [...this.#watched.keys()].filter((id) => isAll || names.includes(id));
      const details = await Promise.all(watched.map((id) => describeGroup(lab, id)));
      if (lab !== this.#lab) return;
      for (const [at, id] of watched.entries()) this.#take(id, details[at]);
      const idOf = ({ groupId }: GroupOverview) => groupId;
      this.#set(
        isAll
          ? groups.toSorted((a, b) => compareNames(idOf(a), idOf(b)))
          : mergeNamed(known, names, groups, idOf),
      );
    } catch (error) {
      // A lab that went away is the controller's business; anything else is worth a line.
      if (lab === this.#lab) this.#log.warn(`groups: ${String(error)}`);
    }
  }

  /** Takes what was read of a group, unless it has been let go meanwhile. */
  #take(groupId: string, now: GroupDetails | undefined): void {
    if (!this.#watched.has(groupId)) return;
    const old = this.#watched.get(groupId);
    if (now === undefined) this.#watched.delete(groupId);
    else if (JSON.stringify(old) !== JSON.stringify(now)) this.#watched.set(groupId, now);
  }

  #set(groups: readonly GroupOverview[] | undefined): void {
    this.#groups = groups;
    const isLoaded = groups !== undefined;
    void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.groupsLoaded, isLoaded);
    this.#changed.fire();
  }
}

/** A group as the lab has it now; undefined when there is none. Rejects with a LabError. */
export async function describeGroup(
  lab: RunningLab,
  groupId: string,
): Promise<GroupDetails | undefined> {
  try {
    return await lab.request("groups/describe", { groupId });
  } catch (error) {
    if (error instanceof LabError && error.code === "unknown-group") return undefined;
    throw error;
  }
}

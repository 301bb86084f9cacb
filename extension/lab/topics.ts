import * as vscode from "vscode";
import type { TopicSummary } from "../../runtime/api/model.ts";
import { CONTEXT_KEYS } from "../ids.ts";
import { ChangeReader } from "./change-reader.ts";
import type { RunningLab } from "./client.ts";
import type { LabController } from "./controller.ts";
import { compareNames, mergeNamed } from "./sorted-names.ts";
import type { LabStatus } from "./status.ts";

/**
 * The topics of the running lab in order of their names. What the lab says has changed is read again,
 * and only that. Undefined until the first list has arrived and while no lab runs.
 */
export class TopicList implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #following: vscode.Disposable;
  readonly #reader = new ChangeReader((names) => this.#read(names));
  #lab: RunningLab | undefined;
  #all: readonly TopicSummary[] | undefined;
  #topics: readonly TopicSummary[] | undefined;
  #showsInternal = false;

  constructor(controller: LabController, log: vscode.LogOutputChannel) {
    this.#log = log;
    this.#following = controller.onDidChangeStatus((status) => this.#follow(status));
    this.#follow(controller.status);
  }

  /** Without the broker's own, unless they are to be shown. */
  get topics(): readonly TopicSummary[] | undefined {
    return this.#topics;
  }

  /** Any topic, the broker's own too. */
  find(name: string): TopicSummary | undefined {
    return this.#all?.find((topic) => topic.name === name);
  }

  get showsInternal(): boolean {
    return this.#showsInternal;
  }

  /** Shows the broker's own topics among the others, or leaves them out. */
  showInternal(shows: boolean): void {
    if (this.#showsInternal === shows) return;
    this.#showsInternal = shows;
    this.#set(this.#all);
  }

  /** Reads the whole list anew and resolves when it is as the lab has it now. */
  refresh(): Promise<void> {
    return this.#reader.changed(undefined);
  }

  dispose(): void {
    this.#following.dispose();
    this.#changed.dispose();
    this.#lab = undefined;
  }

  #follow(status: LabStatus): void {
    const lab = status.kind === "running" ? status.lab : undefined;
    if (lab === this.#lab) return;
    this.#lab = lab;
    this.#set(undefined);
    lab?.on("topics/changed", ({ names }) => void this.#reader.changed(names));
    if (lab !== undefined) void this.refresh();
  }

  async #read(names: readonly string[] | undefined): Promise<void> {
    const lab = this.#lab;
    const known = this.#all;
    if (lab === undefined) return;
    try {
      const topics =
        names === undefined || known === undefined
          ? await readAll(lab)
          : mergeNamed(known, names, await readSome(lab, names), ({ name }) => name);
      if (lab === this.#lab) this.#set(topics);
    } catch (error) {
      // A lab that went away is the controller's business; anything else is worth a line.
      if (lab === this.#lab) this.#log.warn(`topics: ${String(error)}`);
    }
  }

  #set(topics: readonly TopicSummary[] | undefined): void {
    this.#all = topics;
    this.#topics = this.#showsInternal ? topics : topics?.filter(({ internal }) => !internal);
    const isLoaded = topics !== undefined;
    void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.topicsLoaded, isLoaded);
    this.#changed.fire();
  }
}

async function readAll(lab: RunningLab): Promise<readonly TopicSummary[]> {
  const { topics } = await lab.request("topics/list", { includeInternal: true });
  return topics.toSorted((a, b) => compareNames(a.name, b.name));
}

async function readSome(
  lab: RunningLab,
  names: readonly string[],
): Promise<readonly TopicSummary[]> {
  return (await lab.request("topics/describe", { names })).topics;
}

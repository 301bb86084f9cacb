import * as vscode from "vscode";
import type { TopicSummary } from "../../runtime/api/model.ts";
import { CONTEXT_KEYS } from "../ids.ts";
import type { RunningLab } from "./client.ts";
import type { LabController } from "./controller.ts";
import type { LabStatus } from "./status.ts";

/** Numbers inside of names sort as numbers: orders-2 before orders-10. */
const byName = new Intl.Collator("en", { numeric: true });

/**
 * The topics of the running lab, read again whenever the lab says that they changed. Undefined until
 * the first list has arrived and while no lab runs. At most one read is under way at a time.
 */
export class TopicList implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #following: vscode.Disposable;
  #lab: RunningLab | undefined;
  #topics: readonly TopicSummary[] | undefined;
  #reading: Promise<void> | undefined;
  #isStale = false;

  constructor(controller: LabController, log: vscode.LogOutputChannel) {
    this.#log = log;
    this.#following = controller.onDidChangeStatus((status) => this.#follow(status));
    this.#follow(controller.status);
  }

  get topics(): readonly TopicSummary[] | undefined {
    return this.#topics;
  }

  find(name: string): TopicSummary | undefined {
    return this.#topics?.find((topic) => topic.name === name);
  }

  /** Reads the list anew and resolves when it is as the lab has it now. */
  refresh(): Promise<void> {
    this.#isStale = true;
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
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
    lab?.on("topics/changed", () => void this.refresh());
    if (lab !== undefined) void this.refresh();
  }

  async #read(): Promise<void> {
    while (this.#isStale && this.#lab !== undefined) {
      this.#isStale = false;
      const lab = this.#lab;
      try {
        const { topics } = await lab.request("topics/list", { includeInternal: false });
        if (lab === this.#lab) this.#set(topics.toSorted((a, b) => byName.compare(a.name, b.name)));
      } catch (error) {
        // A lab that went away is the controller's business; anything else is worth a line.
        if (lab === this.#lab) this.#log.warn(`topics/list: ${String(error)}`);
      }
    }
  }

  #set(topics: readonly TopicSummary[] | undefined): void {
    this.#topics = topics;
    void vscode.commands.executeCommand(
      "setContext",
      CONTEXT_KEYS.topicsLoaded,
      topics !== undefined,
    );
    this.#changed.fire();
  }
}

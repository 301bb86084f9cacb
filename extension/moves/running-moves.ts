import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { Move, MoveAction, MoveProgress, MoveReport } from "../../runtime/api/moves.ts";
import { COMMANDS, CONTEXT_KEYS, VIEWS } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import { wording } from "../wording.ts";
import { progressText } from "./move-text.ts";

/** Between looks at how far a move has come. */
const LOOK_MS = 250;

/** A move that this window has started and that has not ended. */
export interface RunningMove {
  readonly title: string;
  /** Undefined until it was asked for the first time. */
  readonly progress: MoveProgress | undefined;
  act(action: MoveAction): Promise<void>;
}

/** The moves of this window: progress in the Topics view, and what they are about in the status bar. */
export class RunningMoves implements vscode.Disposable {
  readonly #moves = new Set<ActiveMove>();
  readonly #item = vscode.window.createStatusBarItem(
    "streamside.moves",
    vscode.StatusBarAlignment.Left,
  );
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#item.name = vscode.l10n.t("Streamside Moves");
    this.#item.command = COMMANDS.showMoves;
  }

  get running(): readonly RunningMove[] {
    return [...this.#moves];
  }

  /** Runs a move to its end. Rejects with a LabError when it fails. */
  async run(lab: RunningLab, title: string, move: Move, dryRun = false): Promise<MoveReport> {
    const active = new ActiveMove(lab, title, () => this.#update());
    this.#moves.add(active);
    this.#update();
    const location = { viewId: VIEWS.topics };
    try {
      return await vscode.window.withProgress({ location }, () => active.run(move, dryRun));
    } finally {
      this.#moves.delete(active);
      this.#update();
    }
  }

  dispose(): void {
    this.#item.dispose();
    this.#changed.dispose();
  }

  #update(): void {
    const [first, ...others] = this.#moves;
    const isMoving = first !== undefined;
    void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.moving, isMoving);
    this.#changed.fire();
    if (first?.progress === undefined) {
      this.#item.hide();
      return;
    }
    const icon = first.progress.state === "paused" ? "debug-pause" : "sync~spin";
    const more = others.length === 0 ? "" : vscode.l10n.t(" and {0} more", others.length);
    const text = progressText(first.title, first.progress, wording);
    this.#item.text = `$(${icon}) ${text}${more}`;
    this.#item.tooltip = vscode.l10n.t("Pause, step or stop");
    this.#item.accessibilityInformation = { label: text };
    this.#item.show();
  }
}

class ActiveMove implements RunningMove {
  readonly title: string;
  readonly #lab: RunningLab;
  readonly #id = randomUUID();
  readonly #changed: () => void;
  #progress: MoveProgress | undefined;
  #isOver = false;

  constructor(lab: RunningLab, title: string, changed: () => void) {
    this.#lab = lab;
    this.title = title;
    this.#changed = changed;
  }

  get progress(): MoveProgress | undefined {
    return this.#progress;
  }

  async run(move: Move, dryRun: boolean): Promise<MoveReport> {
    // With a signal a request has no time limit; a move is stopped by `act`, so that it ends in order.
    const { signal } = new AbortController();
    void this.#watch();
    try {
      return await this.#lab.request("moves/run", { id: this.#id, move, dryRun }, signal);
    } finally {
      this.#isOver = true;
    }
  }

  async act(action: MoveAction): Promise<void> {
    await this.#look(() => this.#lab.request("moves/control", { id: this.#id, action }));
    // What was asked for has been done by now.
    await this.#look(() => this.#lab.request("moves/progress", { id: this.#id }));
  }

  async #watch(): Promise<void> {
    for (;;) {
      await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));
      if (this.#isOver) return;
      await this.#look(() => this.#lab.request("moves/progress", { id: this.#id }));
    }
  }

  /** A move that has just ended has no progress any more, and cannot be told anything. */
  async #look(ask: () => Promise<MoveProgress>): Promise<void> {
    const progress = await ask().catch(() => undefined);
    if (progress === undefined || this.#isOver) return;
    this.#progress = progress;
    this.#changed();
  }
}

import * as vscode from "vscode";
import { labSettings, type LabSettings } from "../settings.ts";
import { attach, type RunningLab } from "./client.ts";
import { processGone, spawnLab } from "./process.ts";
import type { LabStatus } from "./status.ts";
import { step, type Effect, type Happening, type State } from "./supervisor.ts";

/** How long an ordered end may take before the process is ended by force. */
const STOP_TIMEOUT_MS = 10_000;

/** What the controller tells a person; everything else is in the status. */
export interface LabReports {
  didNotStart(message: string): void;
  restarting(message: string): void;
  gaveUp(message: string): void;
  /** A lab was spawned and listens on another port than the wanted one. */
  otherPort(wanted: number, bootstrap: string): void;
}

/**
 * Carries out what the supervisor decides: owns the connection to the lab of this window, and is the
 * only place that changes the lab's status.
 */
export class LabController implements vscode.Disposable {
  readonly #program: string;
  readonly #log: vscode.LogOutputChannel;
  readonly #reports: LabReports;
  readonly #changed = new vscode.EventEmitter<LabStatus>();
  readonly onDidChangeStatus = this.#changed.event;
  #state: State = { kind: "stopped" };
  #status: LabStatus = { kind: "stopped" };
  #lab: RunningLab | undefined;
  #opening: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(program: string, log: vscode.LogOutputChannel, reports: LabReports) {
    this.#program = program;
    this.#log = log;
    this.#reports = reports;
  }

  get status(): LabStatus {
    return this.#status;
  }

  /** Starts the lab, or attaches to the one that runs, and resolves when that has succeeded or failed. */
  start(): Promise<LabStatus> {
    this.#happen({ kind: "start" });
    return this.settled();
  }

  /** Attaches to the lab of this workspace if one runs; the status changes when that has succeeded. */
  notice(): void {
    this.#happen({ kind: "noticed" });
  }

  /** Ends the lab and resolves when its process has gone. */
  stop(): Promise<LabStatus> {
    this.#happen({ kind: "stop" });
    return this.settled();
  }

  restart(): Promise<LabStatus> {
    this.#happen({ kind: "restart" });
    return this.settled();
  }

  /** Lets go of the lab without ending it: it ends itself when no other window holds it. */
  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#opening?.abort();
    this.#lab?.close();
    this.#changed.dispose();
  }

  /** Resolves with the first status that is not on its way to another one. */
  settled(): Promise<LabStatus> {
    const isSettled = (status: LabStatus) =>
      status.kind !== "starting" && status.kind !== "stopping";
    if (isSettled(this.#status)) return Promise.resolve(this.#status);
    return new Promise((resolve) => {
      const listening = this.onDidChangeStatus((status) => {
        if (!isSettled(status)) return;
        listening.dispose();
        resolve(status);
      });
    });
  }

  #happen(happening: Happening): void {
    if (this.#disposed) return;
    const { state, effects } = step(this.#state, happening, Date.now());
    this.#state = state;
    this.#publish();
    for (const effect of effects) this.#carryOut(effect);
  }

  #publish(): void {
    const status = this.#statusOf(this.#state);
    if (sameStatus(status, this.#status)) return;
    this.#status = status;
    this.#log.debug(`lab ${status.kind}`);
    this.#changed.fire(status);
  }

  #statusOf(state: State): LabStatus {
    switch (state.kind) {
      case "running":
        return this.#lab === undefined ? { kind: "stopped" } : { kind: "running", lab: this.#lab };
      case "opening":
        // Looking for a living lab is silent: without one nothing has happened.
        if (!state.spawn) return { kind: "stopped" };
        return { kind: "starting", afterCrash: state.crashesMs.length > 0 };
      case "waiting":
        return { kind: "starting", afterCrash: true };
      case "stopped":
      case "stopping":
        return { kind: state.kind };
      case "failed":
        return { kind: "failed", message: state.message };
      default:
        return state satisfies never;
    }
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case "open":
        void this.#open(effect.spawn).then((happening) => this.#happen(happening));
        return;
      case "close":
        void this.#close().then(() => this.#happen({ kind: "ended" }));
        return;
      case "abandon":
        this.#opening?.abort();
        return;
      case "wait":
        this.#timer = setTimeout(() => this.#happen({ kind: "timer" }), effect.delayMs);
        return;
      case "cancel-wait":
        clearTimeout(this.#timer);
        return;
      case "say":
        this.#say(effect);
        return;
      default:
        effect satisfies never;
    }
  }

  #say(effect: Effect & { readonly kind: "say" }): void {
    this.#log.error(effect.message);
    if (effect.what === "did-not-start") this.#reports.didNotStart(effect.message);
    else if (effect.what === "restarting") this.#reports.restarting(effect.message);
    else this.#reports.gaveUp(effect.message);
  }

  /** One attempt to come to a connection. Never throws: every outcome is a happening. */
  async #open(spawn: boolean): Promise<Happening> {
    const opening = new AbortController();
    this.#opening = opening;
    try {
      const settings = labSettings();
      if (settings === undefined && !spawn) return { kind: "absent" };
      if (settings === undefined) throw new Error(vscode.l10n.t("No workspace folder is open."));
      const lab =
        (await attach(settings.dataFolder, opening.signal)) ??
        (spawn ? await this.#spawn(settings, opening.signal) : undefined);
      if (lab === undefined) return { kind: "absent" };
      if (this.#disposed || opening.signal.aborted) {
        lab.close();
        return { kind: "ended" };
      }
      this.#adopt(lab);
      return { kind: "opened" };
    } catch (error) {
      if (opening.signal.aborted) return { kind: "ended" };
      return {
        kind: "open-failed",
        message: error instanceof Error ? error.message : String(error),
      };
    }
  }

  async #spawn(settings: LabSettings, signal: AbortSignal): Promise<RunningLab> {
    const { dataFolder, port } = settings;
    let failure: unknown;
    try {
      await spawnLab({ program: this.#program, dataFolder, port }, signal);
    } catch (error) {
      failure = error;
    }
    // Another window may have been faster, and then its lab is the one to attach to.
    const lab = await attach(dataFolder, signal);
    if (lab === undefined) throw failure ?? new Error("the lab is ready but cannot be reached");
    const spawned = failure === undefined;
    if (spawned && port !== 0 && !lab.info.bootstrap.endsWith(`:${port}`)) {
      this.#reports.otherPort(port, lab.info.bootstrap);
    }
    return lab;
  }

  #adopt(lab: RunningLab): void {
    this.#lab = lab;
    this.#log.info(
      `attached to lab ${lab.info.version}, pid ${lab.info.pid}, ${lab.info.bootstrap}`,
    );
    let ending: string | undefined;
    lab.on("lab/stopping", ({ reason }) => (ending = reason));
    lab.on("lab/log", ({ level, source, message }) => this.#log[level](`${source}: ${message}`));
    lab.onClosed(() => {
      if (this.#lab !== lab) return;
      this.#lab = undefined;
      if (ending !== undefined) this.#log.info(`the lab ended: ${ending}`);
      this.#happen(
        ending === undefined
          ? {
              kind: "lost",
              message: vscode.l10n.t("the lab (process {0}) ended unexpectedly", lab.info.pid),
            }
          : { kind: "ended" },
      );
    });
  }

  /** Ends the lab in order; by force if it does not. */
  async #close(): Promise<void> {
    const lab = this.#lab;
    if (lab === undefined) return;
    this.#lab = undefined;
    const { pid } = lab.info;
    await lab.request("lab/stop", {}).catch((error: unknown) => this.#log.warn(String(error)));
    if (!(await processGone(pid, STOP_TIMEOUT_MS))) {
      this.#log.warn(
        `the lab did not end in ${STOP_TIMEOUT_MS} ms; ending process ${pid} by force`,
      );
      process.kill(pid, "SIGKILL");
      await processGone(pid, STOP_TIMEOUT_MS);
    }
    lab.close();
  }
}

function sameStatus(a: LabStatus, b: LabStatus): boolean {
  if (a.kind === "running" && b.kind === "running") return a.lab === b.lab;
  if (a.kind === "failed" && b.kind === "failed") return a.message === b.message;
  if (a.kind === "starting" && b.kind === "starting") return a.afterCrash === b.afterCrash;
  return a.kind === b.kind;
}

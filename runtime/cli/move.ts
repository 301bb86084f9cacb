import { randomUUID } from "node:crypto";
import type { Move, MoveReport } from "../api/moves.ts";
import { systemClock } from "../core/clock.ts";
import { LabConnection } from "./client.ts";
import type { MoveCommand } from "./move-arguments.ts";
import {
  describeMove,
  describePreview,
  progressLine,
  reportJson,
  targetTable,
} from "./move-text.ts";
import type { Output } from "./output.ts";
import type { Progress } from "./progress.ts";
import type { Signals } from "./serve.ts";
import { CommandError, UsageError } from "./usage.ts";

const PROGRESS_INTERVAL_MS = 500;

/** The terminal that a move is started from. */
export interface MoveTerminal {
  readonly remark: (text: string) => void;
  readonly progress: Progress;
  readonly signals: Signals;
  /** Asks a person, and gives what was answered; undefined where there is nobody to ask. */
  readonly ask: (question: string) => Promise<string | undefined>;
}

/** Moves messages to the end, or until Ctrl+C, which stops the move in order. */
export async function runMove(
  { dataFolder, move, dryRun, json, asks, detach }: MoveCommand,
  output: Output,
  terminal: MoveTerminal,
): Promise<void> {
  const lab = await LabConnection.open(dataFolder);
  try {
    if (asks && !dryRun && !(await isWanted(lab, move, terminal))) {
      throw new CommandError("nothing was moved.");
    }
    if (detach) {
      await output.line(await leave(lab, move));
      return;
    }
    const report = await run(lab, move, dryRun, terminal);
    const rows = move.kind === "redrive" && !json ? targetTable(report) : [];
    for (const row of rows) await output.line(row);
    await output.line(json ? reportJson(report) : describeMove(move, report, dryRun));
    for (const { warning } of report.targets) {
      if (warning !== undefined) terminal.remark(warning);
    }
    if (dryRun && report.outcome === "done") terminal.remark("nothing was moved (--dry-run).");
    if (report.outcome === "stopped") throw new CommandError(`the ${move.kind} was stopped.`);
  } finally {
    lab.close();
  }
}

/** Begins a move that goes on in the lab, and gives its id. */
async function leave(lab: LabConnection, move: Move): Promise<string> {
  const id = randomUUID();
  const ended = lab.wait("moves/run", { id, move, dryRun: false, keep: true });
  // The lab answers in order: when it knows of the move, or the move is over, it has taken it.
  const known = lab.ask("moves/progress", { id }).catch(() => ended);
  await Promise.race([ended, known]);
  ended.catch(() => undefined);
  return id;
}

/** Says what would be moved, and asks whether it is to be. */
async function isWanted(lab: LabConnection, move: Move, terminal: MoveTerminal): Promise<boolean> {
  const preview = await run(lab, move, true, terminal);
  if (preview.outcome === "stopped") return false;
  for (const line of describePreview(move, preview, lab.info.bootstrap)) terminal.remark(line);
  const answer = await terminal.ask(`${move.kind}? [y/N] `);
  if (answer !== undefined) return /^y(es)?$/i.test(answer.trim());
  throw new UsageError(`${move.kind}: there is nobody to ask; say --yes, or --dry-run for a look.`);
}

async function run(
  lab: LabConnection,
  move: Move,
  dryRun: boolean,
  { progress, signals }: MoveTerminal,
): Promise<MoveReport> {
  const id = randomUUID();
  const stop = () => {
    // A move that has just ended cannot be stopped any more.
    lab.ask("moves/control", { id, action: "stop" }).catch(() => undefined);
  };
  signals.once("SIGINT", stop);
  let isOver = false;
  void showProgress(lab, id, progress, () => isOver);
  try {
    return await lab.wait("moves/run", { id, move, dryRun });
  } finally {
    isOver = true;
    progress(undefined);
    signals.off("SIGINT", stop);
  }
}

async function showProgress(
  lab: LabConnection,
  id: string,
  show: Progress,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    await new Promise<void>((resolve) => systemClock.after(PROGRESS_INTERVAL_MS, resolve));
    if (isOver()) return;
    const progress = await lab.ask("moves/progress", { id }).catch(() => undefined);
    if (progress === undefined || isOver()) return;
    show(progressLine(progress));
  }
}

import { randomUUID } from "node:crypto";
import type { Move, MoveProgress, MoveReport } from "../api/moves.ts";
import { systemClock } from "../core/clock.ts";
import { LabConnection } from "./client.ts";
import type { MoveCommand } from "./move-arguments.ts";
import type { Output } from "./output.ts";
import type { Progress } from "./progress.ts";
import type { Signals } from "./serve.ts";
import { CommandError } from "./usage.ts";

const PROGRESS_INTERVAL_MS = 500;

/** The terminal that a move is started from. */
export interface MoveTerminal {
  readonly remark: (text: string) => void;
  readonly progress: Progress;
  readonly signals: Signals;
}

/** Moves messages to the end, or until Ctrl+C, which stops the move in order. */
export async function runMove(
  { dataFolder, move, dryRun, json }: MoveCommand,
  output: Output,
  terminal: MoveTerminal,
): Promise<void> {
  const lab = await LabConnection.open(dataFolder);
  try {
    const report = await run(lab, move, dryRun, terminal);
    await output.line(json ? reportJson(report) : describe(move, report, dryRun));
    if (dryRun && report.outcome === "done") terminal.remark("nothing was moved (--dry-run).");
    if (report.outcome === "stopped") throw new CommandError(`the ${move.kind} was stopped.`);
  } finally {
    lab.close();
  }
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

function progressLine({ phase, messages, part }: MoveProgress): string {
  const verb = phase === "check" ? "checked" : "moved";
  return `${messages} messages ${verb}, ${Math.floor(part * 100)} %`;
}

/** Bytes of the first message are left out: they are for people, and `peek` gives them exactly. */
function reportJson({ first, ...report }: MoveReport): string {
  const place = first && {
    ...{ partition: first.partition, offset: first.offset, timestampMs: first.timestampMs },
  };
  return JSON.stringify({ ...report, first: place });
}

function describe(move: Move, report: MoveReport, dryRun: boolean): string {
  const { moved, skipped, sizeBytes } = report;
  const would = dryRun ? "would be " : "";
  const messages = moved === 1 ? "1 message" : `${moved} messages`;
  switch (move.kind) {
    case "export": {
      const size = dryRun ? "" : `, ${sizeBytes} bytes`;
      const rest = skipped === 0 ? "" : `; ${skipped} without a value left out`;
      return `${messages} of ${move.source.topic} ${would}written to ${move.path}${size}${rest}`;
    }
    case "import": {
      const made = report.targets.some(({ exists }) => !exists) ? " (a new topic)" : "";
      const rest = skipped === 0 ? "" : `; the first ${skipped} left out`;
      return `${messages} ${would}placed in ${move.topic}${made}${rest}`;
    }
  }
}

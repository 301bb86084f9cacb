import { randomUUID } from "node:crypto";
import type { Move, MoveReport } from "../api/moves.ts";
import { LabConnection } from "./client.ts";
import { untilDone, type Waiting } from "./long-request.ts";
import type { MoveCommand } from "./move-arguments.ts";
import {
  describeMove,
  describePreview,
  progressLine,
  reportJson,
  targetTable,
} from "./move-text.ts";
import type { Output } from "./output.ts";
import { CommandError, UsageError } from "./usage.ts";

/** The terminal that a move is started from. */
export interface MoveTerminal extends Waiting {
  readonly remark: (text: string) => void;
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

function run(
  lab: LabConnection,
  move: Move,
  dryRun: boolean,
  terminal: MoveTerminal,
): Promise<MoveReport> {
  const id = randomUUID();
  return untilDone(
    {
      run: () => lab.wait("moves/run", { id, move, dryRun }),
      stop: () => lab.ask("moves/control", { id, action: "stop" }),
      progress: async () => progressLine(await lab.ask("moves/progress", { id })),
    },
    terminal,
  );
}

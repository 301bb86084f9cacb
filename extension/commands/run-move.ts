import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import type { Move, MoveReport } from "../../runtime/api/moves.ts";
import type { RunningLab } from "../lab/client.ts";
import type { Services } from "./services.ts";

/** Runs a move, or a look at what it would do; says why it failed, and then gives nothing. */
export async function runMove(
  { moves, prompts, topics }: Services,
  lab: RunningLab,
  title: string,
  move: Move,
  dryRun = false,
): Promise<MoveReport | undefined> {
  try {
    return await moves.run(lab, title, move, dryRun);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    prompts.notify({ level: "error", message: error.message, actions: [] });
    return undefined;
  } finally {
    if (!dryRun) await topics.refresh();
  }
}

/** How long it is said that a move was done. */
const SAID_MS = 5_000;

export function sayDone(text: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${text}`, SAID_MS);
}

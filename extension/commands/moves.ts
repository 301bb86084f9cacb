import * as vscode from "vscode";
import type { MoveAction } from "../../runtime/api/moves.ts";
import { COMMANDS } from "../ids.ts";
import { progressText } from "../moves/move-text.ts";
import type { RunningMove } from "../moves/running-moves.ts";
import { wording } from "../wording.ts";
import { copyTopic } from "./copy-topic.ts";
import { exportMessages } from "./export-messages.ts";
import { importMessages } from "./import-messages.ts";
import { redriveDeadLetters } from "./redrive.ts";
import { replayMessages } from "./replay-messages.ts";
import { type CommandTable, type Services, withLab } from "./services.ts";

/** Commands that move messages from here to there. */
export function moveCommands(services: Services): CommandTable {
  const notRunning = vscode.l10n.t("Start the lab first: messages live in it.");
  const inLab = (run: typeof exportMessages) =>
    withLab(services, notRunning, (lab, arg) => run(services, lab, arg));
  return {
    [COMMANDS.exportMessages]: inLab(exportMessages),
    [COMMANDS.importMessages]: inLab(importMessages),
    [COMMANDS.replayMessages]: inLab(replayMessages),
    [COMMANDS.copyTopic]: inLab(copyTopic),
    [COMMANDS.redriveDeadLetters]: inLab(redriveDeadLetters),
    [COMMANDS.showMoves]: () => showMoves(services),
  };
}

interface ActionItem extends vscode.QuickPickItem {
  readonly move: RunningMove;
  readonly action: MoveAction;
}

/** What can be done with the moves that run; after a step the list is there again. */
async function showMoves({ moves, prompts }: Services): Promise<void> {
  for (;;) {
    const { running } = moves;
    const [first, ...others] = running;
    if (first === undefined) return;
    const isOne = others.length === 0;
    const items = running.flatMap((move) => actionItems(move, isOne ? undefined : move.title));
    const placeHolder = isOne ? stateOf(first) : vscode.l10n.t("{0} moves", running.length);
    const picked = await prompts.pick(items, {
      title: vscode.l10n.t("Running Moves"),
      placeHolder,
    });
    await picked?.move.act(picked.action);
    if (picked?.action !== "step") return;
  }
}

function stateOf({ title, progress }: RunningMove): string {
  return progress === undefined ? title : progressText(title, progress, wording);
}

function actionItems(move: RunningMove, description: string | undefined): readonly ActionItem[] {
  const t = vscode.l10n.t;
  const item = (action: MoveAction, icon: string, label: string): ActionItem => ({
    ...{ label: `$(${icon}) ${label}`, move, action },
    ...(description !== undefined && { description }),
  });
  const stop = item("stop", "debug-stop", t("Stop"));
  return move.progress?.state === "paused"
    ? [
        item("step", "debug-step-over", t("One Message Further")),
        item("resume", "debug-continue", t("Continue")),
        stop,
      ]
    : [item("pause", "debug-pause", t("Pause")), stop];
}

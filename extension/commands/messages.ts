import * as vscode from "vscode";
import { reopenAs } from "../editors/message-documents.ts";
import { COMMANDS } from "../ids.ts";
import { type CommandTable, type Services, withLab } from "./services.ts";
import { askTarget, targetOf } from "./targets.ts";

/** Commands that look at messages. */
export function messageCommands(services: Services): CommandTable {
  const notRunning = vscode.l10n.t("Start the lab first: messages live in it.");
  return {
    [COMMANDS.peekMessages]: withLab(services, notRunning, async (_lab, arg) => {
      const target = targetOf(arg) ?? (await askTarget(services, vscode.l10n.t("Peek Messages")));
      if (target !== undefined) services.grids.peek(target);
    }),
    [COMMANDS.tailMessages]: withLab(services, notRunning, async (_lab, arg) => {
      const target = targetOf(arg) ?? (await askTarget(services, vscode.l10n.t("Tail Messages")));
      if (target !== undefined) services.grids.tail(target);
    }),
    [COMMANDS.showValue]: () => reopenAs("value"),
    [COMMANDS.showHex]: () => reopenAs("hex"),
  };
}

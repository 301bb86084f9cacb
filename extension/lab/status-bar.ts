import * as vscode from "vscode";
import { COMMANDS, CONTEXT_KEYS } from "../ids.ts";
import type { LabController } from "./controller.ts";
import { portOf, type LabStatus } from "./status.ts";

/** Shows the lab's status in the status bar, and keeps the context key that menus and welcome views use. */
export function showLabStatus(controller: LabController): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    "streamside.lab",
    vscode.StatusBarAlignment.Left,
    5,
  );
  item.name = vscode.l10n.t("Streamside Lab");
  item.command = COMMANDS.showLabActions;
  const show = (status: LabStatus) => {
    paint(item, status);
    void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.lab, status.kind);
  };
  show(controller.status);
  item.show();
  return vscode.Disposable.from(item, controller.onDidChangeStatus(show));
}

function paint(item: vscode.StatusBarItem, status: LabStatus): void {
  const { text, tooltip } = describe(status);
  item.text = text;
  item.tooltip = tooltip;
  item.accessibilityInformation = { label: tooltip, role: "button" };
  item.backgroundColor =
    status.kind === "failed" ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
}

function describe(status: LabStatus): { readonly text: string; readonly tooltip: string } {
  const t = vscode.l10n.t;
  switch (status.kind) {
    case "stopped":
      return { text: "$(server) Lab", tooltip: t("The Streamside lab is stopped") };
    case "starting":
      return {
        text: "$(loading~spin) Lab",
        tooltip: status.afterCrash
          ? t("The Streamside lab stopped unexpectedly and is being restarted")
          : t("The Streamside lab is starting"),
      };
    case "running":
      return {
        text: `$(server) Lab :${portOf(status.lab.info.bootstrap)}`,
        tooltip: t("The Streamside lab listens on {0}", status.lab.info.bootstrap),
      };
    case "stopping":
      return { text: "$(loading~spin) Lab", tooltip: t("The Streamside lab is stopping") };
    case "failed":
      return {
        text: "$(error) Lab",
        tooltip: t("The Streamside lab is not running: {0}", status.message),
      };
    default:
      return status satisfies never;
  }
}

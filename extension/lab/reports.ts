import * as vscode from "vscode";
import { COMMANDS } from "../ids.ts";
import type { Prompts } from "../prompts.ts";
import type { LabReports } from "./controller.ts";

/** Tells a person what the lab's status alone does not: each of these is said once, not per attempt. */
export function labReports(prompts: Prompts): LabReports {
  const t = vscode.l10n.t;
  const does = (title: string, command: string) => ({
    title,
    run: () => vscode.commands.executeCommand(command),
  });
  const showLog = does(t("Show Log"), COMMANDS.showLog);
  return {
    didNotStart: (reason) =>
      prompts.notify({
        level: "error",
        message: t("The lab did not start: {0}", reason),
        actions: [showLog],
      }),
    restarting: () =>
      prompts.notify({
        level: "warning",
        message: t("The lab ended unexpectedly and is being restarted. Its data is kept."),
        actions: [showLog],
      }),
    gaveUp: (reason) =>
      prompts.notify({
        level: "error",
        message: t("The lab keeps ending and is not restarted again: {0}", reason),
        actions: [does(t("Start Lab"), COMMANDS.startLab), showLog],
      }),
    otherPort: (wanted, bootstrap) =>
      prompts.notify({
        level: "info",
        message: t("Port {0} is taken; the lab listens on {1}.", String(wanted), bootstrap),
        actions: [does(t("Copy Bootstrap Servers"), COMMANDS.copyBootstrap)],
      }),
  };
}

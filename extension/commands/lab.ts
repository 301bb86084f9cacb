import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { COMMANDS } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import { labFolder, labSettings } from "../settings.ts";
import { lossText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { type CommandTable, type Services, withLab } from "./services.ts";

/** Commands about the lab as a whole. */
export function labCommands(services: Services): CommandTable {
  const { controller, log } = services;
  const notRunning = vscode.l10n.t("The lab is not running.");
  return {
    [COMMANDS.startLab]: () => controller.start(),
    [COMMANDS.stopLab]: () => controller.stop(),
    [COMMANDS.restartLab]: () => controller.restart(),
    [COMMANDS.resetLab]: withLab(services, notRunning, (lab) => resetLab(services, lab)),
    [COMMANDS.showLabActions]: () => showActions(services),
    [COMMANDS.revealLabData]: () => revealData(services),
    [COMMANDS.showLog]: () => log.show(),
    [COMMANDS.copyBootstrap]: withLab(services, notRunning, (lab) =>
      vscode.env.clipboard.writeText(lab.info.bootstrap),
    ),
  };
}

/** Clears the lab: one question that names what is lost, then stop, delete, start. */
async function resetLab({ controller, topics, prompts }: Services, lab: RunningLab): Promise<void> {
  await topics.refresh();
  const isSure = await prompts.confirm({
    message: vscode.l10n.t("Reset the lab?"),
    detail: vscode.l10n.t(
      "This deletes {0}, and all consumer groups. It cannot be undone.",
      lossText(topics.topics ?? [], wording),
    ),
    verb: vscode.l10n.t("Reset Lab"),
  });
  if (!isSure) return;
  const { data } = lab.info;
  const stopped = await controller.stop();
  if (stopped.kind !== "stopped") return;
  await emptyDataFolder(data);
  await controller.start();
}

/** Deletes what is in a data folder, but never a folder that holds the workspace itself. */
async function emptyDataFolder(data: string): Promise<void> {
  const workspace = labFolder()?.uri.fsPath ?? "";
  const isInside = !path.relative(data, workspace).startsWith("..");
  if (!path.isAbsolute(data) || isInside) {
    throw new Error(vscode.l10n.t("{0} holds more than lab data and is left alone.", data));
  }
  const names = await readdir(data);
  await Promise.all(
    names.map((name) => rm(path.join(data, name), { recursive: true, force: true })),
  );
}

async function revealData({ prompts }: Services): Promise<void> {
  const folder = labSettings()?.dataFolder;
  if (folder === undefined) return;
  const uri = vscode.Uri.file(folder);
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    const message = vscode.l10n.t("There is no lab data yet: {0} does not exist.", folder);
    prompts.notify({ level: "info", message, actions: [] });
    return;
  }
  await vscode.commands.executeCommand("revealFileInOS", uri);
}

interface ActionItem extends vscode.QuickPickItem {
  readonly command: string;
}

/** The actions of the status bar item: those that make sense now, the destructive one last. */
async function showActions({ controller, prompts }: Services): Promise<void> {
  const { status } = controller;
  const t = vscode.l10n.t;
  const bootstrap = status.kind === "running" ? status.lab.info.bootstrap : "";
  const item = (icon: string, label: string, command: string, description = ""): ActionItem => ({
    label: `$(${icon}) ${label}`,
    description,
    command,
  });
  const start = item("play", t("Start Lab"), COMMANDS.startLab);
  const restart = item("debug-restart", t("Restart Lab"), COMMANDS.restartLab);
  const stop = item("debug-stop", t("Stop Lab"), COMMANDS.stopLab);
  const look = [
    item("folder-opened", t("Reveal Lab Data"), COMMANDS.revealLabData),
    item("output", t("Show Log"), COMMANDS.showLog),
  ];
  const items: Record<typeof status.kind, readonly ActionItem[]> = {
    stopped: [start, ...look],
    failed: [start, ...look],
    starting: [stop, ...look],
    stopping: look,
    running: [
      item("copy", t("Copy Bootstrap Servers"), COMMANDS.copyBootstrap, bootstrap),
      item("add", t("Create Topic…"), COMMANDS.createTopic),
      restart,
      stop,
      ...look,
      item("clear-all", t("Reset Lab…"), COMMANDS.resetLab),
    ],
  };
  const picked = await prompts.pick(items[status.kind], { title: t("Streamside Lab") });
  if (picked !== undefined) await vscode.commands.executeCommand(picked.command);
}

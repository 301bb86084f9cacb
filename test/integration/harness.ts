import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { COMMANDS } from "../../extension/ids.ts";
import type { LabController } from "../../extension/lab/controller.ts";
import type { RunningLab } from "../../extension/lab/client.ts";
import type { LabStatus, LabStatusKind } from "../../extension/lab/status.ts";
import type { ExtensionApi } from "../../extension/main.ts";
import type { Confirmation, Notice, Prompts } from "../../extension/prompts.ts";

/** How long the lab may take for anything that a test waits for. */
const LIMIT_MS = 10_000;

function extension(): vscode.Extension<ExtensionApi> {
  const found = vscode.extensions.getExtension<ExtensionApi>("streamside.streamside");
  if (found === undefined) throw new Error("the extension is not there");
  return found;
}

export async function activate(): Promise<ExtensionApi> {
  return extension().activate();
}

export function extensionPath(): string {
  return extension().extensionPath;
}

/** Path of the `streamside` command of the extension under test. */
export function program(): string {
  return path.join(extension().extensionPath, "dist/streamside.mjs");
}

/** Runs the `streamside` command against the lab of the open workspace and gives what it prints. */
export async function streamside(args: readonly string[]): Promise<string> {
  const data = path.join(workspaceFolder(), ".streamside");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program(), ...args, "--data", data],
    { env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" } },
  );
  return stdout;
}

export function workspaceFolder(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error("no workspace is open");
  return folder.uri.fsPath;
}

/** Resolves with `probe`'s value once it gives one, looking again at every event. */
export function once<T>(event: vscode.Event<unknown>, probe: () => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      listening.dispose();
      reject(new Error(`not within ${LIMIT_MS} ms`));
    }, LIMIT_MS);
    const look = () => {
      const found = probe();
      if (found === undefined) return;
      clearTimeout(timer);
      listening.dispose();
      resolve(found);
    };
    const listening = event(look);
    look();
  });
}

export function untilStatus<K extends LabStatusKind>(
  controller: LabController,
  kind: K,
): Promise<LabStatus & { readonly kind: K }> {
  const isWanted = (status: LabStatus): status is LabStatus & { readonly kind: K } =>
    status.kind === kind;
  return once(controller.onDidChangeStatus, () =>
    isWanted(controller.status) ? controller.status : undefined,
  );
}

export function runningLab({ status }: LabController): RunningLab {
  if (status.kind !== "running") throw new Error(`the lab is ${status.kind}`);
  return status.lab;
}

/** Answers every question and remembers what was asked and said. */
export class FakePrompts implements Prompts {
  readonly questions: Confirmation[] = [];
  readonly notices: Notice[] = [];
  /** What `confirm` answers. */
  says = false;
  /** What `input` answers, one after another. */
  inputs: string[] = [];
  /** Labels of what `pick` chooses, one after another; the first item when there is none. */
  choices: string[] = [];
  /** Files that dialogs choose, one after another. */
  files: vscode.Uri[] = [];
  /** The items of the lists that `pickMany` was asked with. */
  readonly lists: (readonly vscode.QuickPickItem[])[] = [];

  async confirm(question: Confirmation): Promise<boolean> {
    this.questions.push(question);
    return this.says;
  }

  async input(): Promise<string | undefined> {
    return this.inputs.shift();
  }

  async pick<T extends vscode.QuickPickItem>(items: readonly T[]): Promise<T | undefined> {
    const label = this.choices.shift();
    return label === undefined ? items[0] : items.find((item) => item.label === label);
  }

  async pickMany<T extends vscode.QuickPickItem>(items: readonly T[]): Promise<readonly T[]> {
    this.lists.push(items);
    return items.filter(({ picked }) => picked !== false);
  }

  async saveFile(): Promise<vscode.Uri | undefined> {
    return this.files.shift();
  }

  async openFile(): Promise<readonly vscode.Uri[] | undefined> {
    const file = this.files.shift();
    return file && [file];
  }

  notify(notice: Notice): void {
    this.notices.push(notice);
  }
}

/** Clears the lab and ends it, so that the next tests begin with an empty one. */
export async function leaveNothing(api: ExtensionApi, prompts: FakePrompts): Promise<void> {
  prompts.says = true;
  await vscode.commands.executeCommand(COMMANDS.resetLab);
  await api.controller.stop();
}

/** Starts a lab in which nothing is left of what other tests have made. */
export async function startEmptyLab(api: ExtensionApi, prompts: FakePrompts): Promise<void> {
  await vscode.commands.executeCommand(COMMANDS.startLab);
  prompts.says = true;
  await vscode.commands.executeCommand(COMMANDS.resetLab);
  prompts.says = false;
  await untilStatus(api.controller, "running");
  await api.topics.refresh();
}

import * as vscode from "vscode";
import { LabError } from "../../../runtime/api/errors.ts";
import { CONFIG_SCHEME } from "../../ids.ts";
import type { LabController } from "../../lab/controller.ts";
import type { Prompts } from "../../prompts.ts";
import { ConfigChecks } from "./config-checks.ts";
import { ConfigFiles, type PlannedChange } from "./config-files.ts";
import { meaningOf } from "./config-hints.ts";
import { completionProvider, fixProvider, hoverProvider } from "./config-language.ts";
import { configUri, topicOfConfig } from "./config-uri.ts";

/** Opens the configuration of a topic as a document. */
export async function openTopicConfig(topic: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(configUri(topic));
  return vscode.window.showTextDocument(document);
}

/** Serves the documents of the `streamside-config` scheme, with completion, hover and diagnostics. */
export function registerTopicConfigs(
  controller: LabController,
  prompts: Prompts,
): vscode.Disposable {
  const checks = new ConfigChecks(controller);
  const files = new ConfigFiles(controller, {
    check: (uri, text, configs) => checks.check(uri, text, configs),
    confirm: (topic, changes) => confirmChanges(prompts, topic, changes),
  });
  const configsOf = (uri: vscode.Uri) => files.configs(uri);
  const checkSoon = ({ uri }: vscode.TextDocument) => {
    if (topicOfConfig(uri) === undefined) return;
    checks.schedule(uri, () => void checkNow(checks, files, uri));
  };
  const selector: vscode.DocumentSelector = { scheme: CONFIG_SCHEME };
  const { languages, workspace } = vscode;
  return vscode.Disposable.from(
    checks,
    files,
    workspace.registerFileSystemProvider(CONFIG_SCHEME, files, { isCaseSensitive: true }),
    languages.registerCompletionItemProvider(selector, completionProvider(configsOf), "="),
    languages.registerHoverProvider(selector, hoverProvider(configsOf)),
    languages.registerCodeActionsProvider(selector, fixProvider(configsOf), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    workspace.onDidOpenTextDocument(checkSoon),
    workspace.onDidChangeTextDocument(({ document }) => checkSoon(document)),
    workspace.onDidCloseTextDocument(({ uri }) => checks.forget(uri)),
  );
}

async function checkNow(checks: ConfigChecks, files: ConfigFiles, uri: vscode.Uri): Promise<void> {
  const document = vscode.workspace.textDocuments.find(
    (one) => one.uri.toString() === uri.toString(),
  );
  if (document === undefined) return;
  try {
    await checks.check(uri, document.getText(), await files.configs(uri));
  } catch (error) {
    // Without a lab or topic nothing can be said; saving says so.
    if (!(error instanceof LabError || error instanceof vscode.FileSystemError)) throw error;
  }
}

function confirmChanges(
  prompts: Prompts,
  topic: string,
  changes: readonly PlannedChange[],
): Promise<boolean> {
  const t = vscode.l10n.t;
  return prompts.confirm({
    message: t("Change the configuration of topic {0}?", topic),
    detail: changes.map(changeText).join("\n"),
    verb: t("Change Topic"),
  });
}

/** `retention.ms: 604800000 (default, 7 days) → 3600000 (1 hour)` */
function changeText({ name, before, after }: PlannedChange): string {
  const t = (sentence: string, ...values: (string | number)[]) =>
    vscode.l10n.t(sentence, ...values);
  const shown = (value: string, isDefault: boolean) => {
    const meaning = meaningOf(name, value, t);
    const notes = [...(isDefault ? [t("default")] : []), ...(meaning === "" ? [] : [meaning])];
    const text = value === "" ? t("empty") : value;
    return notes.length === 0 ? text : `${text} (${notes.join(", ")})`;
  };
  const was = shown(before?.value ?? "", before?.source !== "topic");
  const now = shown(after ?? before?.defaultValue ?? "", after === null);
  return `${name}: ${was} → ${now}`;
}

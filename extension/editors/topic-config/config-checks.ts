import * as vscode from "vscode";
import type { TopicConfigEntry, TopicConfigFault } from "../../../runtime/api/topic-admin.ts";
import type { LabController } from "../../lab/controller.ts";
import {
  changesOf,
  type ConfigText,
  type ConfigTextFault,
  lineOf,
  parseConfigText,
} from "./config-text.ts";
import { topicOfConfig } from "./config-uri.ts";

/** Between a keystroke and the diagnostics that follow it. */
const CHECK_DELAY_MS = 300;

/**
 * What is wrong with configuration documents, shown where it is. The lab is asked what it would say
 * to a change, so that there is one truth about names, types and ranges.
 */
export class ConfigChecks implements vscode.Disposable {
  readonly #controller: LabController;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection("streamside.topicConfig");
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(controller: LabController) {
    this.#controller = controller;
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#diagnostics.dispose();
  }

  /** Shows what is wrong with a document; true when something is. Rejects when the lab cannot be asked. */
  async check(
    uri: vscode.Uri,
    text: string,
    configs: readonly TopicConfigEntry[],
  ): Promise<boolean> {
    const parsed = parseConfigText(text, configs);
    const own = parsed.faults.map(textDiagnostic);
    const faults = await this.#ask(uri, parsed, configs);
    const found = [...own, ...faults.map((fault) => labDiagnostic(parsed, fault))];
    this.#diagnostics.set(uri, found);
    return found.length > 0;
  }

  /** Checks a document when nobody has typed for a moment. */
  schedule(uri: vscode.Uri, check: () => void): void {
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    const run = () => {
      this.#timers.delete(key);
      check();
    };
    this.#timers.set(key, setTimeout(run, CHECK_DELAY_MS));
  }

  forget(uri: vscode.Uri): void {
    clearTimeout(this.#timers.get(uri.toString()));
    this.#timers.delete(uri.toString());
    this.#diagnostics.delete(uri);
  }

  async #ask(
    uri: vscode.Uri,
    parsed: ConfigText,
    configs: readonly TopicConfigEntry[],
  ): Promise<readonly TopicConfigFault[]> {
    const topic = topicOfConfig(uri);
    const changes = changesOf(parsed, configs);
    const { status } = this.#controller;
    if (topic === undefined || changes.length === 0 || status.kind !== "running") return [];
    const asked = { topic, changes, validateOnly: true };
    return (await status.lab.request("topics/alterConfigs", asked)).faults;
  }
}

function textDiagnostic({ line, start, end, kind, name }: ConfigTextFault): vscode.Diagnostic {
  const t = vscode.l10n.t;
  const messages: Record<ConfigTextFault["kind"], string> = {
    "no-value": t('"{0}" has no value: write {0}=value, or # in front of a comment.', name),
    doubled: t("{0} is there already, further up.", name),
    "read-only": t("{0} is fixed by the broker and cannot be changed.", name),
    sensitive: t("{0} is a secret, which is not kept in documents.", name),
  };
  return diagnostic(new vscode.Range(line, start, line, end), messages[kind]);
}

/** A fault of the lab stands at the value it is about, or at the top when its line has been taken away. */
function labDiagnostic(parsed: ConfigText, { name, message }: TopicConfigFault): vscode.Diagnostic {
  const at = lineOf(parsed, name);
  if (at === undefined) return diagnostic(new vscode.Range(0, 0, 0, 0), message);
  const isName = at.valueStart === at.end || message.startsWith("Unknown topic config");
  const [start, end] = isName
    ? [at.nameStart, at.nameStart + at.name.length]
    : [at.valueStart, at.end];
  return diagnostic(new vscode.Range(at.line, start, at.line, end), message);
}

function diagnostic(range: vscode.Range, message: string): vscode.Diagnostic {
  const made = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
  made.source = "Streamside";
  return made;
}

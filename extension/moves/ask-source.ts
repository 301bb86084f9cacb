import * as vscode from "vscode";
import type { MessageFilter } from "../../runtime/api/model.ts";
import type { MoveSource } from "../../runtime/api/moves.ts";
import { parseTimestamp, TIMESTAMP_FORMS } from "../../runtime/api/timestamp.ts";
import type { MessageRef } from "../../runtime/api/view.ts";
import type { Prompts } from "../prompts.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";

/** What a command that moves messages was called on. */
export interface MoveTargetArg {
  readonly topic: string;
  readonly partition: number | undefined;
  /** Messages that were selected. */
  readonly messages: readonly MessageRef[];
  /** What the grid shows that it was called in. */
  readonly filter: MessageFilter | undefined;
}

interface SourceItem extends vscode.QuickPickItem {
  source(): Promise<MoveSource | undefined>;
}

/** Asks which messages are meant; undefined when the person leaves. */
export async function askSource(
  prompts: Prompts,
  title: string,
  { topic, partition, messages, filter }: MoveTargetArg,
): Promise<MoveSource | undefined> {
  const t = vscode.l10n.t;
  const range = (given: Partial<Extract<MoveSource, { kind: "range" }>>): MoveSource => ({
    ...{ kind: "range", topic, partition, from: { kind: "earliest" } },
    ...given,
  });
  const item = (label: string, source: SourceItem["source"], description = ""): SourceItem => ({
    ...{ label, description, source },
  });
  const ready = (source: MoveSource) => () => Promise.resolve(source);
  const number = (prompt: string) => askNumber(prompts, title, prompt);
  const items = [
    ...(messages.length === 0
      ? []
      : [
          item(
            messages.length === 1 ? t("The Selected Message") : t("The Selected Messages"),
            ready({ kind: "selection", topic, messages }),
            countText(messages.length, wording),
          ),
        ]),
    ...(filter === undefined
      ? []
      : [item(t("What the Filter Shows"), ready(range({ filter })), t("of the grid in front"))]),
    item(t("All Messages"), ready(range({})), t("up to the end that there is now")),
    item(t("From a Time..."), async () => {
      const timestampMs = await askTime(prompts, title);
      return timestampMs === undefined ? undefined : range({ from: { kind: "time", timestampMs } });
    }),
    item(t("From an Offset..."), async () => {
      const offset = await number(t("Offset of the first message, in each partition"));
      return offset === undefined ? undefined : range({ from: { kind: "offset", offset } });
    }),
    item(t("The Newest..."), async () => {
      const count = await number(t("Number of messages, of each partition"));
      return count === undefined ? undefined : range({ from: { kind: "last", count } });
    }),
    item(t("Where a Condition Holds..."), async () => {
      const expression = await askCondition(prompts, title);
      return expression === undefined ? undefined : range({ filter: { kind: "sql", expression } });
    }),
  ];
  const picked = await prompts.pick(items, { title, placeHolder: t("Which messages") });
  return picked?.source();
}

async function askNumber(
  prompts: Prompts,
  title: string,
  prompt: string,
): Promise<number | undefined> {
  const parse = (text: string) => (/^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined);
  const text = await prompts.input({
    ...{ title, prompt, ignoreFocusOut: true },
    validateInput: (value) =>
      parse(value) === undefined ? vscode.l10n.t("Enter a whole number, 0 or more.") : undefined,
  });
  return text === undefined ? undefined : parse(text);
}

async function askTime(prompts: Prompts, title: string): Promise<number | undefined> {
  const text = await prompts.input({
    ...{ title, ignoreFocusOut: true },
    prompt: vscode.l10n.t("Time of the first message, such as 2024-06-11T08:00:00Z"),
    validateInput: (value) =>
      parseTimestamp(value.trim()) === undefined
        ? vscode.l10n.t("Enter {0}.", TIMESTAMP_FORMS)
        : undefined,
  });
  return text === undefined ? undefined : parseTimestamp(text.trim());
}

function askCondition(prompts: Prompts, title: string): Promise<string | undefined> {
  return prompts.input({
    ...{ title, ignoreFocusOut: true },
    prompt: vscode.l10n.t("Condition in SQL: names are members of the JSON in the value"),
    placeHolder: vscode.l10n.t("such as amount > 100 AND headers['kind'] = 'eu'"),
    validateInput: (value) =>
      value.trim() === "" ? vscode.l10n.t("Enter a condition.") : undefined,
  });
}

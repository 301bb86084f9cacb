import * as vscode from "vscode";
import type { TopicConfigEntry } from "../../../runtime/api/topic-admin.ts";
import { meaningOf, rangeText, valueHints } from "./config-hints.ts";
import { nameInLine, parseConfigText } from "./config-text.ts";
import { similarNames } from "./similar-names.ts";

type ConfigsOf = (uri: vscode.Uri) => Promise<readonly TopicConfigEntry[]>;

/** Offers names that the document does not set yet, and values. */
export function completionProvider(configsOf: ConfigsOf): vscode.CompletionItemProvider {
  return {
    async provideCompletionItems(document, position) {
      const content = document.lineAt(position.line).text;
      const before = content.slice(0, position.character);
      if (before.trimStart().startsWith("#")) return [];
      const configs = await configsOf(document.uri);
      const equals = content.indexOf("=");
      if (equals >= 0 && position.character > equals) {
        const config = configs.find(({ name }) => name === nameInLine(content));
        const range = new vscode.Range(position.line, equals + 1, position.line, content.length);
        return config === undefined ? [] : valueItems(config, range);
      }
      const set = new Set(
        parseConfigText(document.getText(), configs).lines.map((one) => one.name),
      );
      const end = equals < 0 ? content.length : equals + 1;
      const start = content.length - content.trimStart().length;
      const range = new vscode.Range(position.line, start, position.line, end);
      return configs
        .filter(({ name, readOnly, sensitive }) => !set.has(name) && !readOnly && !sensitive)
        .map((config) => nameItem(config, range, equals < 0));
    },
  };
}

function nameItem(
  config: TopicConfigEntry,
  range: vscode.Range,
  withValue: boolean,
): vscode.CompletionItem {
  const { name, type, value } = config;
  const item = new vscode.CompletionItem(
    { label: name, description: type },
    vscode.CompletionItemKind.Property,
  );
  item.range = range;
  item.documentation = description(config);
  if (withValue) {
    const snippet = new vscode.SnippetString().appendText(`${name}=`);
    item.insertText = snippet.appendPlaceholder(value ?? "");
  } else {
    item.insertText = `${name}=`;
  }
  return item;
}

function valueItems(config: TopicConfigEntry, range: vscode.Range): vscode.CompletionItem[] {
  return valueHints(config, (sentence, ...values) => vscode.l10n.t(sentence, ...values)).map(
    ({ value, meaning }, index) => {
      const item = new vscode.CompletionItem(
        { label: value, description: meaning },
        vscode.CompletionItemKind.Value,
      );
      item.range = range;
      item.sortText = String(index).padStart(3, "0");
      item.preselect = value === config.value;
      return item;
    },
  );
}

/** Says what a configuration does, its default, type and range, and what its value comes to. */
export function hoverProvider(configsOf: ConfigsOf): vscode.HoverProvider {
  return {
    async provideHover(document, position) {
      const content = document.lineAt(position.line).text;
      const name = nameInLine(content);
      const config = (await configsOf(document.uri)).find((one) => one.name === name);
      if (config === undefined) return undefined;
      const start = content.indexOf(config.name);
      const range = new vscode.Range(position.line, start, position.line, content.length);
      return new vscode.Hover(description(config), range);
    },
  };
}

/** Offers the names that were meant where one is unknown. */
export function fixProvider(configsOf: ConfigsOf): vscode.CodeActionProvider {
  return {
    async provideCodeActions(document, _range, { diagnostics }) {
      const configs = await configsOf(document.uri);
      const names = configs.map(({ name }) => name);
      return diagnostics.flatMap((diagnostic) => {
        const typed = document.getText(diagnostic.range);
        if (names.includes(typed)) return [];
        return similarNames(typed, names).map((name, index) => {
          const title = vscode.l10n.t("Change to {0}", name);
          const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
          action.edit = new vscode.WorkspaceEdit();
          action.edit.replace(document.uri, diagnostic.range, name);
          action.diagnostics = [diagnostic];
          action.isPreferred = index === 0;
          return action;
        });
      });
    },
  };
}

function description(config: TopicConfigEntry): vscode.MarkdownString {
  const t = (sentence: string, ...values: (string | number)[]) =>
    vscode.l10n.t(sentence, ...values);
  const { name, documentation, type, defaultValue, value, source } = config;
  const explained = (text: string) => {
    const meaning = meaningOf(name, text, t);
    const shown = text === "" ? t("empty") : `\`${text}\``;
    return meaning === "" ? shown : `${shown} (${meaning})`;
  };
  const range = rangeText(config, t);
  const facts = [
    `${t("Type")}: \`${type}\`${range === "" ? "" : `, ${range}`}`,
    ...(defaultValue === undefined ? [] : [`${t("Default")}: ${explained(defaultValue)}`]),
    ...(source === "topic" ? [`${t("Set by this topic")}: ${explained(value ?? "")}`] : []),
    ...(source === "broker" ? [`${t("Set by the broker")}: ${explained(value ?? "")}`] : []),
  ];
  const text = new vscode.MarkdownString(`**${name}**\n\n`);
  if (documentation !== "") text.appendMarkdown(`${documentation}\n\n`);
  return text.appendMarkdown(facts.map((fact) => `- ${fact}`).join("\n"));
}

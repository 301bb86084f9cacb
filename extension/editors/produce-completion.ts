import * as vscode from "vscode";
import { type Placeholder, PLACEHOLDERS } from "../../runtime/api/placeholders.ts";
import {
  type DocumentSettings,
  NO_SETTINGS,
  parseSettingsLine,
} from "../../runtime/api/produce-settings.ts";
import { PRODUCE_LANGUAGE } from "../ids.ts";
import type { LabController } from "../lab/controller.ts";
import type { TopicList } from "../lab/topics.ts";
import { topicDescription } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { HeaderNames } from "./header-names.ts";
import { type LineContext, lineContext, placeholderAt, type Span } from "./produce-context.ts";
import { topicOfAddress } from "./produce-text.ts";
import {
  messageWords,
  placeholderAbout,
  settingsWords,
  templateWords,
  type Word,
} from "./produce-words.ts";

/** Longer lines get no completion: finding the place in them would hold up the extension host. */
const MAX_LINE_LENGTH = 64 * 1024;
/** Topics offered. */
const MAX_TOPICS = 1_000;
/** Partitions offered by number. */
const MAX_PARTITIONS = 100;
/** Lines of the document whose header names are offered. */
const MAX_LOOKED_AT = 200;
const TRIGGERS = ['"', "{", ":", " ", ",", "."];

/** What can be written at a place of a produce document. */
export class ProduceCompletion implements vscode.CompletionItemProvider {
  readonly #topics: TopicList;
  readonly #headerNames: HeaderNames;

  constructor(controller: LabController, topics: TopicList) {
    this.#topics = topics;
    this.#headerNames = new HeaderNames(controller);
  }

  static register(controller: LabController, topics: TopicList): vscode.Disposable {
    return vscode.languages.registerCompletionItemProvider(
      { language: PRODUCE_LANGUAGE },
      new ProduceCompletion(controller, topics),
      ...TRIGGERS,
    );
  }

  /** In the order in which they are to be shown. */
  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const items = await this.#items(document, position);
    for (const [at, item] of items.entries()) item.sortText = String(at).padStart(4, "0");
    return items;
  }

  async #items(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const { text } = document.lineAt(position.line);
    if (text.length > MAX_LINE_LENGTH) return [];
    const context = lineContext(text, position.character);
    const place = new Place(position.line, text, context);
    const [first, second] = context.path;
    const placeholder = placeholderAt(text, position.character);
    if (placeholder !== undefined && settingsOfText(document).template !== undefined) {
      return placeholders(position.line, text, placeholder);
    }
    if (context.role === "name" && first === "template" && second === undefined) {
      return place.members(templateWords());
    }
    if (context.role === "name" && first === undefined) return topLevel(place);
    if (context.role === "name" && first === "headers" && second === undefined) {
      return place.names(await this.#headers(document, place.line), '"$1"');
    }
    if (context.role !== "value") return [];
    if (first === "headers" && context.path.at(-1) === 0 && context.path.length === 3) {
      return place.values((await this.#headers(document, place.line)).map(quoted));
    }
    return this.#values(place, document);
  }

  #values(place: Place, document: vscode.TextDocument): vscode.CompletionItem[] {
    const { path } = place.context;
    const [first] = path;
    const isMember = path.length === 1;
    if (isMember && first === "topic") return this.#topicNames(place);
    if (isMember && first === "key") return place.values(["null", '"$1"']);
    if (isMember && first === "value") return tombstoneFirst(place);
    if (isMember && first === "timestamp") return times(place);
    if (isMember && first === "headers") return place.values(['{"$1": "$2"}', '[["$1", "$2"]]']);
    if (isMember && first === "partition") return this.#partitions(place, document);
    const isPair = path.length === 2 && typeof path[1] === "number";
    if (first === "headers" && isPair) return place.values(['["$1", "$2"]']);
    if (first === "headers") return place.values(['"$1"', "null", '{"base64": "$1"}']);
    return [];
  }

  #topicNames(place: Place): vscode.CompletionItem[] {
    const topics = (this.#topics.topics ?? []).slice(0, MAX_TOPICS);
    return topics.map((topic) => {
      const item = place.value(quoted(topic.name), vscode.CompletionItemKind.Value);
      item.label = { label: topic.name, description: topicDescription(topic, wording) };
      return item;
    });
  }

  #partitions(place: Place, document: vscode.TextDocument): vscode.CompletionItem[] {
    const topic = topicOfText(document);
    const count = topic === undefined ? 0 : (this.#topics.find(topic)?.partitions.length ?? 0);
    return place.values(
      Array.from({ length: Math.min(count, MAX_PARTITIONS) }, (_, at) => `${at}`),
    );
  }

  /** Names of headers, those of the other lines first. */
  async #headers(document: vscode.TextDocument, line: number): Promise<readonly string[]> {
    const topic = topicOfText(document);
    const kept = topic === undefined ? [] : await this.#headerNames.of(topic);
    return [...new Set([...headersOf(document, line), ...kept])];
  }
}

function settingsOfText(document: vscode.TextDocument): DocumentSettings {
  const parsed = parseSettingsLine(document.lineAt(0).text);
  return parsed?.kind === "settings" ? parsed.settings : NO_SETTINGS;
}

function topicOfText(document: vscode.TextDocument): string | undefined {
  return settingsOfText(document).topic ?? topicOfAddress(document.uri);
}

/** All placeholders; what is written of the name already is replaced, and `}}` closed if it is not. */
function placeholders(line: number, text: string, { from, to }: Span): vscode.CompletionItem[] {
  const isClosed = text.slice(from, to).endsWith("}}");
  const range = new vscode.Range(line, from + 2, line, isClosed ? to - 2 : to);
  return PLACEHOLDERS.map((placeholder) => {
    const item = new vscode.CompletionItem(placeholder.name, vscode.CompletionItemKind.Function);
    item.range = range;
    item.detail = placeholder.example;
    item.documentation = new vscode.MarkdownString(placeholderAbout(placeholder));
    item.insertText = new vscode.SnippetString(`${callOf(placeholder)}${isClosed ? "" : "}}"}`);
    return item;
  });
}

/** The placeholder with its arguments as a snippet. */
function callOf({ name, args }: Placeholder): string {
  if (args === "choices") return `${name}('$1', '$2')`;
  if (args.length === 0) return name;
  const values = args.map(({ otherwise }, at) => `\${${at + 1}:${otherwise ?? ""}}`);
  return `${name}(${values.join(", ")})`;
}

function headersOf(document: vscode.TextDocument, except: number): readonly string[] {
  const names: string[] = [];
  for (let line = 0; line < Math.min(document.lineCount, MAX_LOOKED_AT); line++) {
    if (line === except) continue;
    const { text } = document.lineAt(line);
    const at = text.length > MAX_LINE_LENGTH ? -1 : text.search(/"headers"\s*:\s*\{/);
    if (at >= 0) names.push(...lineContext(text, text.indexOf("{", at) + 1).siblings);
  }
  return names;
}

/** A member that is there already, also in its other form, is not offered again. */
function topLevel(place: Place): vscode.CompletionItem[] {
  const has = (name: string) => place.context.siblings.some((one) => base(one) === base(name));
  const settings = settingsWords();
  const isSettings = place.context.siblings.some((one) =>
    settings.some(({ name }) => name === one),
  );
  const ofSettings =
    place.line === 0 && (isSettings || place.context.siblings.length === 0) ? settings : [];
  const words = [...(isSettings ? [] : messageWords()), ...ofSettings];
  return place.members(words.filter(({ name }) => !has(name)));
}

function base(name: string): string {
  return name.replace(/Base64$/, "");
}

function tombstoneFirst(place: Place): vscode.CompletionItem[] {
  const tombstone = place.value("null", vscode.CompletionItemKind.Constant);
  tombstone.label = { label: "null", description: vscode.l10n.t("tombstone") };
  return [tombstone, ...place.values(["{$1}", '"$1"', "[$1]"])];
}

function times(place: Place): vscode.CompletionItem[] {
  const now = new Date();
  return [quoted(now.toISOString()), String(now.getTime())].map((text) => {
    const item = place.value(text, vscode.CompletionItemKind.Value);
    item.label = { label: text, description: vscode.l10n.t("now") };
    return item;
  });
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Makes the items for one place: they replace the word that is being written there. */
class Place {
  readonly line: number;
  readonly context: LineContext;
  readonly #text: string;

  constructor(line: number, text: string, context: LineContext) {
    this.line = line;
    this.#text = text;
    this.context = context;
  }

  members(words: readonly Word[]): vscode.CompletionItem[] {
    return words
      .filter(({ name }) => !this.context.siblings.includes(name))
      .map((word) => this.#member(word));
  }

  #member({ name, value, about }: Word): vscode.CompletionItem {
    const item = this.#name(name, value);
    item.documentation = new vscode.MarkdownString(about);
    return item;
  }

  names(names: readonly string[], value: string): vscode.CompletionItem[] {
    const { siblings } = this.context;
    return names.filter((one) => !siblings.includes(one)).map((name) => this.#name(name, value));
  }

  values(sources: readonly string[]): vscode.CompletionItem[] {
    return sources.map((source) => this.value(source, vscode.CompletionItemKind.Value));
  }

  /** `source` is a snippet. */
  value(source: string, kind: vscode.CompletionItemKind): vscode.CompletionItem {
    const label = source.replaceAll(/\$\d/g, "");
    const item = new vscode.CompletionItem(label, kind);
    this.#replace(item, source, label);
    return item;
  }

  #name(name: string, value: string): vscode.CompletionItem {
    const item = new vscode.CompletionItem(name, vscode.CompletionItemKind.Property);
    // What comes next tells whether only the name is being changed.
    const hasValue = /^\s*:/.test(this.#text.slice(this.context.word.to));
    const source = quoted(name).replaceAll("$", "\\$");
    this.#replace(item, hasValue ? source : `${source}: ${value}`, quoted(name));
    return item;
  }

  #replace(item: vscode.CompletionItem, snippet: string, filter: string): void {
    const { from, to } = this.context.word;
    item.range = new vscode.Range(this.line, from, this.line, to);
    item.insertText = new vscode.SnippetString(snippet);
    item.filterText = filter;
  }
}

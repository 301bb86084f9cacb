import * as vscode from "vscode";
import { findPlaceholder } from "../../runtime/api/placeholders.ts";
import { parseTimestamp } from "../../runtime/api/timestamp.ts";
import { PRODUCE_LANGUAGE } from "../ids.ts";
import { lineContext, placeholderAt, type Span } from "./produce-context.ts";
import {
  ignoredWords,
  messageWords,
  placeholderAbout,
  settingsWords,
  templateWords,
} from "./produce-words.ts";

/** Longer lines get no hover: finding the place in them would hold up the extension host. */
const MAX_LINE_LENGTH = 64 * 1024;

/** Says what the words of a produce document mean. */
export function registerProduceHover(): vscode.Disposable {
  return vscode.languages.registerHoverProvider(
    { language: PRODUCE_LANGUAGE },
    { provideHover: (document, position) => hover(document, position) },
  );
}

function hover(
  document: vscode.TextDocument,
  { line, character }: vscode.Position,
): vscode.Hover | undefined {
  const { text } = document.lineAt(line);
  if (text.length > MAX_LINE_LENGTH) return undefined;
  const placeholder = placeholderAt(text, character + 1);
  if (placeholder !== undefined) return placeholderHover(line, text, placeholder);
  // The place in front of a word is not in it; one further on is.
  const { path, role, word } = lineContext(text, character + 1);
  const source = text.slice(word.from, word.to);
  const about = role === "name" ? ofMember(path, source) : ofValue(path, source);
  if (about === undefined) return undefined;
  const range = new vscode.Range(line, word.from, line, word.to);
  return new vscode.Hover(new vscode.MarkdownString(about), range);
}

function placeholderHover(
  line: number,
  text: string,
  { from, to }: Span,
): vscode.Hover | undefined {
  const name = /^\{\{\s*([\w.]+)/.exec(text.slice(from, to))?.[1];
  const placeholder = name === undefined ? undefined : findPlaceholder(name);
  if (placeholder === undefined) return undefined;
  const about = new vscode.MarkdownString(placeholderAbout(placeholder));
  return new vscode.Hover(about, new vscode.Range(line, from, line, to));
}

function ofMember(path: readonly (string | number)[], source: string): string | undefined {
  const words =
    path.length === 0
      ? [...messageWords(), ...settingsWords(), ...ignoredWords()]
      : path.length === 1 && path[0] === "template"
        ? templateWords()
        : [];
  return words.find(({ name }) => JSON.stringify(name) === source)?.about;
}

function ofValue(path: readonly (string | number)[], source: string): string | undefined {
  const [first, second] = path;
  if (second !== undefined || source === "") return undefined;
  if (first === "value" && source === "null") {
    return vscode.l10n.t("A tombstone: the value is null, which is not the same as empty.");
  }
  const timestampMs =
    first === "timestamp" ? parseTimestamp(source.replaceAll('"', "")) : undefined;
  if (timestampMs === undefined) return undefined;
  return `${new Date(timestampMs).toISOString()} = ${timestampMs} ms`;
}

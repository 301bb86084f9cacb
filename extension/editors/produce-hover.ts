import * as vscode from "vscode";
import { parseTimestamp } from "../../runtime/api/timestamp.ts";
import { PRODUCE_LANGUAGE } from "../ids.ts";
import { lineContext } from "./produce-context.ts";
import { ignoredWords, messageWords, settingsWords } from "./produce-words.ts";

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
  // The place in front of a word is not in it; one further on is.
  const { path, role, word } = lineContext(text, character + 1);
  const source = text.slice(word.from, word.to);
  const about = path.length === 0 && role === "name" ? ofMember(source) : ofValue(path, source);
  if (about === undefined) return undefined;
  const range = new vscode.Range(line, word.from, line, word.to);
  return new vscode.Hover(new vscode.MarkdownString(about), range);
}

function ofMember(source: string): string | undefined {
  const words = [...messageWords(), ...settingsWords(), ...ignoredWords()];
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

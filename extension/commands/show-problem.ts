import * as vscode from "vscode";
import type { FaultyLine } from "../../runtime/api/produce-document.ts";

/** Shows the first fault of the lines that are wanted. False when there is none. */
export async function showFault(
  document: vscode.TextDocument,
  faults: readonly FaultyLine[],
  wanted: (line: number) => boolean,
): Promise<boolean> {
  const [first] = faults.filter(({ line }) => wanted(line));
  if (first === undefined) return false;
  await showProblem(document, new vscode.Position(first.line, first.fault.column - 1));
  return true;
}

/** Brings a document to the front with the cursor at a problem, which is explained there. */
export async function showProblem(
  document: vscode.TextDocument,
  at: vscode.Position,
): Promise<void> {
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
  await vscode.commands.executeCommand("editor.action.marker.next");
}

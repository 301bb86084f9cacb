import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import { PREVIEW_SCHEME, PRODUCE_SUFFIX } from "../ids.ts";
import type { LabController } from "../lab/controller.ts";

/** Messages shown. */
const COUNT = 50;
/** Between a keystroke in the template and the preview that follows it. */
const DELAY_MS = 300;

/** Opens the first messages of a template, as they will be, beside it. They follow what is written there. */
export async function openTemplatePreview(template: vscode.Uri): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(previewUri(template));
  const viewColumn = vscode.ViewColumn.Beside;
  return vscode.window.showTextDocument(document, {
    viewColumn,
    preserveFocus: true,
    preview: true,
  });
}

function previewUri(template: vscode.Uri): vscode.Uri {
  const name = template.path.slice(template.path.lastIndexOf("/") + 1);
  const title = name.replace(PRODUCE_SUFFIX, "");
  return vscode.Uri.from({
    scheme: PREVIEW_SCHEME,
    path: `/Preview of ${title}${PRODUCE_SUFFIX}`,
    query: template.toString(),
  });
}

/** Serves previews of templates. */
export function registerTemplatePreviews(controller: LabController): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let timer: NodeJS.Timeout | undefined;
  const refill = (): void => {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === PREVIEW_SCHEME) changed.fire(uri);
    }
  };
  return vscode.Disposable.from(
    changed,
    new vscode.Disposable(() => clearTimeout(timer)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      const preview = previewUri(document.uri).toString();
      const isShown = vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === preview);
      if (!isShown) return;
      clearTimeout(timer);
      timer = setTimeout(refill, DELAY_MS);
    }),
    controller.onDidChangeStatus(({ kind }) => {
      if (kind === "running") refill();
    }),
    vscode.workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => previewText(controller, vscode.Uri.parse(uri.query)),
    }),
  );
}

async function previewText({ status }: LabController, source: vscode.Uri): Promise<string> {
  if (status.kind !== "running") {
    return vscode.l10n.t("The lab is not running. Start it to see what the template gives.");
  }
  const template = (await vscode.workspace.openTextDocument(source)).getText();
  try {
    const asked = { template, seed: undefined, count: COUNT };
    const { lines } = await status.lab.request("template/preview", asked);
    return `${lines.join("\n")}\n`;
  } catch (error) {
    if (error instanceof LabError) return error.message;
    throw error;
  }
}

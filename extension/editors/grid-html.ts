import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** The page of the message grid. Only its own script and style sheet may be loaded, and nothing else. */
export function gridHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const media = vscode.Uri.joinPath(extensionUri, "dist", "media");
  const source = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(media, file)).toString();
  const nonce = randomBytes(16).toString("base64");
  const policy = [
    "default-src 'none'",
    // The height of the list and the places of its rows are set as styles by the script.
    `style-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
  return `<!doctype html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${source("grid.css")}">
<title>${vscode.l10n.t("Messages")}</title>
</head>
<body>
<main id="root"></main>
<script nonce="${nonce}" src="${source("grid.js")}"></script>
</body>
</html>`;
}

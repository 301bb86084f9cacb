import type * as vscode from "vscode";
import type { Pipe } from "../../runtime/api/rpc.ts";

/** Carries peer messages between the extension and the webview of a panel, for as long as the panel lives. */
export function webviewPipe(panel: vscode.WebviewPanel): Pipe {
  return {
    send(message) {
      // A message to a panel that has just been closed has no receiver; the peer learns it by onClose.
      panel.webview.postMessage(message).then(undefined, () => undefined);
    },
    onMessage(listener) {
      panel.webview.onDidReceiveMessage(listener);
    },
    onClose(listener) {
      panel.onDidDispose(() => listener("the panel is closed"));
    },
    close() {
      panel.dispose();
    },
  };
}

import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { COMMANDS, SETTINGS } from "../../extension/ids.ts";

const EXTENSION = "streamside.streamside";

describe("activation", () => {
  it("finds the extension in this VS Code, for the machine that holds the workspace", () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    assert.ok(extension, `${EXTENSION} is not among the extensions`);
    assert.equal(extension.extensionKind, vscode.ExtensionKind.Workspace);
  });

  it("activates, and has every command of ids.ts", async () => {
    await vscode.extensions.getExtension(EXTENSION)?.activate();
    assert.equal(vscode.extensions.getExtension(EXTENSION)?.isActive, true);
    const commands = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.values(COMMANDS).filter((id) => !commands.has(id)),
      [],
    );
  });

  it("offers its settings with their defaults", () => {
    const settings = vscode.workspace.getConfiguration(SETTINGS.section);
    assert.equal(settings.inspect(SETTINGS.port)?.defaultValue, 9092);
    assert.equal(settings.get(SETTINGS.dataFolder), ".streamside");
    assert.equal(settings.get(SETTINGS.autoStart), false);
  });

  it("opens the sample workspace", async () => {
    const found = await vscode.workspace.findFiles("*.jsonl");
    assert.deepEqual(found.map((uri) => path.posix.basename(uri.path)).sort(), [
      "orders.jsonl",
      "payments.jsonl",
      "welcome.messages.jsonl",
    ]);
  });
});

import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, beforeEach, describe, it } from "mocha";
import * as vscode from "vscode";
import { openMessage } from "../../extension/editors/message-documents.ts";
import { COMMANDS } from "../../extension/ids.ts";
import type { RunningLab } from "../../extension/lab/client.ts";
import type { ExtensionApi } from "../../extension/main.ts";
import { encodeNewMessages } from "../../runtime/api/new-messages.ts";
import {
  activate,
  FakePrompts,
  leaveNothing,
  once,
  runningLab,
  workspaceFolder,
} from "./harness.ts";

describe("decoding in a window", () => {
  let api: ExtensionApi;
  let lab: RunningLab;
  let prompts: FakePrompts;
  const schema = path.join(workspaceFolder(), "point.avsc");
  /** Avro of a long and a string: 5 and "ab". */
  const avro = Buffer.from("0a046162", "hex");

  before(async () => {
    api = await activate();
    await vscode.commands.executeCommand(COMMANDS.startLab);
    lab = runningLab(api.controller);
    await lab.request("topics/create", { name: "points", partitions: 1, configs: {} });
    const exact = Buffer.from('{"n":9007199254740993,"n":"\\u00e9"}');
    const messages = [avro, exact].map((value) => ({
      ...{ key: null, value, headers: [], partition: 0, timestampMs: undefined },
    }));
    await lab.request("messages/produce", {
      ...{ topic: "points", messages: encodeNewMessages(messages) },
    });
    const fields = [
      { name: "x", type: "long" },
      { name: "label", type: "string" },
    ];
    await writeFile(schema, JSON.stringify({ type: "record", name: "Point", fields }));
  });
  after(async () => {
    await rm(schema, { force: true });
    await leaveNothing(api, prompts);
  });
  beforeEach(() => {
    prompts = new FakePrompts();
    api.usePrompts(prompts);
  });

  /** Opens a message, decodes its value with the answers given, and gives what is shown. */
  async function decoded(offset: number, ...choices: string[]): Promise<vscode.TextDocument> {
    await openMessage({ topic: "points", partition: 0, offset, form: "message" });
    prompts.choices = choices;
    await vscode.commands.executeCommand(COMMANDS.decodeAs);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, "streamside-decoded");
    assert.ok(document !== undefined);
    return document;
  }

  it("reads values by a file of the workspace, and remembers that for the topic", async () => {
    const document = await decoded(0, "Value", "Avro", "point.avsc");
    assert.equal(document.getText(), '{"x": 5, "label": "ab"}');
    await once(
      vscode.workspace.onDidOpenTextDocument,
      () => vscode.window.activeTextEditor?.document.languageId === "json" || undefined,
    );
    const state = await decoded(0, "Key", "Automatic");
    assert.equal(state.getText(), "It is null.");
  });

  it("point 18: says which decoders were tried and why each failed; hex is there at once", async () => {
    const document = await decoded(1, "Value", "Avro", "point.avsc");
    assert.match(document.getText(), /^Not avro: .+\.\n\n00000000  7b 22 6e/);
  });

  it("point 17: shows JSON with 2^53+1, escapes and names that come twice as it is", async () => {
    const document = await decoded(1, "Value", "Automatic");
    const exact = '{"n":9007199254740993,"n":"\\u00e9"}';
    // The document is open already, with what the decoder before said.
    const isShown = () => document.getText() === exact || undefined;
    await once(vscode.workspace.onDidChangeTextDocument, isShown);
  });
});

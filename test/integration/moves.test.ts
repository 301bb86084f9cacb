import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, beforeEach, describe, it } from "mocha";
import * as vscode from "vscode";
import { COMMANDS } from "../../extension/ids.ts";
import type { RunningLab } from "../../extension/lab/client.ts";
import type { ExtensionApi } from "../../extension/main.ts";
import type { NewMessage } from "../../runtime/api/model.ts";
import { encodeNewMessages } from "../../runtime/api/new-messages.ts";
import { activate, FakePrompts, once, runningLab, workspaceFolder } from "./harness.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("moving messages in a window", () => {
  let api: ExtensionApi;
  let lab: RunningLab;
  let prompts: FakePrompts;

  before(async () => {
    api = await activate();
    await vscode.commands.executeCommand(COMMANDS.startLab);
    lab = runningLab(api.controller);
    await lab.request("topics/create", {
      ...{ name: "orders", partitions: 2, configs: { "retention.ms": "123456789012345" } },
    });
    const messages = [0, 1, 2, 3, 4].map((i) =>
      message(`{"i":${i}}`, {
        key: bytes(`k${i}`),
        partition: i % 2,
        timestampMs: 1_700_000_000_000 + i,
      }),
    );
    await produce("orders", messages);
  });

  after(async () => {
    await api.controller.stop();
  });

  beforeEach(() => {
    prompts = new FakePrompts();
    prompts.says = true;
    api.usePrompts(prompts);
  });

  const run = (command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand(command, ...args);
  const message = (value: string, given: Partial<NewMessage> = {}): NewMessage => ({
    ...{ key: null, value: bytes(value), headers: [], partition: undefined },
    ...{ timestampMs: undefined, ...given },
  });
  const produce = (topic: string, messages: readonly NewMessage[]) =>
    lab.request("messages/produce", { topic, messages: encodeNewMessages(messages) });
  const file = (name: string) => vscode.Uri.file(path.join(workspaceFolder(), name));
  async function countOf(topic: string): Promise<number | undefined> {
    const { topics } = await lab.request("topics/describe", { names: [topic] });
    return topics[0]?.partitions.reduce((sum, one) => sum + one.endOffset - one.startOffset, 0);
  }

  it("point 25: exports to a file of the workspace, imports it, and exports the same bytes", async () => {
    const [first, second] = [file("captures/a.jsonl"), file("captures/b.jsonl")];
    prompts.choices = ["All Messages", "JSONL"];
    prompts.files = [first];
    await run(COMMANDS.exportMessages, "orders");
    assert.equal(prompts.notices[0]?.message, "5 messages written to a.jsonl.");
    prompts.files = [first];
    await run(COMMANDS.importMessages, "imported");
    const [question] = prompts.questions;
    assert.equal(question?.message, "Import 5 messages into imported?");
    assert.match(question?.detail ?? "", /The topic is created\.\nFirst message:\nKey: k0\n/);
    assert.equal(await countOf("imported"), 5);
    prompts.choices = ["All Messages", "JSONL"];
    prompts.files = [second];
    await run(COMMANDS.exportMessages, "imported");
    assert.deepEqual(await readFile(second.fsPath), await readFile(first.fsPath));
  });

  it("says where a file is wrong, shows the place, and sends nothing", async () => {
    const bad = file("bad.jsonl");
    const lines = Array.from({ length: 6 }, () => '{"value":1}');
    await writeFile(bad.fsPath, [...lines, '{"value": "x}'].join("\n"));
    prompts.files = [bad];
    await run(COMMANDS.importMessages, "never");
    const [notice] = prompts.notices;
    assert.match(notice?.message ?? "", /^bad\.jsonl: line 7, column 14: .*Nothing was sent\.$/);
    assert.deepEqual(prompts.questions, []);
    await notice?.actions[0]?.run();
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, bad.fsPath);
    assert.deepEqual([editor.selection.start.line, editor.selection.start.character], [6, 13]);
    assert.equal(await countOf("never"), undefined);
  });

  it("goes on with an import that was stopped, without a message twice or lost", async () => {
    const many = file("many.jsonl");
    const all = 60_000;
    const lines = Array.from({ length: all }, (_, i) => `{"value":${i}}`);
    await writeFile(many.fsPath, lines.join("\n"));
    prompts.files = [many];
    const asked = prompts.confirm.bind(prompts);
    let stopped: Promise<void> | undefined;
    prompts.confirm = (question) => {
      stopped = once(api.moves.onDidChange, () => api.moves.running[0]).then((move) =>
        move.act("stop"),
      );
      return asked(question);
    };
    await run(COMMANDS.importMessages, "many");
    await stopped;
    const [notice] = prompts.notices;
    assert.match(notice?.message ?? "", /^The import into many was stopped after .* of 60,000\.$/);
    assert.ok(((await countOf("many")) ?? 0) < all);
    await notice?.actions.find(({ title }) => title === "Go On")?.run();
    assert.equal(await countOf("many"), all);
  });

  it("point 23: a replay names target, count and first message, and asks", async () => {
    const answer = () => {
      prompts.choices = ["All Messages", "$(add) New Topic...", "As Fast as Possible"];
      prompts.inputs = ["replayed"];
    };
    prompts.says = false;
    answer();
    await run(COMMANDS.replayMessages, "orders");
    const [question] = prompts.questions;
    assert.equal(question?.message, "Replay 5 messages of orders into replayed?");
    const detail = question?.detail.split("\n");
    assert.deepEqual(detail, [
      `Lab ${lab.info.bootstrap}`,
      "First message: partition 0, offset 0",
      "Key: k0",
      'Value: {"i":0}',
    ]);
    assert.equal(await countOf("replayed"), undefined);
    prompts.says = true;
    answer();
    await run(COMMANDS.replayMessages, "orders");
    assert.equal(await countOf("replayed"), 5);
  });

  it("point 22: a replay goes step by step and is stopped from the status bar", async () => {
    prompts.choices = ["All Messages", "replayed", "Step by Step"];
    const ended = run(COMMANDS.replayMessages, { topic: "orders", partition: 0 });
    const isPaused = () =>
      api.moves.running.find((move) => move.progress?.state === "paused") ? true : undefined;
    await once(api.moves.onDidChange, isPaused);
    prompts.choices = ["$(debug-step-over) One Message Further", "$(debug-stop) Stop"];
    await run(COMMANDS.showMoves);
    await ended;
    assert.equal(await countOf("replayed"), 6);
    assert.deepEqual(api.moves.running, []);
  });

  it("replays what was selected", async () => {
    prompts.choices = ["The Selected Messages", "$(add) New Topic...", "As Fast as Possible"];
    prompts.inputs = ["chosen"];
    const messages = [
      { partition: 1, offset: 0 },
      { partition: 0, offset: 2 },
    ];
    await run(COMMANDS.replayMessages, { topic: "orders", messages });
    assert.equal(await countOf("chosen"), 2);
  });

  it("copies a topic with its configurations", async () => {
    prompts.inputs = ["orders-2"];
    await run(COMMANDS.copyTopic, "orders");
    assert.equal(await countOf("orders-2"), 5);
    const { configs } = await lab.request("topics/configs", { topic: "orders-2" });
    const own = configs.filter(({ source }) => source === "topic");
    assert.deepEqual(
      own.map(({ name, value }) => `${name}=${value}`),
      ["retention.ms=123456789012345"],
    );
  });

  it("point 24: redrives dead letters after a table of targets, and none of them twice", async () => {
    const letter = (topic: string) =>
      message("x", { headers: [{ key: "__connect.errors.topic", value: bytes(topic) }] });
    await lab.request("topics/create", { name: "dlt", partitions: 1, configs: {} });
    await produce("dlt", [letter("chosen"), letter("gone"), letter("chosen")]);
    prompts.choices = ["All Messages"];
    await run(COMMANDS.redriveDeadLetters, "dlt");
    const [question] = prompts.questions;
    assert.equal(question?.message, "Send 2 messages of dlt to where they came from?");
    assert.ok(question.detail.includes("2 messages → chosen\n1 message of gone stay: there is no"));
    assert.equal(await countOf("chosen"), 4);
    prompts.choices = ["All Messages"];
    await run(COMMANDS.redriveDeadLetters, "dlt");
    assert.equal(await countOf("chosen"), 4);
    assert.match(prompts.notices[0]?.message ?? "", /^No dead letter of dlt can be sent\./);
  });
});

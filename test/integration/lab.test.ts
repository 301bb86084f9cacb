import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { COMMANDS, PANELS } from "../../extension/ids.ts";
import { LabController } from "../../extension/lab/controller.ts";
import { isAlive, processGone } from "../../extension/lab/process.ts";
import type { ExtensionApi } from "../../extension/main.ts";
import type { Placement } from "../../runtime/api/model.ts";
import {
  activate,
  FakePrompts,
  once,
  program,
  runningLab,
  streamside,
  untilStatus,
  workspaceFolder,
} from "./harness.ts";

/** The product's promise for a change that somebody else made. */
const MAX_SEEN_MS = 1_000;

describe("the lab in a window", () => {
  let api: ExtensionApi;
  const prompts = new FakePrompts();

  before(async () => {
    api = await activate();
    api.usePrompts(prompts);
  });

  after(async () => {
    await api.controller.stop();
  });

  const run = (command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand(command, ...args);

  const countOf = (name: string): number | undefined =>
    api.topics
      .find(name)
      ?.partitions.reduce((sum, one) => sum + one.endOffset - one.startOffset, 0);

  const labels = (): unknown[] =>
    api.tree.getChildren().map((node) => api.tree.getTreeItem(node).label);

  /** Produces one message of a file with these lines, from outside of the window. */
  async function produceOutside(topic: string, ...lines: string[]): Promise<void> {
    const file = path.join(workspaceFolder(), `${topic}.test.jsonl`);
    await writeFile(file, `${lines.join("\n")}\n`);
    await streamside(["produce", topic, "--file", file]);
  }

  it("starts on command and says where clients connect", async () => {
    await run(COMMANDS.startLab);
    const { info } = runningLab(api.controller);
    assert.match(info.bootstrap, /^127\.0\.0\.1:\d+$/);
    assert.ok(isAlive(info.pid));
    assert.notEqual(info.pid, process.pid);
    await run(COMMANDS.copyBootstrap);
    assert.equal(await vscode.env.clipboard.readText(), info.bootstrap);
  });

  it("shows a topic that a command created", async () => {
    await run(COMMANDS.createTopic, { name: "alpha", partitions: 2 });
    assert.deepEqual(labels(), ["alpha"]);
    const [node] = api.tree.getChildren();
    assert.ok(node);
    const item = api.tree.getTreeItem(node);
    assert.equal(item.accessibilityInformation?.label, "alpha, 2 partitions, no messages");
    assert.equal(api.tree.getChildren(node).length, 2);
  });

  it("asks for name and partitions when called without", async () => {
    prompts.inputs = ["beta", "3"];
    await run(COMMANDS.createTopic);
    assert.equal(api.topics.find("beta")?.partitions.length, 3);
  });

  it("shows by itself what somebody else produced, within a second", async () => {
    const changed = once(api.topics.onDidChange, () => (countOf("alpha") === 1 ? true : undefined));
    await produceOutside("alpha", '{"key": "k", "value": "v"}');
    const produced = performance.now();
    await changed;
    const seenMs = performance.now() - produced;
    console.info(`seen ${seenMs.toFixed(0)} ms after the command had ended`);
    assert.ok(seenMs < MAX_SEEN_MS, `${seenMs} ms`);
  });

  it("shows a message as a document, exact to the last digit", async () => {
    const value = '{"n":9007199254740993,"a":1,"a":2,"s":"\\u00e9"}';
    await produceOutside("gamma", `{"key": "k", "value": ${value}}`);
    const uri = vscode.Uri.parse("streamside://lab/gamma/0/0");
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    assert.ok(text.includes('"n": 9007199254740993,\n    "a": 1,\n    "a": 2,'), text);
    assert.ok(text.includes('"s": "\\u00e9"'), text);
    const raw = uri.with({ path: "/gamma/0/0/x.value.txt" });
    assert.equal((await vscode.workspace.openTextDocument(raw)).getText(), value);
  });

  it("opens a grid for a topic, and only one", async () => {
    await run(COMMANDS.peekMessages, "gamma");
    await run(COMMANDS.peekMessages, { topic: "gamma" });
    const isGrid = ({ input, label }: vscode.Tab) =>
      input instanceof vscode.TabInputWebview &&
      input.viewType.endsWith(PANELS.grid) &&
      label === "gamma";
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(isGrid);
    await once(vscode.window.tabGroups.onDidChangeTabs, () =>
      tabs().length > 0 ? true : undefined,
    );
    assert.equal(tabs().length, 1);
  });

  it("produces the messages of a document and offers to show them", async () => {
    await run(COMMANDS.produceMessage, "beta");
    const uri = vscode.window.activeTextEditor?.document.uri;
    assert.ok(uri?.path.endsWith("/beta.messages.jsonl"));
    prompts.notices.length = 0;
    const placements = (await run(COMMANDS.produceDocument, uri)) as readonly Placement[];
    assert.equal(placements.length, 2);
    const [notice] = prompts.notices;
    assert.equal(notice?.message, "2 messages produced to beta.");
    assert.equal(notice.actions.length, 1);
  });

  it("marks a faulty line where it is, and produces nothing", async () => {
    const uri = vscode.Uri.file(path.join(workspaceFolder(), "alpha.messages.jsonl"));
    await writeFile(uri.fsPath, '{"value": 1}\n{"value": }\n');
    assert.equal(await run(COMMANDS.produceDocument, uri), undefined);
    const [problem] = vscode.languages.getDiagnostics(uri);
    assert.deepEqual(problem?.range.start, new vscode.Position(1, 10));
    assert.equal(countOf("alpha"), 1);
  });

  it("lets a second window attach to the same lab", async () => {
    const log = vscode.window.createOutputChannel("second window", { log: true });
    const ignore = () => undefined;
    const reports = { didNotStart: ignore, restarting: ignore, gaveUp: ignore, otherPort: ignore };
    const second = new LabController(program(), log, reports);
    try {
      second.notice();
      const { lab } = await untilStatus(second, "running");
      assert.equal(lab.info.pid, runningLab(api.controller).info.pid);
    } finally {
      second.dispose();
      log.dispose();
    }
    assert.equal(api.controller.status.kind, "running");
  });

  it("names a topic and its messages before it deletes them", async () => {
    prompts.says = false;
    prompts.questions.length = 0;
    await run(COMMANDS.deleteTopic, "gamma");
    assert.equal(prompts.questions[0]?.message, "Delete topic gamma with 1 message?");
    assert.ok(api.topics.find("gamma"));
    prompts.says = true;
    await run(COMMANDS.deleteTopic, ["gamma", "beta"]);
    assert.equal(prompts.questions[1]?.message, "Delete 2 topics with 3 messages?");
    assert.deepEqual(labels(), ["alpha"]);
  });

  it("restarts a lab that was killed, with its data, and says so once", async () => {
    prompts.notices.length = 0;
    const { pid } = runningLab(api.controller).info;
    process.kill(pid, "SIGKILL");
    await once(api.controller.onDidChangeStatus, () =>
      api.controller.status.kind === "starting" ? true : undefined,
    );
    const { lab } = await untilStatus(api.controller, "running");
    assert.notEqual(lab.info.pid, pid);
    await api.topics.refresh();
    assert.equal(countOf("alpha"), 1);
    assert.equal(prompts.notices.length, 1);
    assert.equal(prompts.notices[0]?.level, "warning");
  });

  it("restarts on command", async () => {
    const { pid } = runningLab(api.controller).info;
    await run(COMMANDS.restartLab);
    assert.notEqual(runningLab(api.controller).info.pid, pid);
    assert.ok(!isAlive(pid));
  });

  it("clears everything on reset, after one question", async () => {
    prompts.questions.length = 0;
    await run(COMMANDS.resetLab);
    assert.equal(prompts.questions.length, 1);
    assert.match(prompts.questions[0]?.detail ?? "", /1 topic with 1 message/);
    await api.topics.refresh();
    assert.deepEqual(labels(), []);
  });

  it("attaches by itself to a lab that somebody else starts", async () => {
    await run(COMMANDS.stopLab);
    const log = vscode.window.createOutputChannel("other window", { log: true });
    const ignore = () => undefined;
    const reports = { didNotStart: ignore, restarting: ignore, gaveUp: ignore, otherPort: ignore };
    const other = new LabController(program(), log, reports);
    try {
      await other.start();
      const { lab } = await untilStatus(api.controller, "running");
      assert.equal(lab.info.pid, runningLab(other).info.pid);
    } finally {
      other.dispose();
      log.dispose();
    }
  });

  it("leaves no process behind when it is stopped", async () => {
    const { pid } = runningLab(api.controller).info;
    await run(COMMANDS.stopLab);
    assert.equal(api.controller.status.kind, "stopped");
    assert.ok(await processGone(pid, 0));
    assert.deepEqual(labels(), []);
  });
});

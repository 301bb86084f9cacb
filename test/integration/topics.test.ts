/** What the Topics view can do to topics. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import kafkajs from "kafkajs";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { configUri } from "../../extension/editors/topic-config/config-uri.ts";
import { COMMANDS, CONFIG_LANGUAGE } from "../../extension/ids.ts";
import type { ExtensionApi } from "../../extension/main.ts";
import type { TreeNode } from "../../extension/views/topic-nodes.ts";
import {
  activate,
  FakePrompts,
  leaveNothing,
  once,
  runningLab,
  startEmptyLab,
  streamside,
  workspaceFolder,
} from "./harness.ts";

describe("the Topics view", () => {
  let api: ExtensionApi;
  const prompts = new FakePrompts();

  before(async () => {
    api = await activate();
    api.usePrompts(prompts);
    await startEmptyLab(api, prompts);
    await run(COMMANDS.createTopic, { name: "config", partitions: 2 });
    await run(COMMANDS.createTopic, { name: "records", partitions: 2 });
    await produce("records", 10);
  });
  after(() => leaveNothing(api, prompts));

  const run = (command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand(command, ...args);

  /** Produces numbered messages, half of them to each partition. */
  async function produce(topic: string, count: number): Promise<void> {
    const file = path.join(workspaceFolder(), `${topic}.test.jsonl`);
    const lines = Array.from({ length: count }, (_, i) =>
      JSON.stringify({ value: i, partition: i % 2, timestamp: i * 1_000 }),
    );
    await writeFile(file, `${lines.join("\n")}\n`);
    await streamside(["produce", topic, "--file", file]);
    await api.topics.refresh();
  }

  const node = (name: string): TreeNode => {
    const found = api.tree.getChildren().find((one) => api.tree.getTreeItem(one).label === name);
    assert.ok(found, name);
    return found;
  };
  const starts = (topic: string) =>
    api.topics.find(topic)?.partitions.map(({ startOffset }) => startOffset);
  const config = async (name: string): Promise<{ value: string; source: string }> => {
    const lines = (await streamside(["topics", "config", "config", "--json"])).split("\n");
    const line = lines.find((one) => one.includes(`"name":"${name}"`)) ?? "{}";
    return JSON.parse(line) as { value: string; source: string };
  };

  describe("configuration", () => {
    let document: vscode.TextDocument;
    const replace = async (text: string) => {
      const edit = new vscode.WorkspaceEdit();
      const end = document.lineAt(document.lineCount - 1).range.end;
      edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), text);
      await vscode.workspace.applyEdit(edit);
    };
    const problems = () => vscode.languages.getDiagnostics(document.uri);

    it("opens as a document with the defaults as comments", async () => {
      await run(COMMANDS.editTopicConfig, node("config"));
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor !== undefined);
      document = editor.document;
      assert.equal(document.uri.toString(), configUri("config").toString());
      assert.equal(document.languageId, CONFIG_LANGUAGE);
      assert.match(document.getText(), /^# Configuration of topic config\.\n/);
      assert.match(document.getText(), /\n#retention\.ms=604800000\n/);
    });

    it("completes names and values, and explains them", async () => {
      await replace("cleanup.policy=compact\nret\nsegment.ms=");
      const complete = async (line: number, character: number) => {
        const list = await vscode.commands.executeCommand<vscode.CompletionList>(
          "vscode.executeCompletionItemProvider",
          document.uri,
          new vscode.Position(line, character),
        );
        return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
      };
      const names = await complete(1, 3);
      assert.ok(names.includes("retention.ms"));
      assert.ok(!names.includes("cleanup.policy"), "what is set already is not offered");
      assert.ok((await complete(2, 11)).includes("86400000"));
      assert.deepEqual((await complete(0, 15)).slice(0, 2), ["compact", "delete"]);
      const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        new vscode.Position(0, 3),
      );
      const contents = (hover?.contents ?? []) as vscode.MarkdownString[];
      const text = contents.map(({ value }) => value).join("");
      assert.match(text, /What happens to old segments.*Type: `list`, any of compact, delete/s);
    });

    it("marks what the lab would refuse, at its line, and does not save it", async () => {
      await replace("retention.ms=soon\nretntion.ms=5\nsegment.ms");
      await once(vscode.languages.onDidChangeDiagnostics, () =>
        problems().length === 3 ? true : undefined,
      );
      const found = problems()
        .toSorted((a, b) => a.range.start.line - b.range.start.line)
        .map(({ range: { start, end }, message }) => [
          `${start.line}:${start.character}-${end.character}`,
          message,
        ]);
      assert.deepEqual(found, [
        ["0:13-17", "Invalid value soon for configuration retention.ms: Not a number of type LONG"],
        ["1:0-11", "Unknown topic config name: retntion.ms"],
        [
          "2:0-10",
          '"segment.ms" has no value: write segment.ms=value, or # in front of a comment.',
        ],
      ]);
      const [fix] = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        document.uri,
        new vscode.Range(1, 0, 1, 11),
        vscode.CodeActionKind.QuickFix.value,
      );
      assert.equal(fix?.title, "Change to retention.ms");
      prompts.questions.length = 0;
      assert.equal(await document.save(), false);
      assert.deepEqual(prompts.questions, []);
      assert.equal((await config("retention.ms")).source, "default");
    });

    it("asks with what changes before it saves, and shows the topic as it is then", async () => {
      await replace("retention.ms=3600000\ncleanup.policy=compact,delete\n");
      prompts.questions.length = 0;
      prompts.says = false;
      assert.equal(await document.save(), false);
      assert.equal(prompts.questions[0]?.message, "Change the configuration of topic config?");
      assert.equal(
        prompts.questions[0]?.detail,
        "retention.ms: 604800000 (default, 7 days) → 3600000 (1 hour)\n" +
          "cleanup.policy: delete (default) → compact,delete",
      );
      assert.equal((await config("retention.ms")).source, "default");
      prompts.says = true;
      assert.equal(await document.save(), true);
      assert.deepEqual(
        [(await config("retention.ms")).value, (await config("cleanup.policy")).value],
        ["3600000", "compact,delete"],
      );
      await once(vscode.workspace.onDidChangeTextDocument, () =>
        document.getText().includes("#segment.ms=") ? true : undefined,
      );
      assert.equal(document.isDirty, false);
    });

    it("follows what somebody else configures", async () => {
      await streamside(["topics", "config", "config", "--unset", "retention.ms"]);
      await once(vscode.workspace.onDidChangeTextDocument, () =>
        document.getText().includes("#retention.ms=604800000") ? true : undefined,
      );
      assert.match(document.getText(), /\ncleanup\.policy=compact,delete\n/);
    });
  });

  it("adds partitions", async () => {
    prompts.inputs = ["5"];
    await run(COMMANDS.addPartitions, node("config"));
    assert.equal(api.topics.find("config")?.partitions.length, 5);
  });

  it("deletes records before an offset or a time, after naming them", async () => {
    prompts.questions.length = 0;
    prompts.says = true;
    prompts.choices = ["Before Offset..."];
    prompts.inputs = ["1"];
    const [, second] = api.tree.getChildren(node("records"));
    await run(COMMANDS.deleteRecords, second);
    assert.equal(prompts.questions[0]?.message, "Delete 1 message of records [1]?");
    assert.match(prompts.questions[0]?.detail ?? "", /^Partition 1: offset 0\n/);
    assert.deepEqual(starts("records"), [0, 1]);
    prompts.choices = ["Before Time..."];
    prompts.inputs = ["1970-01-01T00:00:06Z"];
    await run(COMMANDS.deleteRecords, node("records"));
    assert.equal(prompts.questions[1]?.message, "Delete 5 messages of records?");
    assert.match(
      prompts.questions[1]?.detail ?? "",
      /^Partition 0: offsets 0 – 2\nPartition 1: offsets 1 – 2\n/,
    );
    assert.deepEqual(starts("records"), [3, 3]);
  });

  it("says why records cannot be deleted", async () => {
    prompts.notices.length = 0;
    prompts.choices = ["Before Offset..."];
    prompts.inputs = ["99"];
    const [first] = api.tree.getChildren(node("records"));
    await run(COMMANDS.deleteRecords, first);
    assert.match(prompts.notices[0]?.message ?? "", /^Partition 0 of records ends at offset 5/);
  });

  it("empties a topic after naming it and its messages", async () => {
    prompts.questions.length = 0;
    prompts.says = false;
    await run(COMMANDS.emptyTopic, node("records"));
    assert.equal(prompts.questions[0]?.message, "Delete 4 messages of topic records?");
    assert.deepEqual(starts("records"), [3, 3]);
    prompts.says = true;
    await run(COMMANDS.emptyTopic, node("records"));
    assert.deepEqual(starts("records"), [5, 5]);
  });

  it("shows internal topics when they are wanted, and does not delete them", async () => {
    const { bootstrap } = runningLab(api.controller).info;
    const logLevel = kafkajs.logLevel.NOTHING;
    const admin = new kafkajs.Kafka({ brokers: [bootstrap], logLevel }).admin();
    await admin.connect();
    // With the first commit the broker makes the topic that keeps it.
    const partitions = [{ partition: 0, offset: "1" }];
    await admin.setOffsets({ groupId: "g", topic: "records", partitions });
    await admin.disconnect();
    const items = () => api.tree.getChildren().map((one) => api.tree.getTreeItem(one));
    const labels = () => items().map(({ label }) => label);
    await run(COMMANDS.showInternalTopics);
    await api.topics.refresh();
    assert.deepEqual(labels(), ["__consumer_offsets", "config", "records"]);
    assert.equal(items()[0]?.contextValue, "internalTopic");
    prompts.questions.length = 0;
    await run(COMMANDS.deleteTopic, ["__consumer_offsets"]);
    assert.deepEqual(prompts.questions, []);
    await run(COMMANDS.hideInternalTopics);
    assert.deepEqual(labels(), ["config", "records"]);
  });

  it("does nothing on Delete when no topic is selected", async () => {
    prompts.lists.length = 0;
    prompts.questions.length = 0;
    await run(COMMANDS.deleteTopic, { selection: true });
    assert.deepEqual([prompts.lists, prompts.questions], [[], []]);
  });

  it("point 34: names the topics and their messages, and deletes all that are selected", async () => {
    await run(COMMANDS.createTopic, { name: "third", partitions: 1 });
    await produce("records", 4);
    prompts.questions.length = 0;
    prompts.says = false;
    await run(COMMANDS.deleteTopic, node("records"));
    assert.equal(prompts.questions[0]?.message, "Delete topic records with 4 messages?");
    const selection = [node("records"), node("third"), api.tree.getChildren(node("config"))[0]];
    await run(COMMANDS.deleteTopic, node("records"), selection);
    assert.equal(prompts.questions[1]?.message, "Delete 2 topics with 4 messages?");
    assert.match(prompts.questions[1]?.detail ?? "", /^records, 4 messages\nthird, no messages\n/);
    assert.equal(api.topics.topics?.length, 3);
    prompts.says = true;
    await run(COMMANDS.deleteTopic, node("records"), selection);
    assert.deepEqual(
      api.topics.topics?.map(({ name }) => name),
      ["config"],
    );
  });
});

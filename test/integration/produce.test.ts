import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, beforeEach, describe, it } from "mocha";
import * as vscode from "vscode";
import { COMMANDS, PREVIEW_SCHEME, PRODUCE_LANGUAGE } from "../../extension/ids.ts";
import type { ExtensionApi } from "../../extension/main.ts";
import type { LoadReport } from "../../runtime/api/load.ts";
import type { FieldBytes, Placement } from "../../runtime/api/model.ts";
import { decodePage } from "../../runtime/api/page.ts";
import {
  activate,
  FakePrompts,
  once,
  runningLab,
  untilStatus,
  workspaceFolder,
} from "./harness.ts";

const textOf = (field: FieldBytes | null): string => Buffer.from(field?.bytes ?? []).toString();

describe("producing in a window", () => {
  let api: ExtensionApi;
  const prompts = new FakePrompts();

  before(async () => {
    api = await activate();
    api.usePrompts(prompts);
    await api.controller.start();
    await untilStatus(api.controller, "running");
  });

  beforeEach(() => {
    prompts.notices.length = 0;
  });

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await api.controller.stop();
  });

  const run = (command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand(command, ...args);

  const fileUri = (name: string) => vscode.Uri.file(path.join(workspaceFolder(), name));

  async function documentWith(name: string, text: string): Promise<vscode.TextDocument> {
    await writeFile(fileUri(name).fsPath, text);
    return vscode.workspace.openTextDocument(fileUri(name));
  }

  /** The whole of a message that was just produced. */
  async function messageAt(topic: string, { partition, offset }: Placement) {
    const { page } = await runningLab(api.controller).request("messages/get", {
      ...{ topic, partition, offset },
    });
    const [message] = decodePage(page);
    assert.ok(message);
    return message;
  }

  async function countOf(topic: string): Promise<number> {
    await api.topics.refresh();
    const partitions = api.topics.find(topic)?.partitions ?? [];
    return partitions.reduce((sum, one) => sum + one.endOffset, 0);
  }

  /** Labels of what is offered at the `|` of the last line. */
  async function offered(name: string, ...lines: string[]): Promise<readonly string[]> {
    const text = lines.join("\n");
    const document = await documentWith(name, text.replace("|", ""));
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      document.positionAt(text.indexOf("|")),
    );
    return items.map(({ label }) => (typeof label === "string" ? label : label.label));
  }

  async function lenses(document: vscode.TextDocument): Promise<readonly string[]> {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
    );
    return found.map(({ range, command }) => `${range.start.line} ${command?.title ?? ""}`);
  }

  it("point 21: completes members, and those that are there already no more", async () => {
    const first = await offered("a.messages.jsonl", "{|}");
    for (const name of ["key", "value", "headers", "partition", "timestamp", "topic"]) {
      assert.ok(first.includes(name), `${name} in ${first.join()}`);
    }
    const second = await offered("b.messages.jsonl", '{"value": 1}', '{"key": "a", "|"}');
    assert.ok(second.includes("valueBase64"), second.join());
    for (const name of ["key", "keyBase64", "topic"]) assert.ok(!second.includes(name), name);
  });

  it("point 21: completes topics, partitions, header names and tombstones", async () => {
    await run(COMMANDS.createTopic, { name: "parcels", partitions: 2 });
    const produced = await documentWith(
      "parcels.messages.jsonl",
      '{"value": 1, "headers": {"trace": "1"}}\n',
    );
    await run(COMMANDS.produceDocument, produced.uri);
    await api.topics.refresh();
    assert.ok((await offered("c.messages.jsonl", '{"topic": "|"}')).includes("parcels"));
    const inTopic = (line: string, file: string) =>
      offered(file, '{"topic": "parcels"}', '{"value": 1, "headers": {"own": "1"}}', line);
    assert.deepEqual(await inTopic('{"partition": |}', "d.messages.jsonl"), ["0", "1"]);
    const headers = await inTopic('{"headers": {"|"}}', "e.messages.jsonl");
    assert.deepEqual(headers.toSorted(), ["own", "trace"]);
    assert.equal((await inTopic('{"value": |}', "f.messages.jsonl"))[0], "null");
  });

  it("point 21: says what a member means", async () => {
    const document = await documentWith("g.messages.jsonl", '{"value": null, "timestamp": 0}');
    assert.equal(document.languageId, PRODUCE_LANGUAGE);
    const about = async (column: number): Promise<string> => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        new vscode.Position(0, column),
      );
      const [content] = hovers.flatMap(({ contents }) => contents);
      return content instanceof vscode.MarkdownString ? content.value : "";
    };
    assert.match(await about(3), /null a tombstone/);
    assert.match(await about(11), /not the same as empty/);
    assert.match(await about(29), /1970-01-01T00:00:00.000Z/);
  });

  it("point 21: produces one line, shows where it went, and forgets it on a change", async () => {
    const text = '{"topic": "parcels"}\n{"key": "a", "value": 1, "partition": 1}\n{"value": 2}\n';
    const document = await documentWith("some.messages.jsonl", text);
    assert.deepEqual(await lenses(document), [
      "0 $(run-all) Produce All to parcels",
      "1 $(play) Produce",
      "2 $(play) Produce",
    ]);
    const placements = await run(COMMANDS.produceSelection, document.uri, 1);
    const [placement, ...more] = placements as readonly Placement[];
    assert.deepEqual([placement?.partition, more.length], [1, 0]);
    assert.ok(placement);
    const { key, value } = await messageAt("parcels", placement);
    assert.deepEqual([textOf(key), textOf(value)], ["a", "1"]);
    const [notice] = prompts.notices;
    assert.equal(notice?.message, "1 message produced to parcels.");
    assert.deepEqual(
      notice.actions.map(({ title }) => title),
      ["Show Message"],
    );
    assert.ok(
      (await lenses(document)).includes(`1 $(check) Partition 1, offset ${placement.offset}`),
    );
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), '{"value": 3}'));
    assert.ok(!(await lenses(document)).some((lens) => lens.includes("offset")));
    // The key for it takes the lines that the cursors are on.
    editor.selection = new vscode.Selection(2, 3, 3, 1);
    assert.equal(((await run(COMMANDS.produceSelection)) as readonly Placement[]).length, 2);
  });

  it("point 21: Show Message opens the grid of exactly that partition", async () => {
    const document = await documentWith("parcels.messages.jsonl", '{"value": 7, "partition": 1}\n');
    await run(COMMANDS.produceDocument, document.uri);
    const [action] = prompts.notices[0]?.actions ?? [];
    action?.run();
    const labels = () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map((t) => t.label));
    await once(vscode.window.tabGroups.onDidChangeTabs, () =>
      labels().includes("parcels [1]") ? true : undefined,
    );
  });

  it("invalid JSONL at line 7 is named with its column, and nothing is sent", async () => {
    const good = Array.from({ length: 6 }, (_, at) => `{"value": ${at}}`);
    const text = [...good, '{"value": {"a": }}', '{"value": 8}'].join("\n");
    const document = await documentWith("seven.messages.jsonl", text);
    assert.equal(await run(COMMANDS.produceDocument, document.uri), undefined);
    const [problem] = vscode.languages.getDiagnostics(document.uri);
    assert.deepEqual(problem?.range.start, new vscode.Position(6, 16));
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 6);

    const file = fileUri("seven.jsonl").fsPath;
    await writeFile(file, text);
    await run(COMMANDS.produceFile, { file, topic: "seven", form: "lines" });
    const notice = prompts.notices.at(-1)?.message;
    assert.equal(notice, "seven.jsonl:7:17: expected a JSON value. Nothing was produced.");
    assert.equal(await countOf("seven"), 0);
  });

  it("what the lab would refuse is named where it stands, and nothing is sent", async () => {
    const lines = Array.from({ length: 1_500 }, () => '{"value": 1, "partition": 0}');
    lines[1_400] = '{"value": 1, "partition": 5}';
    const document = await documentWith("far.messages.jsonl", lines.join("\n"));
    await assert.rejects(async () => run(COMMANDS.produceDocument, document.uri), /no partition 5/);
    const [problem] = vscode.languages.getDiagnostics(document.uri);
    assert.equal(problem?.range.start.line, 1_400);
    assert.equal(await countOf("far"), 0);
  });

  it("produces the bytes of a file as one value", async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at & 0xff);
    const file = fileUri("picture.bin").fsPath;
    await writeFile(file, bytes);
    const placements = await run(COMMANDS.produceFile, { file, topic: "pictures", form: "value" });
    const [placement] = placements as readonly Placement[];
    assert.ok(placement);
    const { key, value } = await messageAt("pictures", placement);
    assert.equal(key, null);
    assert.deepEqual(Buffer.from(value?.bytes ?? []), Buffer.from(bytes));
  });

  it("produces a file of many messages, all of them and in order", async () => {
    const count = 25_000;
    const lines = Array.from({ length: count }, (_, at) => `{"value": ${at}}`);
    const file = fileUri("many.jsonl").fsPath;
    await writeFile(file, lines.join("\n"));
    await run(COMMANDS.produceFile, { file, topic: "many", form: "lines" });
    assert.equal(prompts.notices[0]?.message, "25,000 messages produced to many.");
    const last = await messageAt("many", { partition: 0, offset: count - 1 });
    assert.equal(textOf(last.value), String(count - 1));
  });

  describe("from a template", () => {
    const TEMPLATE = [
      '{"topic": "made-up", "template": {"seed": 42, "count": 30}}',
      '{"key": "{{index}}", "value": {"who": "{{person.fullName}}", "at": "{{date.recent}}"}}',
    ].join("\n");

    async function values(topic: string, from: number, count: number): Promise<readonly string[]> {
      const { page } = await runningLab(api.controller).request("messages/read", {
        ...{ topic, partition: 0, from: { kind: "offset", offset: from }, limit: count, waitMs: 0 },
      });
      return decodePage(page).map(({ key, value }) => `${textOf(key)} ${textOf(value)}`);
    }

    it("point 21: the same seed gives the same messages twice, and a preview shows them", async () => {
      const document = await documentWith("template.messages.jsonl", TEMPLATE);
      assert.ok((await lenses(document)).includes("0 $(run-all) Produce 30 messages to made-up"));
      await run(COMMANDS.produceDocument, document.uri);
      await run(COMMANDS.produceDocument, document.uri);
      assert.match(prompts.notices[0]?.message ?? "", /^30 messages produced to made-up at /);
      const first = await values("made-up", 0, 30);
      assert.deepEqual(await values("made-up", 30, 30), first);
      assert.equal(new Set(first).size, 30);
      await run(COMMANDS.previewTemplate, document.uri);
      const shown = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === PREVIEW_SCHEME);
      assert.equal(shown?.languageId, PRODUCE_LANGUAGE);
      const lines = shown.getText().trimEnd().split("\n");
      const read = lines.slice(0, 30).map((line) => {
        const { key, value } = JSON.parse(line) as { key: string; value: unknown };
        return `${key} ${JSON.stringify(value)}`;
      });
      assert.deepEqual(
        read,
        first.map((text) => text.replaceAll(/": "/g, '":"').replaceAll(', "', ',"')),
      );
      assert.deepEqual(await lenses(shown), []);
    });

    it("point 21: completes and checks placeholders", async () => {
      const line = '{"value": "{{person.|"}';
      const names = await offered("p.messages.jsonl", '{"template": {}}', line);
      assert.ok(names.includes("person.fullName"), names.join());
      assert.ok((await offered("q.messages.jsonl", '{"template": {|}}')).includes("seed"));
      const wrong = '{"template": {}}\n{"value": "{{person.nme}}"}';
      const document = await documentWith("wrong.messages.jsonl", wrong);
      assert.equal(await run(COMMANDS.produceDocument, document.uri), undefined);
      const [problem] = vscode.languages.getDiagnostics(document.uri);
      assert.deepEqual(problem?.range, new vscode.Range(1, 13, 1, 23));
    });

    it("generates a load of a rate and a time", async () => {
      const document = await documentWith(
        "load.messages.jsonl",
        TEMPLATE.replace("made-up", "load"),
      );
      const size = { durationMs: 1_000, rate: 200 };
      const report = await run(COMMANDS.generateLoad, { uri: document.uri, ...size });
      const { sent, rate } = report as LoadReport;
      assert.equal(sent, 200);
      assert.ok(rate > 180 && rate < 201, String(rate));
      prompts.inputs = ["7", ""];
      const small = (await run(COMMANDS.generateLoad, document.uri)) as LoadReport;
      assert.deepEqual([small.sent, small.outcome], [7, "done"]);
    });
  });
});

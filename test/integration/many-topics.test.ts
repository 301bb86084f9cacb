/** The Topics view with as many topics as a large cluster has. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import kafkajs, { type Admin } from "kafkajs";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { VIEWS } from "../../extension/ids.ts";
import type { ExtensionApi } from "../../extension/main.ts";
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

const TOPICS = 10_000;
const AT_ONCE = 1_000;
/** Bounds that a busy machine keeps as well; the lines that are printed say how long it took. */
const MAX_LIST_MS = 3_000;
const MAX_ITEMS_MS = 1_000;
const MAX_CHANGE_MS = 1_000;

describe("the Topics view with 10,000 topics", function () {
  this.timeout(120_000);
  let api: ExtensionApi;
  let admin: Admin;
  const prompts = new FakePrompts();

  before(async () => {
    api = await activate();
    api.usePrompts(prompts);
    await startEmptyLab(api, prompts);
    await vscode.commands.executeCommand(`${VIEWS.topics}.focus`);
    const { bootstrap } = runningLab(api.controller).info;
    const logLevel = kafkajs.logLevel.NOTHING;
    const client = new kafkajs.Kafka({ brokers: [bootstrap], logLevel, requestTimeout: 60_000 });
    admin = client.admin();
    await admin.connect();
    for (let at = 0; at < TOPICS; at += AT_ONCE) await create(at, AT_ONCE);
  });
  after(async () => {
    await admin?.disconnect();
    await leaveNothing(api, prompts);
  });

  async function create(from: number, count: number): Promise<void> {
    const topics = Array.from({ length: count }, (_, i) => ({ topic: `topic-${from + i}` }));
    await admin.createTopics({ topics, waitForLeaders: false, timeout: 60_000 });
  }

  it("lists them, and makes their rows, without delay", async () => {
    const started = performance.now();
    await api.topics.refresh();
    const listed = performance.now();
    const nodes = api.tree.getChildren();
    assert.equal(nodes.length, TOPICS);
    for (const node of nodes) api.tree.getTreeItem(node);
    const made = performance.now();
    const [listMs, itemsMs] = [listed - started, made - listed];
    console.info(`list ${listMs.toFixed(0)} ms, rows ${itemsMs.toFixed(0)} ms`);
    assert.ok(listMs < MAX_LIST_MS, `${listMs} ms`);
    assert.ok(itemsMs < MAX_ITEMS_MS, `${itemsMs} ms`);
    assert.equal(api.tree.getTreeItem(nodes[2] ?? assert.fail()).label, "topic-2");
  });

  it("draws one row anew when one topic has changed, and soon", async () => {
    const file = path.join(workspaceFolder(), "many.test.jsonl");
    await writeFile(file, '{"value": 1}\n');
    /** Produces one message and resolves with how long after that it was drawn. */
    const produce = async (count: number): Promise<number> => {
      const changed = once(api.tree.onDidChangeTreeData, () =>
        api.topics.find("topic-7777")?.partitions[0]?.endOffset === count ? true : undefined,
      );
      await streamside(["produce", "topic-7777", "--file", file]);
      const produced = performance.now();
      await changed;
      return performance.now() - produced;
    };
    // The first one may be drawn together with topics that have just come.
    await produce(1);
    const drawn: unknown[] = [];
    const listening = api.tree.onDidChangeTreeData((nodes) => drawn.push(nodes?.length));
    const seenMs = await produce(2);
    console.info(`seen ${seenMs.toFixed(0)} ms after the command had ended`);
    listening.dispose();
    assert.deepEqual(drawn, [1]);
    assert.ok(seenMs < MAX_CHANGE_MS, `${seenMs} ms`);
  });

  it("puts a new topic in its place without reading the others again", async () => {
    const started = performance.now();
    const changed = once(api.tree.onDidChangeTreeData, () => api.topics.find("topic-5555a"));
    await admin.createTopics({ topics: [{ topic: "topic-5555a" }], waitForLeaders: false });
    await changed;
    console.info(
      `new topic seen ${(performance.now() - started).toFixed(0)} ms after it was asked for`,
    );
    const labels = api.tree.getChildren().map((node) => api.tree.getTreeItem(node).label);
    assert.equal(labels[labels.indexOf("topic-5555") + 1], "topic-5555a");
    assert.equal(labels.length, TOPICS + 1);
  });
});

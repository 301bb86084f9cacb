/** The Consumers view beside a real Kafka client: kafkajs in the extension host. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import kafkajs, { type Consumer } from "kafkajs";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { COMMANDS, PANELS, VIEWS } from "../../extension/ids.ts";
import type { ExtensionApi } from "../../extension/main.ts";
import type { ConsumerNode, ProgressNode } from "../../extension/views/group-nodes.ts";
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

const GROUP = "orders-app";
const TOPIC = "consumed";
const COUNT = 20;

describe("the Consumers view", () => {
  let api: ExtensionApi;
  let consumer: Consumer | undefined;
  const prompts = new FakePrompts();

  before(async () => {
    api = await activate();
    api.usePrompts(prompts);
    await startEmptyLab(api, prompts);
    await run(`${VIEWS.consumers}.focus`);
    await streamside(["topics", "create", TOPIC, "--partitions", "2"]);
    await produce(0, COUNT);
  });
  after(async () => {
    await consumer?.disconnect();
    await leaveNothing(api, prompts);
  });

  const run = (command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand(command, ...args);

  /** Produces numbered messages, half of them to each partition. */
  async function produce(from: number, count: number): Promise<void> {
    const file = path.join(workspaceFolder(), "consumed.test.jsonl");
    const lines = Array.from({ length: count }, (_, i) =>
      JSON.stringify({ value: from + i, partition: i % 2, timestamp: (from + i) * 1_000 }),
    );
    await writeFile(file, `${lines.join("\n")}\n`);
    await streamside(["produce", TOPIC, "--file", file]);
  }

  async function consume(clientId = "reader-1"): Promise<Consumer> {
    const { bootstrap } = runningLab(api.controller).info;
    const kafka = new kafkajs.Kafka({
      ...{ clientId, brokers: [bootstrap] },
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const started = kafka.consumer({ groupId: GROUP, maxWaitTimeInMs: 200 });
    await started.connect();
    await started.subscribe({ topics: [TOPIC], fromBeginning: true });
    await started.run({ autoCommitInterval: 100, eachMessage: () => Promise.resolve() });
    return started;
  }

  const label = (node: ConsumerNode) =>
    api.consumers.getTreeItem(node).accessibilityInformation?.label;
  const children = (node?: ConsumerNode) => api.consumers.getChildren(node);
  const group = async () => (await children())[0];
  const until = (wanted: RegExp) =>
    once(api.groups.onDidChange, () => {
      const found = api.groups.find(GROUP);
      const texts = `${found?.state}, ${found?.memberCount} members, lag ${found?.lag}`;
      return wanted.test(texts) ? texts : undefined;
    });
  /** The partitions of the group, whoever has them. */
  async function rows(): Promise<ProgressNode[]> {
    const node = await group();
    const below = node === undefined ? [] : await children(node);
    const all = await Promise.all(
      below.map(async (one) => (one.kind === "member" ? children(one) : [one])),
    );
    return all.flat().filter((one) => one.kind === "progress");
  }
  const committed = async () => (await rows()).map(({ progress }) => progress.committed);

  it("shows a group, its member and their partitions as they come, by itself", async () => {
    assert.deepEqual(await children(), []);
    consumer = await consume();
    await until(/^Stable, 1 members, lag 0$/);
    const node = await group();
    assert.ok(node?.kind === "group");
    assert.match(label(node) ?? "", /^orders-app, stable, (rebalanced, )?1 member, lag 0$/);
    // One partition can be committed before the other; open groups are followed in full.
    await children(node);
    await once(api.groups.onDidChange, () => {
      const progress = api.groups.details(GROUP)?.progress ?? [];
      return progress.filter(({ lag }) => lag === 0).length === 2 ? true : undefined;
    });
    const [member] = await children(node);
    assert.ok(member?.kind === "member");
    assert.match(label(member) ?? "", /^Member reader-1 at 127\.0\.0\.1, 2 partitions, lag 0$/);
    assert.deepEqual((await children(member)).map(label), [
      "Partition 0 of consumed, committed 10, end 10, lag 0",
      "Partition 1 of consumed, committed 10, end 10, lag 0",
    ]);
  });

  it("shows a rebalance, and who has which partition after it", async () => {
    const second = await consume("reader-2");
    await until(/^Stable, 2 members, lag 0$/);
    const node = await group();
    assert.ok(node?.kind === "group");
    assert.equal(label(node), "orders-app, stable, rebalanced, 2 members, lag 0");
    const members = (await children(node)).map((one) => (label(one) ?? "").replace(/, lag.*/, ""));
    assert.deepEqual(members.toSorted(), [
      "Member reader-1 at 127.0.0.1, 1 partition",
      "Member reader-2 at 127.0.0.1, 1 partition",
    ]);
    await second.disconnect();
    await until(/^Stable, 1 members, lag 0$/);
  });

  it("peeks from the offset that is committed", async () => {
    const [first] = await rows();
    await run(COMMANDS.peekCommitted, first);
    const isGrid = ({ input, label: title }: vscode.Tab) =>
      input instanceof vscode.TabInputWebview &&
      input.viewType.endsWith(PANELS.grid) &&
      title === "consumed [0]";
    await once(vscode.window.tabGroups.onDidChangeTabs, () =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(isGrid)) ? true : undefined,
    );
  });

  it("point 10: agrees with the offsets that a client reads by itself", async () => {
    const { bootstrap } = runningLab(api.controller).info;
    const admin = new kafkajs.Kafka({
      ...{ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING },
    }).admin();
    await admin.connect();
    const [offsets] = await admin.fetchOffsets({ groupId: GROUP, topics: [TOPIC] });
    await admin.disconnect();
    const theirs = offsets?.partitions
      .toSorted((a, b) => a.partition - b.partition)
      .map(({ offset }) => Number(offset));
    assert.deepEqual(theirs, await committed());
  });

  it("point 26: refuses a reset with the reason while the group is active, before it asks anything", async () => {
    prompts.notices.length = 0;
    prompts.lists.length = 0;
    await run(COMMANDS.resetOffsets, await group());
    assert.match(
      prompts.notices[0]?.message ?? "",
      /^Group orders-app is Stable with 1 member\(s\)\. Stop its consumers first\.$/,
    );
    assert.deepEqual(prompts.lists, []);
    assert.deepEqual(await committed(), [10, 10]);
  });

  it("does not delete a group with members, nor what they committed", async () => {
    prompts.notices.length = 0;
    prompts.questions.length = 0;
    await run(COMMANDS.deleteGroup, await group());
    await run(COMMANDS.deleteOffsets, await group());
    assert.deepEqual(
      prompts.notices.map(({ message }) => message),
      Array(2).fill("Group orders-app has a member. Stop its consumer first."),
    );
    assert.deepEqual(prompts.questions, []);
  });

  it("follows a member that leaves, and the lag that grows then", async () => {
    await consumer?.disconnect();
    consumer = undefined;
    await until(/^Empty, 0 members, lag 0$/);
    await produce(COUNT, 2);
    await until(/^Empty, 0 members, lag 2$/);
    assert.deepEqual(
      (await rows()).map((node) => node.parent.kind),
      ["group", "group"],
    );
  });

  it("lets the lab be while nobody looks, and is true again when somebody does", async () => {
    await run("workbench.view.explorer");
    await produce(COUNT, 4);
    await once(api.topics.onDidChange, () => {
      const ends = api.topics.find(TOPIC)?.partitions.map(({ endOffset }) => endOffset);
      return ends?.join() === "13,13" ? true : undefined;
    });
    assert.equal(api.groups.find(GROUP)?.lag, 2);
    await run(`${VIEWS.consumers}.focus`);
    await until(/^Empty, 0 members, lag 6$/);
  });

  const resetTo = async (choice: string, ...inputs: string[]) => {
    prompts.choices = [choice];
    prompts.inputs = inputs;
    prompts.lists.length = 0;
    await run(COMMANDS.resetOffsets, await group());
    return prompts.lists[0]?.map((item) => `${item.label} ${item.description}`);
  };

  it("point 26: resets to earliest, latest, an offset, a time and by a shift, after a preview of each partition", async () => {
    assert.deepEqual(await resetTo("Earliest"), [
      "consumed [0] 10 → 0 · reads 10 again",
      "consumed [1] 10 → 0 · reads 10 again",
    ]);
    assert.deepEqual(await committed(), [0, 0]);
    assert.deepEqual(await resetTo("Offset...", "4"), [
      "consumed [0] 0 → 4 · skips 4",
      "consumed [1] 0 → 4 · skips 4",
    ]);
    assert.deepEqual(await committed(), [4, 4]);
    await resetTo("Time...", "1970-01-01T00:00:13Z");
    assert.deepEqual(await committed(), [7, 6]);
    await resetTo("Shift...", "-2");
    assert.deepEqual(await committed(), [5, 4]);
    await resetTo("Latest");
    assert.deepEqual(await committed(), [13, 13]);
    assert.equal((await streamside(["groups", GROUP])).includes("Empty"), true);
  });

  it("point 26: resets one partition, and moves what lies outside to the nearest offset there is", async () => {
    const [, second] = await rows();
    prompts.choices = ["Offset..."];
    prompts.inputs = ["500"];
    prompts.lists.length = 0;
    await streamside(["reset", GROUP, TOPIC, "--to", "earliest"]);
    await run(COMMANDS.resetOffsets, second);
    assert.deepEqual(
      prompts.lists[0]?.map((item) => `${item.label} ${item.description}`),
      ["consumed [1] 0 → 13 · skips 13 · nearest offset there is"],
    );
    assert.deepEqual(await committed(), [0, 13]);
  });

  it("point 26: a client goes on where the reset left it", async () => {
    await resetTo("Offset...", "9");
    consumer = await consume();
    await until(/^Stable, 1 members, lag 0$/);
    await consumer.disconnect();
    consumer = undefined;
    await until(/^Empty, 0 members/);
    assert.deepEqual(await committed(), [13, 13]);
  });

  it("forgets what was committed for a partition, after naming it", async () => {
    prompts.questions.length = 0;
    prompts.says = true;
    const [first] = await rows();
    await run(COMMANDS.deleteOffsets, first);
    assert.equal(
      prompts.questions[0]?.message,
      "Delete the offsets that orders-app committed for consumed?",
    );
    assert.match(prompts.questions[0]?.detail ?? "", /^Partition 0: 13\n/);
    assert.deepEqual(await committed(), [13]);
  });

  it("does nothing on Delete when no group is selected", async () => {
    prompts.lists.length = 0;
    prompts.questions.length = 0;
    await run(COMMANDS.deleteGroup, { selection: true });
    assert.deepEqual([prompts.lists, prompts.questions], [[], []]);
  });

  it("deletes a group, after naming it", async () => {
    prompts.questions.length = 0;
    await run(COMMANDS.deleteGroup, await group());
    assert.equal(prompts.questions[0]?.message, "Delete consumer group orders-app, lag 0?");
    assert.deepEqual(await children(), []);
  });
});

/** What the trees show beside what kcat and Kafka's own tools say of the same lab. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { after, before, describe, it } from "mocha";
import { childrenOfGroup, childrenOfMember, GroupNode } from "../../extension/views/group-nodes.ts";
import { groupLabel, groupTooltip, progressLabel } from "../../extension/views/group-text.ts";
import { partitionLabel, topicLabel, type Wording } from "../../extension/views/topic-text.ts";
import type { GroupOverview } from "../../runtime/api/group-admin.ts";
import type { GroupDetails, TopicSummary } from "../../runtime/api/model.ts";
import { streamside } from "../support/lab-process.ts";
import { skip } from "../support/skip.ts";
import { waitFor } from "../support/wait-for.ts";
import { CLIENTS } from "./clients.ts";
import { runKcat } from "./kcat-client.ts";
import { LabUnderTest } from "./lab-under-test.ts";
import { kafkaScripts } from "./suites/kafka-scripts.ts";

const COUNT = 30;
const PARTITIONS = [0, 1, 2];
const COMMITTED = [4, 7, 10];
const DELETED = 3;

const wording: Wording = {
  t: (sentence, ...values) =>
    sentence.replaceAll(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)])),
  locale: "en",
};

describe("the trees beside other tools", () => {
  const kcat = process.env["KCAT"] ?? "";
  let lab: LabUnderTest;

  async function run(...args: string[]): Promise<string[]> {
    const { code, stdout, stderr } = await streamside([...args, "--data", lab.process.ready.data]);
    assert.equal(code, 0, stderr);
    return stdout.split("\n").filter((line) => line !== "");
  }
  async function ask<T>(...args: string[]): Promise<T> {
    return JSON.parse((await run(...args, "--json"))[0] ?? "null") as T;
  }

  /** The rows of the Topics view about `orders`, as a screen reader says them. */
  async function topicRows(): Promise<string[]> {
    const topic = await ask<TopicSummary>("topics", "describe", "orders");
    const partitions = topic.partitions.map((one) => partitionLabel(topic, one, wording));
    return [topicLabel(topic, wording), ...partitions];
  }

  async function overviewOf(group: string): Promise<GroupOverview> {
    const groups = (await run("groups", "--json")).map((line) => JSON.parse(line) as GroupOverview);
    const found = groups.find(({ groupId }) => groupId === group);
    assert.ok(found !== undefined, group);
    return found;
  }

  /** The rows of the Consumers view about the group, which has no members. */
  async function groupRows(): Promise<string[]> {
    const overview = await overviewOf("orders-app");
    const details = await ask<GroupDetails>("groups", "describe", "orders-app");
    const rows = childrenOfGroup(new GroupNode(overview), details).map((node) =>
      node.kind === "progress" ? progressLabel(node.progress, wording) : node.kind,
    );
    return [groupLabel(overview, false, wording), ...rows];
  }

  before(async function () {
    if (kcat === "") skip(this, process.env["KCAT_MISSING"] ?? "KCAT is not set");
    lab = await LabUnderTest.start();
    await run("topics", "create", "orders", "--partitions", String(PARTITIONS.length));
    const lines = Array.from({ length: COUNT }, (_, n) =>
      JSON.stringify({ value: n, partition: n % PARTITIONS.length }),
    );
    const { data } = lab.process.ready;
    await streamside(["produce", "orders", "--data", data], lines.join("\n"));
    const asGroup = ["-b", lab.bootstrap, "-G", "orders-app", "orders", "-q", "-e"];
    await runKcat(kcat, [...asGroup, "-X", "auto.offset.reset=earliest"]);
    for (const partition of PARTITIONS) {
      const to = ["--to", `offset:${COMMITTED[partition]}`, "--partition", String(partition)];
      await run("reset", "orders-app", "orders", ...to);
    }
    const before = ["--before", `offset:${DELETED}`, "--partition", "1"];
    await run("topics", "delete-records", "orders", ...before);
  });
  after(() => lab?.dispose());

  it("point 10: kcat sees the topics, partitions and offsets of the Topics view", async () => {
    const listed = await runKcat(kcat, ["-b", lab.bootstrap, "-L", "-J", "-t", "orders"]);
    const metadata = JSON.parse(String(listed.stdout)) as {
      readonly topics: readonly { readonly partitions: readonly { partition: number }[] }[];
    };
    const indexes = metadata.topics[0]?.partitions.map(({ partition }) => partition);
    assert.deepEqual(indexes, PARTITIONS);
    const offset = async (partition: number, at: number) => {
      const asked = ["-b", lab.bootstrap, "-Q", "-t", `orders:${partition}:${at}`];
      const { stdout } = await runKcat(kcat, asked);
      return Number(/offset (\d+)/.exec(String(stdout))?.[1]);
    };
    const [topic, ...rows] = await topicRows();
    let count = 0;
    for (const partition of PARTITIONS) {
      const [start, end] = [await offset(partition, -2), await offset(partition, -1)];
      count += end - start;
      assert.match(
        rows[partition] ?? "",
        new RegExp(`^Partition ${partition} of orders, .*, offsets ${start} – ${end - 1} `),
      );
    }
    assert.equal(topic, `orders, 3 partitions, ${count} messages`);
    assert.equal(count, COUNT - DELETED);
  });

  it("shows a group of KIP-848 as such, with its members and their partitions", async function () {
    this.timeout(90_000);
    const client = CLIENTS.find(({ name }) => name.includes("librdkafka), consumer group"));
    assert.ok(client !== undefined);
    if (client.missing !== undefined) skip(this, client.missing);
    const session = await client.start(lab.bootstrap);
    try {
      const member = await session.join("new-app", "orders");
      await waitFor("its partitions", () => member.assigned.length === PARTITIONS.length, 60_000);
      await member.commit(new Map([[0, 5]]));
      const overview = await overviewOf("new-app");
      assert.equal(groupLabel(overview, false, wording), "new-app, stable, 1 member, lag 5");
      const { epoch } = overview;
      assert.ok(
        groupTooltip(overview, wording).endsWith(`Consumer group (KIP-848), epoch ${epoch}`),
      );
      const details = await ask<GroupDetails>("groups", "describe", "new-app");
      const [node, ...more] = childrenOfGroup(new GroupNode(overview), details);
      assert.ok(node?.kind === "member");
      assert.deepEqual(more, []);
      assert.deepEqual(
        childrenOfMember(node).map(({ progress }) => progressLabel(progress, wording)),
        [
          "Partition 0 of orders, committed 5, end 10, lag 5",
          "Partition 1 of orders, nothing committed, end 10",
          "Partition 2 of orders, nothing committed, end 10",
        ],
      );
    } finally {
      await session.kill();
    }
  });

  it("point 10: kafka-topics and kafka-consumer-groups say what the trees show", async function () {
    if (process.env["CONFORMANCE"] !== "full") skip(this, "in full mode only (CONFORMANCE=full)");
    const runClass = path.join(await kafkaScripts(), "bin/kafka-run-class.sh");
    const tool = async (name: string, ...args: string[]) => {
      const all = [`org.apache.kafka.tools.${name}`, "--bootstrap-server", lab.bootstrap, ...args];
      return (await promisify(execFile)(runClass, all)).stdout;
    };
    const described = await tool("TopicCommand", "--describe", "--topic", "orders");
    const partitions = /PartitionCount: (\d+)/.exec(described)?.[1];
    assert.match((await topicRows())[0] ?? "", new RegExp(`^orders, ${partitions} partitions, `));

    const name = "consumer.group.ConsumerGroupCommand";
    const progress = await tool(name, "--describe", "--group", "orders-app");
    const theirs = [...progress.matchAll(/^orders-app\s+orders\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)/gm)]
      .toSorted((a, b) => Number(a[1]) - Number(b[1]))
      .map(
        ([, partition, committed, end, lag]) =>
          `Partition ${partition} of orders, committed ${committed}, end ${end}, lag ${lag}`,
      );
    const [group, ...rows] = await groupRows();
    assert.deepEqual(rows, theirs);
    const state = await tool(name, "--describe", "--group", "orders-app", "--state");
    assert.match(state, /orders-app\s.*\sEmpty\s+0\s*$/m);
    const sum = COMMITTED.reduce((all, offset) => all + COUNT / PARTITIONS.length - offset, 0);
    assert.equal(group, `orders-app, empty, lag ${sum}`);
  });
});

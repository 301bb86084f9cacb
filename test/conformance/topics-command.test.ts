/** `streamside topics` and `groups` as scripts use them: JSON out, exit codes, all or nothing. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { GroupOverview } from "../../runtime/api/group-admin.ts";
import type { TopicSummary } from "../../runtime/api/model.ts";
import type { DeletionStep, TopicConfigEntry } from "../../runtime/api/topic-admin.ts";
import { streamside } from "../support/lab-process.ts";
import { LabUnderTest } from "./lab-under-test.ts";
import { commitOffset } from "./wire-client.ts";

describe("topics and groups by command", () => {
  let lab: LabUnderTest;

  async function run(...args: string[]) {
    const { data } = lab.process.ready;
    const { code, stdout, stderr } = await streamside([...args, "--data", data]);
    return { code, stderr, lines: stdout.split("\n").filter((line) => line !== "") };
  }
  async function json<T>(...args: string[]): Promise<T[]> {
    const { code, stderr, lines } = await run(...args, "--json");
    assert.equal(code, 0, stderr);
    return lines.map((line) => JSON.parse(line) as T);
  }
  const names = async () => (await json<TopicSummary>("topics")).map(({ name }) => name);
  const config = async (name: string) =>
    (await json<TopicConfigEntry>("topics", "config", "t")).find((one) => one.name === name);

  before(async () => {
    lab = await LabUnderTest.start();
    const create = ["topics", "create", "t", "--partitions", "2"];
    const [topic] = await json<TopicSummary>(...create, "--config", "retention.ms=5000");
    assert.equal(topic?.partitions.length, 2);
    const lines = [0, 1, 2, 3].map((n) => JSON.stringify({ value: n, partition: n % 2 }));
    await streamside(["produce", "t", "--data", lab.process.ready.data], lines.join("\n"));
  });
  after(() => lab.dispose());

  it("configures a topic: all changes or none", async () => {
    assert.equal((await config("retention.ms"))?.value, "5000");
    const bad = await run("topics", "config", "t", "--set", "segment.ms=9", "--set", "nope=1");
    assert.equal(bad.code, 1);
    assert.match(bad.stderr, /nothing was changed\. Unknown topic config name: nope/);
    assert.equal((await config("segment.ms"))?.source, "default");
    const good = await run(
      "topics",
      "config",
      "t",
      "--unset",
      "retention.ms",
      "--set",
      "segment.ms=9",
    );
    assert.equal(good.code, 0, good.stderr);
    assert.equal((await config("retention.ms"))?.source, "default");
    assert.equal((await config("segment.ms"))?.value, "9");
  });

  it("adds partitions, and says when there would be fewer", async () => {
    const [topic] = await json<TopicSummary>("topics", "add-partitions", "t", "--total", "3");
    assert.equal(topic?.partitions.length, 3);
    const fewer = await run("topics", "add-partitions", "t", "--total", "1");
    assert.equal(fewer.code, 1);
    assert.match(fewer.stderr, /would not be an increase/);
  });

  it("deletes records after a look, and empties a topic", async () => {
    const args = ["topics", "delete-records", "t", "--before", "offset:1"];
    const planned = await json<DeletionStep & { topic: string }>(...args, "--dry-run");
    assert.deepEqual(planned, [
      { topic: "t", partition: 0, from: 0, to: 1 },
      { topic: "t", partition: 1, from: 0, to: 1 },
      { topic: "t", partition: 2, from: 0, to: 0 },
    ]);
    const starts = async () =>
      (await json<TopicSummary>("topics", "describe", "t"))[0]?.partitions.map(
        ({ startOffset }) => startOffset,
      );
    assert.deepEqual(await starts(), [0, 0, 0]);
    assert.match((await run(...args)).stderr, /2 message\(s\) of t were deleted/);
    assert.deepEqual(await starts(), [1, 1, 0]);
    await json("topics", "empty", "t");
    assert.deepEqual(await starts(), [2, 2, 0]);
  });

  it("forgets a group's offsets, and the group", async () => {
    assert.equal(await commitOffset(lab.bootstrap, "g", "t", 0, 2), 0);
    const [group] = await json<GroupOverview>("groups");
    assert.deepEqual([group?.groupId, group?.state, group?.lag], ["g", "Empty", 0]);
    assert.deepEqual(await json("groups", "delete-offsets", "g", "t"), [
      { topic: "t", partition: 0 },
    ]);
    assert.equal((await run("groups", "delete-offsets", "g", "t")).code, 1);
    assert.equal((await run("groups", "delete", "g", "h")).code, 1);
    assert.deepEqual(await json("groups"), []);
  });

  it("deletes what is there, names what is not, and tells misuse from failure", async () => {
    await json("topics", "create", "u");
    const deleted = await run("topics", "delete", "t", "nope", "u");
    assert.equal(deleted.code, 1);
    assert.match(deleted.stderr, /There is no topic 'nope'/);
    assert.deepEqual(await names(), []);
    assert.equal((await run("topics", "describe", "t")).code, 1);
    assert.equal((await run("topics", "delete")).code, 2);
    assert.equal((await run("groups", "delete-offsets", "g")).code, 2);
  });
});

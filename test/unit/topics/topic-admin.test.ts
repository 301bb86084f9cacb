import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { DeletionTarget } from "../../../runtime/api/topic-admin.ts";
import { LocalCluster } from "../../../runtime/cluster/local.ts";
import { LocalTopicAdmin } from "../../../runtime/cluster/local-topic-admin.ts";
import type { ConfigChange } from "../../../runtime/cluster/topic-admin.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { deleteRecords, emptyTopic, planDeletion } from "../../../runtime/topics/delete-records.ts";
import { type LocalBroker, openLocalBroker } from "../../support/local-broker.ts";

describe("changing topics", () => {
  let local: LocalBroker;
  let cluster: LocalCluster;
  let admin: LocalTopicAdmin;
  beforeEach(async () => {
    local = await openLocalBroker();
    cluster = new LocalCluster(local.broker, local.clock);
    admin = new LocalTopicAdmin(local.broker);
    await cluster.createTopic({ name: "t", partitions: 2, configs: { "retention.ms": "5000" } });
    for (const [partition, count] of [
      [0, 10],
      [1, 4],
    ] as const) {
      const records = Array.from({ length: count }, (_, i) => ({
        ...{ timestampMs: 1_000 + i * 100, key: null, value: Buffer.from("x"), headers: [] },
      }));
      // A batch each: a time is found at the first record that is at or after it.
      await cluster.append("t", partition, buildBatch(records));
    }
  });
  afterEach(() => local.stop());

  const config = async (name: string) =>
    (await admin.configs("t"))?.find((each) => each.name === name);
  const starts = async (topic: string) =>
    (await cluster.topic(topic))?.partitions.map(({ startOffset }) => startOffset);
  const plan = async (target: DeletionTarget, partition?: number) => {
    const planned = await planDeletion(cluster, "t", partition, target);
    assert.ok(planned.kind === "plan", JSON.stringify(planned));
    return planned.steps;
  };
  const ends = async (target: DeletionTarget, partition?: number) =>
    (await plan(target, partition)).map(({ to }) => to);

  it("describes every configuration with value, default, source, type, range and what it does", async () => {
    assert.deepEqual(await config("retention.ms"), {
      ...{ name: "retention.ms", value: "5000", defaultValue: "604800000", source: "topic" },
      ...{ type: "long", min: -1, max: undefined, oneOf: undefined },
      ...{ documentation: "Age beyond which segments go; -1 keeps them for ever." },
      ...{ readOnly: false, sensitive: false },
    });
    const policy = await config("cleanup.policy");
    assert.equal(policy?.source, "default");
    assert.deepEqual(policy.oneOf, ["compact", "delete"]);
    assert.equal(await admin.configs("nope"), undefined);
    const undescribed = (await admin.configs("t"))?.filter((one) => one.documentation === "");
    assert.deepEqual(undescribed, []);
  });

  it("sets and unsets configurations, and leaves the others", async () => {
    const changes = [
      { name: "cleanup.policy", value: "compact" },
      { name: "retention.ms", value: null },
    ];
    assert.deepEqual(await admin.alterConfigs("t", changes, true), { kind: "altered" });
    assert.equal((await config("cleanup.policy"))?.value, "delete");
    assert.deepEqual(await admin.alterConfigs("t", changes, false), { kind: "altered" });
    assert.equal((await config("cleanup.policy"))?.source, "topic");
    assert.equal((await config("retention.ms"))?.source, "default");
  });

  it("names each change that cannot be, and makes none", async () => {
    const faults = async (...changes: ConfigChange[]) => {
      const outcome = await admin.alterConfigs("t", changes, false);
      assert.ok(outcome.kind === "invalid", outcome.kind);
      return outcome.faults.map(({ name, message }) => [name, message]);
    };
    assert.deepEqual(
      await faults(
        { name: "retention.ms", value: "soon" },
        { name: "segment.ms", value: "1" },
        { name: "retntion.ms", value: "1" },
        { name: "cleanup.policy", value: "keep" },
      ),
      [
        [
          "retention.ms",
          "Invalid value soon for configuration retention.ms: Not a number of type LONG",
        ],
        ["retntion.ms", "Unknown topic config name: retntion.ms"],
        [
          "cleanup.policy",
          "Invalid value keep for configuration cleanup.policy: String must be one of: compact, delete",
        ],
      ],
    );
    const [fault] = await faults(
      { name: "segment.ms", value: "1000" },
      { name: "max.compaction.lag.ms", value: "5" },
      { name: "min.compaction.lag.ms", value: "6" },
    );
    assert.equal(fault?.[0], "max.compaction.lag.ms");
    assert.equal((await config("segment.ms"))?.source, "default");
    const gone = await admin.alterConfigs("nope", [], false);
    assert.ok(gone.kind === "refused" && gone.reason === "unknown");
  });

  it("adds partitions, and never takes any away", async () => {
    const added = await admin.addPartitions("t", 5);
    assert.ok(added.kind === "added");
    assert.equal(added.topic.partitions.length, 5);
    for (const total of [5, 1]) {
      const outcome = await admin.addPartitions("t", total);
      assert.ok(outcome.kind === "refused" && outcome.reason === "invalid-partitions");
    }
    assert.equal((await cluster.topic("t"))?.partitions.length, 5);
  });

  it("plans a deletion up to an offset, a time or the end, partition by partition", async () => {
    assert.deepEqual(await ends({ kind: "end" }), [10, 4]);
    assert.deepEqual(await ends({ kind: "offset", offset: 3 }, 0), [3]);
    assert.deepEqual(await ends({ kind: "offset", offset: 7 }), [7, 4]);
    assert.deepEqual(await ends({ kind: "time", timestampMs: 1_250 }), [3, 3]);
    assert.deepEqual(await ends({ kind: "time", timestampMs: 1_900 }), [9, 4]);
    const beyond = await planDeletion(cluster, "t", 1, { kind: "offset", offset: 5 });
    assert.ok(beyond.kind === "refused" && beyond.reason === "out-of-range");
    assert.match(beyond.message, /Partition 1 of t ends at offset 4/);
    const missing = await planDeletion(cluster, "t", 2, { kind: "end" });
    assert.ok(missing.kind === "refused" && /no partition 2/.test(missing.message));
  });

  it("deletes records as planned, and plans nothing for what is gone already", async () => {
    const steps = await plan({ kind: "time", timestampMs: 1_250 });
    assert.deepEqual(await deleteRecords(admin, "t", steps), { kind: "deleted" });
    assert.deepEqual(await starts("t"), [3, 3]);
    assert.deepEqual(await plan({ kind: "offset", offset: 2 }, 0), [
      { partition: 0, from: 3, to: 3 },
    ]);
  });

  it("empties a topic, and keeps its offsets", async () => {
    assert.deepEqual(await emptyTopic(cluster, admin, "t"), { kind: "deleted" });
    assert.deepEqual(await starts("t"), [10, 4]);
    const gone = await emptyTopic(cluster, admin, "nope");
    assert.ok(gone.kind === "refused" && gone.reason === "unknown");
  });

  it("says what to do about a topic that is compacted", async () => {
    await admin.alterConfigs("t", [{ name: "cleanup.policy", value: "compact" }], false);
    const outcome = await emptyTopic(cluster, admin, "t");
    assert.ok(outcome.kind === "refused");
    assert.match(outcome.message, /compacted.*Set cleanup\.policy to compact,delete first/);
    assert.deepEqual(await starts("t"), [0, 0]);
  });

  it("tells of the topic that has changed, also when retention took its records", async () => {
    await cluster.deleteTopic("t");
    const changed: string[] = [];
    cluster.onChange((name) => changed.push(name));
    await cluster.createTopic({ name: "u", partitions: 1, configs: { "segment.ms": "1" } });
    await cluster.append("u", 0, buildBatch([record(1)]));
    local.clock.advance(10);
    await cluster.append("u", 0, buildBatch([record(11)]));
    assert.deepEqual([...new Set(changed.splice(0))], ["u"]);
    await admin.alterConfigs("u", [{ name: "retention.ms", value: "1" }], false);
    changed.length = 0;
    local.clock.advance(60_000);
    assert.deepEqual(changed, ["u"]);
    assert.deepEqual(await starts("u"), [2]);
  });

  const record = (timestampMs: number) => ({
    ...{ timestampMs, key: null, value: Buffer.from("x"), headers: [] },
  });
});

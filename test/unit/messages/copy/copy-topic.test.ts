import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import type { CopyMove } from "../../../../runtime/api/moves.ts";
import type {
  ConfigChange,
  TopicAdmin,
  TopicConfig,
} from "../../../../runtime/cluster/topic-admin.ts";
import { FakeClock } from "../../../../runtime/core/clock.ts";
import { copyConfigs } from "../../../../runtime/messages/copy/copy-configs.ts";
import { buildBatch } from "../../../../runtime/record/build.ts";
import { readRecords } from "../../../../runtime/record/records.ts";
import { MemoryCluster } from "../../../support/memory-cluster.ts";
import { MoveSetup } from "../../../support/move-setup.ts";
import { noTopicAdmin } from "../../../support/no-topic-admin.ts";
import { waitFor } from "../../../support/wait-for.ts";

const config = (name: string, value: string, source: TopicConfig["source"]): TopicConfig => ({
  ...{ name, value, source, defaultValue: undefined, type: "string", documentation: "" },
  ...{ readOnly: false, sensitive: false, oneOf: undefined, min: undefined, max: undefined },
});
const CONFIGS = [
  config("cleanup.policy", "compact", "topic"),
  config("max.message.bytes", "2000000", "topic"),
  config("retention.ms", "604800000", "default"),
  config("segment.bytes", "1073741824", "broker"),
];

describe("copying a topic", () => {
  let setup: MoveSetup;
  let cluster: MemoryCluster;
  let created: Readonly<Record<string, string>>;
  let altered: readonly ConfigChange[];
  beforeEach(() => {
    const clock = new FakeClock();
    cluster = new MemoryCluster(clock);
    created = {};
    altered = [];
    const create = cluster.createTopic.bind(cluster);
    cluster.createTopic = (spec) => {
      created = spec.configs;
      return create(spec);
    };
    const admin: TopicAdmin = {
      ...noTopicAdmin,
      configs: () => Promise.resolve(CONFIGS),
      alterConfigs: (_topic, changes) => {
        altered = changes;
        return Promise.resolve({ kind: "altered" });
      },
    };
    setup = new MoveSetup("/nowhere", clock, cluster, admin);
    cluster.add("orders", 3);
    const headers = [
      { key: "h", value: Buffer.from([0xff]) },
      { key: "h", value: null },
    ];
    for (let i = 0; i < 2_500; i++) {
      const value = i % 10 === 0 ? null : Buffer.from(`value ${i}`);
      cluster.put("orders", i % 2, [
        { timestampMs: i - 1, key: Buffer.from(`k${i}`), value, headers },
      ]);
    }
  });

  const COPY: CopyMove = { kind: "copy", topic: "orders", target: "orders-2" };
  const contents = (topic: string) =>
    [0, 1, 2].map((partition) =>
      cluster
        .partition(topic, partition)
        .batches.flatMap((batch) => [...readRecords(batch, 0, 1e6)]),
    );

  it("keeps partitions, records, times and headers, and its configurations when it is whole", async () => {
    const report = await setup.done(COPY);
    assert.deepEqual([report.moved, report.outcome], [2_500, "done"]);
    assert.deepEqual(contents("orders-2"), contents("orders"));
    assert.equal(created["max.message.bytes"], "2000000");
    assert.equal(created["cleanup.policy"], "delete");
    assert.equal(created["retention.ms"], "-1");
    assert.equal(created["segment.bytes"], undefined);
    assert.deepEqual(altered, [
      { name: "cleanup.policy", value: "compact" },
      { name: "retention.ms", value: null },
    ]);
  });

  it("holds back what would change or remove records while they are copied", () => {
    const { first, last } = copyConfigs([
      config("message.timestamp.type", "LogAppendTime", "topic"),
      config("retention.ms", "-1", "topic"),
    ]);
    assert.deepEqual(first, { "message.timestamp.type": "CreateTime", "retention.ms": "-1" });
    assert.deepEqual(last, [{ name: "message.timestamp.type", value: "LogAppendTime" }]);
  });

  it("does not write into a topic that is there", async () => {
    cluster.add("orders-2", 1);
    assert.equal((await setup.fails(COPY)).code, "topic-exists");
    assert.equal(cluster.partition("orders-2", 0).endOffset, 0);
  });

  it("a dry run counts and makes nothing", async () => {
    assert.equal((await setup.done(COPY, true)).moved, 2_500);
    assert.equal(await cluster.topic("orders-2"), undefined);
  });

  it("leaves nothing behind when it is stopped or fails", async () => {
    const running = setup.run(COPY, false);
    for (const action of ["pause", "step", "step"] as const) setup.moves.control("move 1", action);
    await waitFor("two messages", () => {
      const progress = setup.moves.progress("move 1");
      return !("kind" in progress) && progress.messages === 2;
    });
    assert.notEqual(await cluster.topic("orders-2"), undefined);
    setup.moves.control("move 1", "stop");
    const report = await running;
    assert.ok(!("kind" in report) && report.outcome === "stopped");
    assert.equal(await cluster.topic("orders-2"), undefined);

    cluster.partition("orders", 1).batches[5]?.fill(0xff, 61);
    assert.equal((await setup.fails(COPY)).code, "data-format");
    assert.equal(await cluster.topic("orders-2"), undefined);
  });

  it("notices when the copy is not the same, and deletes it", async () => {
    const append = cluster.append.bind(cluster);
    cluster.append = async (topic, partition, batch) => {
      const outcome = await append(topic, partition, batch);
      const intruder = { timestampMs: 1, key: null, value: Buffer.from("x"), headers: [] };
      if (partition === 1) cluster.putBatch(topic, 2, buildBatch([intruder]));
      return outcome;
    };
    const failed = await setup.fails(COPY);
    assert.match(
      failed.message,
      /Partition 2 of orders has nothing, and that of orders-2 has \d mess/,
    );
    assert.equal(await cluster.topic("orders-2"), undefined);
  });
});

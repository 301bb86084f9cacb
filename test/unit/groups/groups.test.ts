import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Broker } from "../../../runtime/broker/broker.ts";
import { LocalCluster } from "../../../runtime/cluster/local.ts";
import { LocalGroups } from "../../../runtime/cluster/local-groups.ts";
import type { FakeClock } from "../../../runtime/core/clock.ts";
import { deleteOffsets } from "../../../runtime/groups/delete-offsets.ts";
import { progressOf } from "../../../runtime/groups/lag.ts";
import { listGroups } from "../../../runtime/groups/overview.ts";
import type { ResetStep, ResetTarget } from "../../../runtime/api/model.ts";
import { applyReset, planReset } from "../../../runtime/groups/reset.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { type LocalBroker, openLocalBroker } from "../../support/local-broker.ts";

/** A consumer's assignment of partitions 0 and 1 of `t`, as the consumer protocol writes it. */
const ASSIGNMENT = Buffer.from(
  "0000" + "00000001" + "000174" + "00000002" + "00000000" + "00000001" + "ffffffff",
  "hex",
);

/** How long an empty group waits for more members than its first. */
const INITIAL_DELAY_MS = 3_000;
/** Lets everything happen that needs no time. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("consumer groups", () => {
  let local: LocalBroker;
  let clock: FakeClock;
  let broker: Broker;
  let cluster: LocalCluster;
  let groups: LocalGroups;
  beforeEach(async () => {
    local = await openLocalBroker();
    ({ broker, clock } = local);
    cluster = new LocalCluster(broker, clock);
    groups = new LocalGroups(broker);
    await cluster.createTopic({ name: "t", partitions: 2, configs: {} });
    for (const [partition, count] of [
      [0, 10],
      [1, 4],
    ] as const) {
      const records = Array.from({ length: count }, (_, i) => ({
        ...{ timestampMs: 1_000 + i * 100, key: null, value: Buffer.from("x"), headers: [] },
      }));
      await cluster.append("t", partition, buildBatch(records));
    }
  });
  afterEach(() => local.stop());

  const commit = (...offsets: readonly [partition: number, offset: number][]) =>
    groups.commit(
      "g",
      offsets.map(([partition, offset]) => ({ topic: "t", partition, offset })),
    );

  /** A member that stays, with both partitions. */
  async function join(): Promise<void> {
    const member = { groupId: "g", memberId: "", instanceId: null };
    const client = { clientId: "reader", clientHost: "/127.0.0.1" };
    const timeouts = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 60_000 };
    const protocols = [
      { name: "range", metadata: Buffer.from("0000000000010001740000000000", "hex") },
    ];
    const joining = broker.groups.join({
      ...{ ...member, ...client, ...timeouts, protocols, protocolType: "consumer", apiVersion: 3 },
      ...{ requireKnownMemberId: false, supportsSkippingAssignment: false },
    });
    await settle();
    clock.advance(INITIAL_DELAY_MS);
    const joined = await joining;
    assert.equal(joined.error, "NONE");
    const { memberId, generation } = joined;
    const synced = await broker.groups.sync({
      ...{ groupId: "g", memberId, instanceId: null, generation },
      ...{
        protocolType: null,
        protocol: null,
        assignments: [{ memberId, assignment: ASSIGNMENT }],
      },
    });
    assert.equal(synced.error, "NONE");
  }

  const plan = async (target: ResetTarget, partitions?: readonly number[]) => {
    const scope = { groupId: "g", topic: "t", partitions };
    return planReset(cluster, groups, scope, target);
  };
  async function steps(target: ResetTarget, partitions?: readonly number[]): Promise<ResetStep[]> {
    const planned = await plan(target, partitions);
    assert.ok(planned.kind === "plan", JSON.stringify(planned));
    return [...planned.steps];
  }
  const moves = (all: readonly ResetStep[]) =>
    all.map(({ from, to, clamped }) => [from, to, clamped]);

  it("are listed and described with their offsets", async () => {
    assert.deepEqual(await commit([0, 3]), { kind: "changed" });
    assert.deepEqual(await groups.list(), [{ groupId: "g", type: "classic", state: "Empty" }]);
    const group = await groups.describe("g");
    assert.deepEqual(group?.offsets, [{ topic: "t", partition: 0, offset: 3, metadata: "" }]);
    assert.equal(await groups.describe("nobody"), undefined);
  });

  it("have members with the partitions they read, and a lag in each", async () => {
    await commit([0, 3]);
    await join();
    const group = await groups.describe("g");
    assert.ok(group !== undefined);
    assert.equal(group.state, "Stable");
    assert.deepEqual(group.members[0]?.assignment, [{ topic: "t", partitions: [0, 1] }]);
    assert.equal(group.members[0]?.clientId, "reader");
    const rows = progressOf(group, await cluster.topics());
    assert.deepEqual(
      rows.map(({ partition, committed, lag, member }) => [partition, committed, lag, member]),
      [
        [0, 3, 7, 0],
        [1, undefined, undefined, 0],
      ],
    );
  });

  it("have no lag for what retention has taken, and none beyond the end", async () => {
    await commit([0, 2], [1, 4]);
    broker.deleteRecords("t", 0, 6);
    const group = await groups.describe("g");
    assert.ok(group !== undefined);
    const rows = progressOf(group, await cluster.topics());
    assert.deepEqual(
      rows.map(({ lag }) => lag),
      [4, 0],
    );
  });

  it("are reset to the earliest, the latest, an offset, a time, and by a number of records", async () => {
    await commit([0, 3]);
    assert.deepEqual(moves(await steps({ kind: "earliest" })), [
      [3, 0, false],
      [undefined, 0, false],
    ]);
    assert.deepEqual(moves(await steps({ kind: "latest" })), [
      [3, 10, false],
      [undefined, 4, false],
    ]);
    assert.deepEqual(moves(await steps({ kind: "offset", offset: 7 })), [
      [3, 7, false],
      [undefined, 4, true],
    ]);
    assert.deepEqual(moves(await steps({ kind: "time", timestampMs: 1_250 })), [
      [3, 3, false],
      [undefined, 3, false],
    ]);
    assert.deepEqual(moves(await steps({ kind: "time", timestampMs: 5_000 }, [1])), [
      [undefined, 4, false],
    ]);
    assert.deepEqual(moves(await steps({ kind: "shift", by: -5 }, [0])), [[3, 0, true]]);
    const planned = await steps({ kind: "shift", by: 2 }, [0]);
    assert.deepEqual(moves(planned), [[3, 5, false]]);
    assert.equal((await applyReset(groups, "g", planned)).kind, "reset");
    assert.equal((await groups.describe("g"))?.offsets[0]?.offset, 5);
  });

  it("are not reset while they have members, and the reason is said", async () => {
    await commit([0, 3]);
    const planned = await steps({ kind: "earliest" });
    await join();
    const refusedPlan = await plan({ kind: "earliest" });
    assert.ok(refusedPlan.kind === "refused");
    assert.match(
      refusedPlan.message,
      /Group g is Stable with 1 member\(s\)\. Stop its consumers first\./,
    );
    const applied = await applyReset(groups, "g", planned);
    assert.ok(applied.kind === "refused");
    assert.equal(applied.reason, "active");
    assert.equal((await groups.describe("g"))?.offsets[0]?.offset, 3);
    const deleted = await groups.delete("g");
    assert.ok(deleted.kind === "refused" && deleted.reason === "active");
  });

  it("are not reset when something was committed after the preview", async () => {
    await commit([0, 3]);
    const planned = await steps({ kind: "latest" });
    await commit([0, 4]);
    const outcome = await applyReset(groups, "g", planned);
    assert.ok(outcome.kind === "refused");
    assert.equal(outcome.reason, "changed");
    assert.match(outcome.message, /committed for partition 0 of t meanwhile/);
    assert.equal((await groups.describe("g"))?.offsets[0]?.offset, 4);
  });

  it("say which of topic, partition and group is not there", async () => {
    const missing = await plan({ kind: "earliest" });
    assert.ok(missing.kind === "refused" && missing.reason === "unknown-group");
    await commit([0, 3]);
    const partition = await plan({ kind: "earliest" }, [7]);
    assert.ok(partition.kind === "refused" && /no partition 7/.test(partition.message));
    const outcome = await commit([0, 1], [9, 1]);
    assert.ok(outcome.kind === "refused" && outcome.reason === "unknown-partition");
    assert.equal((await groups.describe("g"))?.offsets[0]?.offset, 3);
  });

  it("forget offsets, and are deleted", async () => {
    await commit([0, 3], [1, 2]);
    assert.equal(
      (await groups.deleteOffsets("g", [{ topic: "t", partitions: [0] }])).kind,
      "changed",
    );
    assert.deepEqual(
      (await groups.describe("g"))?.offsets.map(({ partition }) => partition),
      [1],
    );
    assert.equal((await groups.delete("g")).kind, "deleted");
    assert.equal(await groups.describe("g"), undefined);
    const again = await groups.delete("g");
    assert.ok(again.kind === "refused" && again.reason === "unknown");
  });

  it("are listed with members and lag, all or some", async () => {
    await commit([0, 3], [1, 2]);
    assert.deepEqual(await listGroups(cluster, groups, undefined), [
      { groupId: "g", type: "classic", state: "Empty", epoch: 0, memberCount: 0, lag: 9 },
    ]);
    assert.deepEqual(await listGroups(cluster, groups, ["nobody"]), []);
    await join();
    const [group] = await listGroups(cluster, groups, ["g", "g"]);
    assert.equal(group?.state, "Stable");
    assert.equal(group.memberCount, 1);
  });

  it("forget what they committed for a topic, and say when that was nothing", async () => {
    await commit([0, 3], [1, 2]);
    const forgotten = await deleteOffsets(groups, "g", "t", 0);
    assert.deepEqual(forgotten, { kind: "deleted", partitions: [0] });
    const again = await deleteOffsets(groups, "g", "t", 0);
    assert.ok(again.kind === "refused" && again.reason === "unknown-partition");
    assert.match(again.message, /committed nothing for partition 0 of t/);
    assert.deepEqual(await deleteOffsets(groups, "g", "t", undefined), {
      ...{ kind: "deleted", partitions: [1] },
    });
    const unknown = await deleteOffsets(groups, "nobody", "t", undefined);
    assert.ok(unknown.kind === "refused" && unknown.reason === "unknown");
  });

  it("keep their offsets while a member reads the topic", async () => {
    await commit([0, 3]);
    await join();
    const outcome = await deleteOffsets(groups, "g", "t", undefined);
    assert.ok(outcome.kind === "refused" && outcome.reason === "active");
    assert.equal((await groups.describe("g"))?.offsets.length, 1);
  });

  it("tell when they change", async () => {
    const changed: string[] = [];
    const listening = groups.onChange((groupId) => changed.push(groupId));
    await commit([0, 3]);
    assert.ok(changed.includes("g"));
    listening.dispose();
    changed.length = 0;
    await commit([0, 4]);
    assert.deepEqual(changed, []);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  bench,
  commit,
  commitRequest,
  committed,
  enter,
  joinRequest,
  settle,
  stableGroup,
  stateOf,
  subscription,
  type Bench,
} from "./harness.ts";

const dayMs = 24 * 60 * 60_000;
const checkMs = 10 * 60_000;

async function leaveAll(on: Bench, memberId: string): Promise<void> {
  await on.groups.leave({ groupId: "g", members: [{ memberId, instanceId: null }] });
}

describe("committing offsets", () => {
  it("takes them from anybody while the group is empty", async () => {
    const on = bench();
    assert.equal(await commit(on, commitRequest({}, 5, "note")), "NONE");
    const { topics } = await on.groups.fetchOffsets({ groupId: "g", topics: null });
    assert.deepEqual(topics, [
      {
        topic: "t",
        partitions: [{ partition: 0, error: "NONE", offset: 5, leaderEpoch: -1, metadata: "note" }],
      },
    ]);
    const list = await on.groups.list();
    assert.deepEqual(
      list.groups.map(({ groupId, state }) => [groupId, state]),
      [["g", "Empty"]],
    );
  });

  it("takes them from members of the present generation only", async () => {
    const on = bench();
    const { generation, memberId } = await stableGroup(on);
    assert.equal(await commit(on, commitRequest({ generation, memberId })), "NONE");
    assert.equal(await commit(on, commitRequest()), "UNKNOWN_MEMBER_ID");
    assert.equal(
      await commit(on, commitRequest({ generation, memberId: "zombie" })),
      "UNKNOWN_MEMBER_ID",
    );
    assert.equal(
      await commit(on, commitRequest({ generation: generation - 1, memberId })),
      "ILLEGAL_GENERATION",
    );
    assert.equal(
      await commit(on, commitRequest({ generation: -1, memberId })),
      "ILLEGAL_GENERATION",
    );
    assert.equal(
      await commit(on, commitRequest({ generation, memberId, instanceId: "i" })),
      "UNKNOWN_MEMBER_ID",
    );
  });

  it("takes them during a join phase, not between join and sync", async () => {
    const on = bench();
    const { generation, memberId } = await stableGroup(on);
    const other = await enter(on);
    assert.equal(await stateOf(on), "PreparingRebalance");
    assert.equal(await commit(on, commitRequest({ generation, memberId })), "NONE");
    const next = await on.groups.join(joinRequest({ memberId }));
    await other.joined;
    const late = commitRequest({ generation: next.generation, memberId });
    assert.equal(await commit(on, late), "REBALANCE_IN_PROGRESS");
  });

  it("fences a static member that was replaced", async () => {
    const on = bench();
    const waiting = on.groups.join(joinRequest({ instanceId: "i" }));
    await settle();
    await on.advance(0);
    const { generation, memberId } = await waiting;
    const fenced = commitRequest({ generation, memberId: "old", instanceId: "i" });
    assert.equal(await commit(on, fenced), "FENCED_INSTANCE_ID");
    const current = commitRequest({ generation, memberId, instanceId: "i" });
    assert.equal(await commit(on, current), "REBALANCE_IN_PROGRESS");
  });

  it("tells a member of a missing group so in the words of its version", async () => {
    const on = bench();
    const request = { generation: 1, memberId: "m" };
    assert.equal(await commit(on, commitRequest(request)), "GROUP_ID_NOT_FOUND");
    assert.equal(
      await commit(on, commitRequest({ ...request, apiVersion: 8 })),
      "ILLEGAL_GENERATION",
    );
  });

  it("refuses single partitions: unknown ones and metadata over 4,096 bytes", async () => {
    const on = bench({ partitionExists: (topic, partition) => topic === "t" && partition < 4 });
    const at = (partition: number, metadata: string) => ({
      partition,
      offset: 9,
      leaderEpoch: -1,
      metadata,
    });
    const partitions = [
      at(0, "x".repeat(4_096)),
      at(1, "x".repeat(4_097)),
      at(2, "é".repeat(2_049)),
      at(3, ""),
      at(4, ""),
    ];
    const request = commitRequest({ topics: [{ topic: "t", partitions }] });
    const errors = await commit(on, request);
    assert.deepEqual(errors.split(","), [
      "NONE",
      "OFFSET_METADATA_TOO_LARGE",
      "OFFSET_METADATA_TOO_LARGE",
      "NONE",
      "UNKNOWN_TOPIC_OR_PARTITION",
    ]);
    assert.equal(on.journal.records.length, 2);
    const wanted = [{ topic: "t", partitions: [0, 1, 3] }];
    const { topics } = await on.groups.fetchOffsets({ groupId: "g", topics: wanted });
    assert.deepEqual(
      topics[0]?.partitions.map(({ offset }) => offset),
      [9, -1, 9],
    );
  });

  it("writes a large commit in several appends", async () => {
    const on = bench();
    const partitions = Array.from({ length: 300 }, (_, partition) => ({
      partition,
      offset: partition,
      leaderEpoch: -1,
      metadata: "x".repeat(4_000),
    }));
    let appends = 0;
    const append = on.journal.append.bind(on.journal);
    on.journal.append = (records) => {
      appends += 1;
      return append(records);
    };
    await commit(on, commitRequest({ topics: [{ topic: "t", partitions }] }));
    assert.equal(appends, 3);
    assert.equal(on.journal.records.length, 300);
  });

  it("answers -1 for what nobody committed", async () => {
    const on = bench();
    assert.equal(await committed(on, "nobody"), -1);
  });
});

describe("deleting groups and offsets", () => {
  it("deletes empty groups with their offsets, for good", async () => {
    const on = bench();
    const { generation, memberId } = await stableGroup(on);
    await commit(on, commitRequest({ generation, memberId }));
    assert.deepEqual(await on.groups.deleteGroups(["g", "none"]), [
      { groupId: "g", error: "NON_EMPTY_GROUP" },
      { groupId: "none", error: "GROUP_ID_NOT_FOUND" },
    ]);
    await leaveAll(on, memberId);
    assert.equal(await committed(on), 1);
    assert.deepEqual(await on.groups.deleteGroups(["g"]), [{ groupId: "g", error: "NONE" }]);
    for (const one of [on, bench({}, on.journal)]) {
      assert.equal(await committed(one), -1);
      assert.deepEqual((await one.groups.list()).groups, []);
    }
  });

  it("deletes a group together with the ids it has handed out", async () => {
    const on = bench();
    await commit(on, commitRequest());
    const { memberId } = await on.groups.join(joinRequest());
    assert.deepEqual(await on.groups.deleteGroups(["g"]), [{ groupId: "g", error: "NONE" }]);
    assert.equal(await stateOf(on), "Dead");
    const late = await on.groups.join(joinRequest({ memberId }));
    assert.equal(late.error, "UNKNOWN_MEMBER_ID");
  });

  it("keeps a group whose deletion cannot be written", async () => {
    const on = bench();
    await commit(on, commitRequest());
    on.journal.refuse = true;
    const [deleted] = await on.groups.deleteGroups(["g"]);
    assert.equal(deleted?.error, "COORDINATOR_NOT_AVAILABLE");
    assert.equal(await committed(on), 1);
  });

  it("deletes the offsets of deleted topics in all groups", async () => {
    const on = bench();
    const partitions = [{ partition: 0, offset: 3, leaderEpoch: -1, metadata: null }];
    const topics = [
      { topic: "t", partitions },
      { topic: "u", partitions },
    ];
    for (const groupId of ["g", "h"]) await commit(on, commitRequest({ groupId, topics }));
    assert.deepEqual(on.groups.topicsWithOffsets(), new Set(["t", "u"]));
    assert.equal(await on.groups.deleteOffsetsOf(["t"]), "NONE");
    for (const one of [on, bench({}, on.journal)]) {
      for (const groupId of ["g", "h"]) {
        assert.equal(await committed(one, groupId, "t"), -1);
        assert.equal(await committed(one, groupId, "u"), 3);
      }
    }
    on.journal.refuse = true;
    assert.equal(await on.groups.deleteOffsetsOf(["u"]), "COORDINATOR_NOT_AVAILABLE");
  });

  it("deletes single offsets that no member is subscribed to (KIP-496)", async () => {
    const on = bench();
    const { generation, memberId } = await stableGroup(on);
    const partitions = [{ partition: 0, offset: 3, leaderEpoch: -1, metadata: null }];
    const topics = ["t", "u"].map((topic) => ({ topic, partitions }));
    await commit(on, commitRequest({ generation, memberId, topics }));
    const wanted = ["t", "u"].map((topic) => ({ topic, partitions: [0] }));
    const deleted = await on.groups.deleteOffsets({ groupId: "g", topics: wanted });
    assert.deepEqual(
      deleted.topics.map(({ partitions: [only] }) => only?.error),
      ["GROUP_SUBSCRIBED_TO_TOPIC", "NONE"],
    );
    assert.equal(await committed(on, "g", "t"), 3);
    assert.equal(await committed(on, "g", "u"), -1);
    const none = await on.groups.deleteOffsets({ groupId: "none", topics: wanted });
    assert.equal(none.error, "GROUP_ID_NOT_FOUND");
  });
});

describe("retention of offsets", () => {
  it("counts from when the group became empty", async () => {
    const on = bench();
    const { generation, memberId } = await stableGroup(on);
    await commit(on, commitRequest({ generation, memberId }));
    await on.advance(5_000);
    await leaveAll(on, memberId);
    await on.advance(7 * dayMs - checkMs);
    assert.equal(await committed(on), 1);
    await on.advance(2 * checkMs);
    assert.equal(await committed(on), -1);
    assert.equal(await stateOf(on), "Dead");
    const restarted = bench({}, on.journal);
    assert.deepEqual((await restarted.groups.list()).groups, []);
  });

  it("counts from the commit in a group that never had members", async () => {
    const on = bench();
    await commit(on, commitRequest());
    await on.advance(6 * dayMs);
    await commit(on, commitRequest());
    await on.advance(6 * dayMs);
    assert.equal(await committed(on), 1);
    await on.advance(dayMs + checkMs);
    assert.equal(await committed(on), -1);
  });

  it("honours the retention an old client asked for, across a restart", async () => {
    const on = bench();
    await commit(on, commitRequest({ apiVersion: 4, retentionTimeMs: dayMs }));
    const restarted = bench({}, on.journal, on.clock);
    await restarted.advance(dayMs - checkMs);
    assert.equal(await committed(restarted), 1);
    await restarted.advance(2 * checkMs);
    assert.equal(await committed(restarted), -1);
  });

  it("takes from a stable group only topics it has left", async () => {
    const on = bench({ config: { offsetsRetentionMs: checkMs, maxSessionTimeoutMs: dayMs } });
    const sessionTimeoutMs = dayMs;
    const { generation, memberId } = await stableGroup(on, { sessionTimeoutMs });
    const partitions = [{ partition: 0, offset: 3, leaderEpoch: -1, metadata: null }];
    const topics = ["t", "u"].map((topic) => ({ topic, partitions }));
    await commit(on, commitRequest({ generation, memberId, topics }));
    await on.advance(2 * checkMs);
    assert.equal(await committed(on, "g", "t"), 3);
    assert.equal(await committed(on, "g", "u"), -1);
  });

  it("takes nothing from a group whose subscription it cannot read", async () => {
    const on = bench({ config: { offsetsRetentionMs: checkMs, maxSessionTimeoutMs: dayMs } });
    const protocols = [{ name: "range", metadata: subscription(["t"]).subarray(0, 5) }];
    const { generation, memberId } = await stableGroup(on, { sessionTimeoutMs: dayMs, protocols });
    await commit(on, commitRequest({ generation, memberId }));
    await on.advance(2 * checkMs);
    assert.equal(await committed(on), 1);
  });

  it("leaves an empty group alone while somebody is about to join", async () => {
    const on = bench();
    const { memberId } = await stableGroup(on);
    await leaveAll(on, memberId);
    await on.groups.join(joinRequest({ sessionTimeoutMs: 2 * checkMs }));
    const { length } = on.journal.records;
    await on.advance(checkMs);
    assert.equal(on.journal.records.length, length);
    await on.advance(2 * checkMs);
    assert.equal(await stateOf(on), "Dead");
  });

  it("tries again at the next check when the journal refuses", async () => {
    const on = bench({ config: { offsetsRetentionMs: checkMs } });
    await commit(on, commitRequest());
    on.journal.refuse = true;
    await on.advance(2 * checkMs);
    assert.equal(await committed(on), 1);
    on.journal.refuse = false;
    await on.advance(checkMs);
    assert.equal(await committed(on), -1);
  });

  it("takes nothing from a group of another kind while it has members", async () => {
    const on = bench({ config: { offsetsRetentionMs: checkMs, maxSessionTimeoutMs: dayMs } });
    const changes = { sessionTimeoutMs: dayMs, protocolType: "connect" };
    const { generation, memberId } = await stableGroup(on, changes);
    assert.equal(await stateOf(on), "CompletingRebalance");
    await on.groups.sync({
      groupId: "g",
      generation,
      memberId,
      instanceId: null,
      protocolType: "connect",
      protocol: "range",
      assignments: [],
    });
    await commit(on, commitRequest({ generation, memberId }));
    await on.advance(2 * checkMs);
    assert.equal(await committed(on), 1);
  });
});

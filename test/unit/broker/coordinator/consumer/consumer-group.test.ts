import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { commit, commitRequest, committed, joinRequest, settle, stateOf } from "../harness.ts";
import {
  calm,
  Consumer,
  consumerBench,
  describeGroup,
  heartbeatRequest,
  TestTopics,
} from "./harness.ts";

describe("consumer group", () => {
  it("gives a lone member everything at once", async () => {
    const on = consumerBench();
    const one = new Consumer(on, "one");
    assert.equal(await one.beat(), "NONE");
    assert.deepEqual(one.holds, ["t:0", "t:1", "t:2", "t:3"]);
    assert.equal(one.epoch, 2);
    assert.equal(one.last?.heartbeatIntervalMs, 5_000);
    assert.equal(await one.beat(), "NONE");
    assert.equal(one.last?.assignment, null);
    const group = await describeGroup(on);
    assert.equal(group.state, "Stable");
    assert.equal(group.assignor, "uniform");
  });

  it("hands partitions over only after they have been given up", async () => {
    const on = consumerBench();
    const one = new Consumer(on, "one");
    const two = new Consumer(on, "two");
    await one.beat();
    await two.beat();
    assert.deepEqual(two.holds, []);
    assert.equal(two.epoch, 3);
    const kept = one.owned;
    await one.beat();
    assert.deepEqual(one.holds, ["t:0", "t:1"], "told to revoke");
    assert.equal(one.epoch, 2);
    await two.beat();
    assert.deepEqual(two.holds, [], "not yet given up");
    // It says that it still holds all: nothing moves.
    const still = Array.from(kept, ([topicId, partitions]) => ({ topicId, partitions }));
    await one.beat({ owned: still });
    assert.equal(one.epoch, 2);
    assert.equal((await describeGroup(on)).state, "Reconciling");
    await one.beat();
    assert.equal(one.epoch, 3);
    await two.beat();
    assert.deepEqual(two.holds, ["t:2", "t:3"]);
    assert.equal((await describeGroup(on)).state, "Stable");
  });

  it("moves as little as it can when a member leaves", async () => {
    const on = consumerBench();
    const all = ["one", "two", "three"].map((id) => new Consumer(on, id));
    await calm(all);
    const [one, two, three] = all;
    assert.ok(one && two && three);
    const before = [...one.holds, ...two.holds];
    assert.equal(await three.beat({ epoch: -1, owned: null }), "NONE");
    assert.equal(three.last?.epoch, -1);
    await calm([one, two]);
    assert.ok(before.every((partition) => [...one.holds, ...two.holds].includes(partition)));
    assert.equal(new Set([...one.holds, ...two.holds]).size, 4);
  });

  it("fences wrong epochs and accepts the one before when the reply was lost", async () => {
    const on = consumerBench();
    const one = new Consumer(on, "one");
    await one.beat();
    assert.equal(await one.beat({ epoch: 9 }), "FENCED_MEMBER_EPOCH");
    const two = new Consumer(on, "two");
    await two.beat();
    await one.beat();
    assert.equal(one.epoch, 2);
    await one.beat();
    assert.equal(one.epoch, 3);
    assert.equal(await one.beat({ epoch: 2 }), "NONE");
    assert.equal(one.epoch, 3);
    assert.equal(await one.beat({ epoch: 2, owned: null }), "FENCED_MEMBER_EPOCH");
    const stranger = new Consumer(on, "stranger");
    assert.equal(await stranger.beat({ epoch: 3 }), "UNKNOWN_MEMBER_ID");
    assert.equal(await stranger.beat({ epoch: -1 }), "UNKNOWN_MEMBER_ID");
    assert.equal(await stranger.beat({ groupId: "other", epoch: 3 }), "GROUP_ID_NOT_FOUND");
  });

  it("refuses what is no heartbeat", async () => {
    const on = consumerBench();
    const cases: [string, Parameters<Consumer["beat"]>[0]][] = [
      ["INVALID_REQUEST", { groupId: "" }],
      ["INVALID_REQUEST", { memberId: "" }],
      ["INVALID_REQUEST", { instanceId: "" }],
      ["INVALID_REQUEST", { rackId: "" }],
      ["INVALID_REQUEST", { epoch: -3 }],
      ["INVALID_REQUEST", { epoch: -2 }],
      ["INVALID_REQUEST", { rebalanceTimeoutMs: -1 }],
      ["INVALID_REQUEST", { owned: null }],
      ["INVALID_REQUEST", { topics: null }],
      ["INVALID_REQUEST", { rackId: "\ufffd".repeat(20_000) }],
      ["UNSUPPORTED_ASSIGNOR", { assignor: "sticky" }],
      ["INVALID_REGULAR_EXPRESSION", { topics: null, regex: "(t" }],
    ];
    for (const [error, changes] of cases) {
      assert.equal(await new Consumer(on, "one").beat(changes), error, JSON.stringify(changes));
    }
    assert.equal(on.journal.records.length, 0);
    const named = await new Consumer(on, "").beat({ apiVersion: 0 });
    assert.equal(named, "NONE");
  });

  it("has room for so many members", async () => {
    const config = { maxConsumerGroupSize: 1 };
    const on = consumerBench(undefined, undefined, undefined, config);
    assert.equal(await new Consumer(on, "one").beat(), "NONE");
    assert.equal(await new Consumer(on, "two").beat(), "GROUP_MAX_SIZE_REACHED");
  });

  it("takes out a member that is not heard for 45 s", async () => {
    const on = consumerBench();
    const one = new Consumer(on, "one");
    const two = new Consumer(on, "two");
    await calm([one, two]);
    await on.advance(44_999);
    await one.beat();
    await on.advance(1);
    assert.equal((await describeGroup(on)).members.length, 1);
    await one.beat();
    assert.equal(one.holds.length, 4);
    assert.equal(await two.beat(), "UNKNOWN_MEMBER_ID");
    two.abandon();
    assert.equal(await two.beat(), "NONE");
  });

  it("takes out a member that does not give up partitions in time", async () => {
    const on = consumerBench();
    const one = new Consumer(on, "one");
    const two = new Consumer(on, "two");
    await one.beat();
    await two.beat();
    for (let passed = 0; passed < 60_000; passed += 5_000) {
      assert.equal(await one.beat({ owned: null }), "NONE");
      await two.beat();
      await on.advance(5_000);
    }
    assert.equal(await one.beat(), "UNKNOWN_MEMBER_ID");
    await two.beat();
    assert.equal(two.holds.length, 4);
  });

  it("follows topics that appear, grow and go", async () => {
    const on = consumerBench(new TestTopics({ t: 1 }));
    const one = new Consumer(on, "one", { topics: ["t", "later"] });
    await one.beat();
    assert.deepEqual(one.holds, ["t:0"]);
    on.topics.put("unrelated", 1);
    await one.beat();
    assert.equal(one.epoch, 2);
    on.topics.put("later", 1);
    on.topics.put("t", 2);
    await one.beat();
    assert.deepEqual(one.holds.sort(), ["later:0", "t:0", "t:1"]);
    assert.equal(one.epoch, 3);
    on.topics.delete("later");
    await one.beat();
    await one.beat();
    assert.deepEqual(one.holds, ["t:0", "t:1"]);
    assert.equal(one.epoch, 4);
  });

  it("subscribes by regular expression, also to topics made later", async () => {
    const on = consumerBench(new TestTopics({ "orders.eu": 1, "orders.us": 1, "xorders.eu": 1 }));
    const one = new Consumer(on, "one", { regex: "orders\\..+", topics: null });
    await one.beat();
    assert.deepEqual(one.holds.sort(), ["orders.eu:0", "orders.us:0"]);
    on.topics.put("orders.cn", 2);
    await one.beat();
    assert.deepEqual(one.holds.sort(), [
      "orders.cn:0",
      "orders.cn:1",
      "orders.eu:0",
      "orders.us:0",
    ]);
    await one.beat({ regex: "", topics: ["xorders.eu"] });
    await calm([one]);
    assert.deepEqual(one.holds, ["xorders.eu:0"]);
    assert.equal((await describeGroup(on)).members[0]?.regex, null);
  });

  it("changes what a member is subscribed to", async () => {
    const on = consumerBench(new TestTopics({ a: 2, b: 2 }));
    const one = new Consumer(on, "one", { topics: ["a"], assignor: "range" });
    const two = new Consumer(on, "two", { topics: ["b"] });
    await calm([one, two]);
    assert.deepEqual(two.holds, ["b:0", "b:1"]);
    await one.beat({ topics: ["a", "b"] });
    await calm([one, two]);
    assert.deepEqual(one.holds.sort(), ["a:0", "a:1", "b:0"]);
    assert.deepEqual(two.holds, ["b:1"]);
    assert.equal((await describeGroup(on)).assignor, "range");
  });

  it("keeps the partitions of a static member that comes back", async () => {
    const on = consumerBench();
    const stay = { topics: ["t"], instanceId: "i" };
    const one = new Consumer(on, "one", stay);
    const two = new Consumer(on, "two");
    await calm([one, two]);
    const held = one.holds;
    const early = new Consumer(on, "early", stay);
    assert.equal(await early.beat(), "UNRELEASED_INSTANCE_ID");
    assert.equal(await one.beat({ epoch: -2, instanceId: "i", owned: null }), "NONE");
    await two.beat();
    assert.equal(two.holds.length, 2);
    const back = new Consumer(on, "back", stay);
    assert.equal(await back.beat(), "NONE");
    assert.deepEqual(back.holds, held);
    assert.equal(back.epoch, 3);
    assert.equal(await one.beat({ epoch: 3, instanceId: "i" }), "FENCED_INSTANCE_ID");
    assert.equal(await one.beat({ epoch: -1, instanceId: "i" }), "FENCED_INSTANCE_ID");
    assert.equal(await back.beat({ epoch: -2, instanceId: "i", owned: null }), "NONE");
    await on.advance(30_000);
    await two.beat();
    await on.advance(15_000);
    await two.beat();
    assert.equal(two.holds.length, 4);
  });

  it("checks epochs of commits and of offset fetches", async () => {
    const on = consumerBench();
    const one = new Consumer(on, "one");
    await one.beat();
    const mine = { memberId: "one", generation: 2 };
    assert.equal(await commit(on, commitRequest(mine, 7)), "NONE");
    assert.equal(await commit(on, commitRequest({ ...mine, generation: 1 })), "STALE_MEMBER_EPOCH");
    assert.equal(await commit(on, commitRequest({ ...mine, memberId: "x" })), "UNKNOWN_MEMBER_ID");
    assert.equal(
      await commit(on, commitRequest({ ...mine, apiVersion: 8 })),
      "UNSUPPORTED_VERSION",
    );
    assert.equal(await commit(on, commitRequest()), "UNKNOWN_MEMBER_ID");
    assert.equal(await committed(on), 7);
    const inTransaction = { ...mine, apiVersion: 5, producer: { producerId: 7, epoch: 0 } };
    assert.equal(await commit(on, commitRequest(inTransaction)), "NONE");
    const stale = { ...inTransaction, generation: 0 };
    assert.equal(await commit(on, commitRequest(stale)), "ILLEGAL_GENERATION");
    const newer = commitRequest({ ...stale, apiVersion: 6 });
    assert.equal(await commit(on, newer), "STALE_MEMBER_EPOCH");
    const unnamed = { memberId: "", generation: -1 };
    assert.equal(await commit(on, commitRequest({ ...inTransaction, ...unnamed })), "NONE");
    const fetch = async (memberId: string | null, memberEpoch: number) =>
      (await on.groups.fetchOffsets({ groupId: "g", memberId, memberEpoch, topics: null })).error;
    assert.equal(await fetch("one", 2), "NONE");
    assert.equal(await fetch("one", 3), "STALE_MEMBER_EPOCH");
    assert.equal(await fetch("x", 1), "UNKNOWN_MEMBER_ID");
    await one.beat({ epoch: -1 });
    assert.equal(await commit(on, commitRequest({}, 9)), "NONE");
  });

  it("checks epochs of commits within transactions, in every version of TxnOffsetCommit", async () => {
    const on = consumerBench();
    const one = new Consumer(on, "one");
    await one.beat();
    const producer = { producerId: 5, epoch: 0 };
    const txnCommit = (changes: object) =>
      commit(on, commitRequest({ producer, apiVersion: 4, ...changes }));
    const { epoch } = one;
    assert.equal(await txnCommit({ memberId: "one", generation: epoch }), "NONE");
    assert.equal(await txnCommit({ memberId: "one", generation: epoch - 1 }), "ILLEGAL_GENERATION");
    assert.equal(await txnCommit({ memberId: "x", generation: epoch }), "UNKNOWN_MEMBER_ID");
    assert.equal(await txnCommit({ instanceId: "i" }), "UNKNOWN_MEMBER_ID");
    assert.equal(await txnCommit({ apiVersion: 2 }), "NONE", "older than KIP-447");
  });

  it("is listed and described as a consumer group, and deleted when empty", async () => {
    const on = consumerBench();
    const one = new Consumer(on, "one");
    await one.beat();
    const listed = { groupId: "g", protocolType: "consumer", type: "consumer" };
    const list = async (filter = {}) => (await on.groups.list(filter)).groups;
    assert.deepEqual(await list(), [{ ...listed, state: "Stable" }]);
    assert.deepEqual(await list({ types: ["classic"] }), []);
    assert.equal((await on.groups.describe(["g"]))[0]?.error, "GROUP_ID_NOT_FOUND");
    assert.equal((await on.groups.deleteGroups(["g"]))[0]?.error, "NON_EMPTY_GROUP");
    await one.beat({ epoch: -1 });
    assert.deepEqual(await list({ states: ["empty"] }), [{ ...listed, state: "Empty" }]);
    assert.equal((await on.groups.deleteGroups(["g"]))[0]?.error, "NONE");
    assert.deepEqual(await list(), []);
    const again = consumerBench(on.topics, on.journal, on.clock);
    assert.deepEqual((await again.groups.list()).groups, []);
  });

  it("becomes classic and back while it is empty, and keeps its offsets", async () => {
    const on = consumerBench();
    assert.equal(await commit(on, commitRequest({}, 5)), "NONE");
    const one = new Consumer(on, "one");
    assert.equal(await one.beat(), "NONE");
    assert.equal((await on.groups.join(joinRequest())).error, "INCONSISTENT_GROUP_PROTOCOL");
    const asked = { groupId: "g", generation: 1, memberId: "one", instanceId: null };
    assert.equal((await on.groups.heartbeat(asked)).error, "UNKNOWN_MEMBER_ID");
    await one.beat({ epoch: -1 });
    const { memberId } = await on.groups.join(joinRequest());
    const joined = on.groups.join(joinRequest({ memberId }));
    await settle();
    await on.advance(0);
    assert.equal((await joined).generation, 1);
    assert.equal(await stateOf(on), "CompletingRebalance");
    one.abandon();
    assert.equal(await one.beat(), "GROUP_ID_NOT_FOUND");
    await on.groups.leave({ groupId: "g", members: [{ memberId, instanceId: null }] });
    assert.equal(await one.beat(), "NONE");
    assert.equal(await committed(on), 5);
    assert.equal((await on.groups.list()).groups[0]?.type, "consumer");
  });

  it("is the same after a restart, with fresh sessions", async () => {
    const on = consumerBench();
    const one = new Consumer(on, "one");
    const two = new Consumer(on, "two", { topics: ["t"], regex: "t.*", instanceId: "i" });
    await calm([one, two]);
    await on.advance(40_000);
    const again = consumerBench(on.topics, on.journal, on.clock);
    assert.deepEqual(await describeGroup(again), await describeGroup(on));
    await again.advance(44_999);
    assert.equal((await describeGroup(again)).members.length, 2);
    await again.advance(1);
    assert.equal((await describeGroup(again)).state, "Empty");
  });

  it("changes nothing when the journal refuses", async () => {
    const on = consumerBench();
    on.journal.refuse = true;
    const one = new Consumer(on, "one");
    assert.equal(await one.beat(), "COORDINATOR_NOT_AVAILABLE");
    assert.equal((await describeGroup(on)).error, "GROUP_ID_NOT_FOUND");
    on.journal.refuse = false;
    assert.equal(await one.beat(), "NONE");
    on.journal.refuse = true;
    await on.advance(45_000);
    assert.equal((await describeGroup(on)).members.length, 1);
    on.journal.refuse = false;
    await on.advance(1_000);
    assert.equal((await describeGroup(on)).members.length, 0);
  });

  it("forgets an empty group with its last offset", async () => {
    const on = consumerBench();
    const one = new Consumer(on, "one");
    await one.beat();
    await commit(on, commitRequest({ memberId: "one", generation: 1 }));
    await one.beat({ epoch: -1 });
    await on.advance(7 * 24 * 3_600_000);
    await on.advance(600_000);
    assert.deepEqual((await on.groups.list()).groups, []);
    assert.equal(await committed(on), -1);
  });

  it("answers nothing before it is loaded or after it is closed", async () => {
    const on = consumerBench();
    on.groups.dispose();
    const response = await on.groups.consumerHeartbeat(heartbeatRequest("one", 0));
    assert.equal(response.error, "COORDINATOR_NOT_AVAILABLE");
  });
});

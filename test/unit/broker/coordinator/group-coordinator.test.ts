import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, it } from "mocha";
import { FakeClock } from "../../../../runtime/core/clock.ts";
import type { JoinResponse } from "../../../../runtime/broker/coordinator/group-requests.ts";
import {
  bench,
  commit,
  commitRequest,
  committed,
  enter,
  heartbeat,
  joinRequest,
  MemoryJournal,
  peek,
  settle,
  stableGroup,
  stateOf,
  subscription,
  syncRequest,
} from "./harness.ts";

/** Two dynamic members, Stable: the first leads. */
async function pair(on: ReturnType<typeof bench>): Promise<[JoinResponse, JoinResponse]> {
  const first = await stableGroup(on);
  const second = await enter(on);
  assert.equal(await heartbeat(on, first), "REBALANCE_IN_PROGRESS");
  const rejoined = on.groups.join(joinRequest({ memberId: first.memberId }));
  const [leader, follower] = await Promise.all([rejoined, second.joined]);
  const waiting = on.groups.sync(syncRequest(follower));
  assert.equal(await peek(waiting), "waiting");
  const assignments = { [leader.memberId]: "one", [follower.memberId]: "two" };
  const own = await on.groups.sync(syncRequest(leader, assignments));
  assert.equal(own.assignment.toString(), "one");
  assert.equal((await waiting).assignment.toString(), "two");
  return [leader, follower];
}

describe("group coordinator", () => {
  it("takes one member from join to Stable", async () => {
    const on = bench();
    const required = await on.groups.join(joinRequest());
    assert.equal(required.error, "MEMBER_ID_REQUIRED");
    assert.equal(required.memberId, "client-id1");
    const waiting = on.groups.join(joinRequest({ memberId: required.memberId }));
    assert.equal(await peek(waiting), "waiting");
    await on.advance(0);
    assert.deepEqual(await waiting, {
      error: "NONE",
      generation: 1,
      protocolType: "consumer",
      protocol: "range",
      leader: "client-id1",
      skipAssignment: false,
      memberId: "client-id1",
      members: [{ memberId: "client-id1", instanceId: null, metadata: subscription(["t"]) }],
    });
    const synced = await on.groups.sync(syncRequest(await waiting, { "client-id1": "all" }));
    assert.deepEqual(synced, {
      error: "NONE",
      protocolType: "consumer",
      protocol: "range",
      assignment: Buffer.from("all"),
    });
    assert.equal(await stateOf(on), "Stable");
    assert.equal(on.journal.records.length, 1);
    assert.ok(on.changes.length > 0);
  });

  it("lets a second member in and out again", async () => {
    const on = bench();
    const [leader, follower] = await pair(on);
    assert.equal(leader.generation, 2);
    assert.equal(leader.members.length, 2);
    assert.deepEqual(follower.members, []);
    assert.equal(follower.leader, leader.memberId);

    const { memberId } = follower;
    const left = await on.groups.leave({ groupId: "g", members: [{ memberId, instanceId: null }] });
    assert.deepEqual(left.members, [{ memberId, instanceId: null, error: "NONE" }]);
    assert.equal(await heartbeat(on, leader), "REBALANCE_IN_PROGRESS");
    const alone = await on.groups.join(joinRequest({ memberId: leader.memberId }));
    assert.equal(alone.generation, 3);
    assert.equal(alone.members.length, 1);
    assert.equal(await heartbeat(on, follower), "UNKNOWN_MEMBER_ID");
    assert.equal(await heartbeat(on, leader), "ILLEGAL_GENERATION");
  });

  it("removes a member whose session ends and elects another leader", async () => {
    const on = bench();
    const [leader, follower] = await pair(on);
    await on.advance(9_999);
    assert.equal(await heartbeat(on, follower), "NONE");
    await on.advance(1);
    assert.equal(await stateOf(on), "PreparingRebalance");
    assert.equal(await heartbeat(on, follower), "REBALANCE_IN_PROGRESS");
    const next = await on.groups.join(joinRequest({ memberId: follower.memberId }));
    assert.equal(next.leader, follower.memberId);
    assert.equal(await heartbeat(on, leader), "UNKNOWN_MEMBER_ID");
  });

  it("removes members that do not rejoin before the rebalance timeout", async () => {
    const on = bench();
    const [leader, follower] = await pair(on);
    const rejoined = on.groups.join(joinRequest({ memberId: leader.memberId }));
    for (let passed = 0; passed < 60_000; passed += 5_000) {
      assert.equal(await heartbeat(on, follower), "REBALANCE_IN_PROGRESS");
      await on.advance(5_000);
    }
    assert.equal((await rejoined).members.length, 1);
    assert.equal(await heartbeat(on, follower), "UNKNOWN_MEMBER_ID");
  });

  it("removes a leader that never syncs and lets the others go on", async () => {
    const on = bench();
    await pair(on);
    const [leader, follower] = await pairInCompletingRebalance(on);
    const waiting = on.groups.sync(syncRequest(follower));
    for (let passed = 0; passed < 60_000; passed += 5_000) {
      assert.equal(await heartbeat(on, leader), "NONE");
      await on.advance(5_000);
    }
    assert.equal((await waiting).error, "REBALANCE_IN_PROGRESS");
    assert.equal(await heartbeat(on, leader), "UNKNOWN_MEMBER_ID");
    const next = await on.groups.join(joinRequest({ memberId: follower.memberId }));
    assert.equal(next.leader, follower.memberId);
  });

  async function pairInCompletingRebalance(
    on: ReturnType<typeof bench>,
  ): Promise<[JoinResponse, JoinResponse]> {
    const [group] = await on.groups.describe(["g"]);
    const joins = group?.members.map(({ memberId }) => on.groups.join(joinRequest({ memberId })));
    const [leader, follower] = await Promise.all(joins ?? []);
    assert.ok(leader !== undefined && follower !== undefined);
    assert.equal(await stateOf(on), "CompletingRebalance");
    return [leader, follower];
  }

  it("forgets a handed-out id that is never used, and the group with it", async () => {
    const on = bench();
    await on.groups.join(joinRequest());
    assert.equal(await stateOf(on), "Empty");
    await on.advance(10_000);
    assert.equal(await stateOf(on), "Dead");
  });

  it("holds back a first generation for the initial rebalance delay while members come", async () => {
    const on = bench({ config: { initialRebalanceDelayMs: 3_000 } });
    const first = await enter(on);
    await on.advance(2_000);
    const second = await enter(on);
    await on.advance(2_999);
    assert.equal(await peek(first.joined), "waiting");
    await on.advance(1_001);
    const [leader, follower] = await Promise.all([first.joined, second.joined]);
    assert.equal(leader.members.length, 2);
    assert.equal(follower.generation, 1);
  });

  it("refuses sessions out of bounds, bad ids and a full group", async () => {
    const on = bench({ config: { maxGroupSize: 1 } });
    const refusal = async (changes: Parameters<typeof joinRequest>[0]) =>
      (await on.groups.join(joinRequest(changes))).error;
    assert.equal(await refusal({ sessionTimeoutMs: 5_999 }), "INVALID_SESSION_TIMEOUT");
    assert.equal(await refusal({ sessionTimeoutMs: 1_800_001 }), "INVALID_SESSION_TIMEOUT");
    assert.equal(await refusal({ groupId: "" }), "INVALID_GROUP_ID");
    assert.equal(await refusal({ groupId: "x".repeat(32_768) }), "INVALID_GROUP_ID");
    assert.equal(await refusal({ instanceId: "x".repeat(250) }), "INVALID_REQUEST");
    await stableGroup(on);
    assert.equal(await refusal({}), "GROUP_MAX_SIZE_REACHED");
    assert.equal(await refusal({ memberId: "zombie", groupId: "other" }), "UNKNOWN_MEMBER_ID");
  });

  it("replaces a static member without a rebalance and fences the old id", async () => {
    const on = bench();
    const waiting = on.groups.join(joinRequest({ instanceId: "i" }));
    await settle();
    await on.advance(0);
    const old = await waiting;
    const sync = syncRequest(old, { [old.memberId]: "all" });
    await on.groups.sync({ ...sync, instanceId: "i" });

    const back = await on.groups.join(joinRequest({ instanceId: "i" }));
    assert.equal(back.error, "NONE");
    assert.equal(back.generation, old.generation);
    assert.notEqual(back.memberId, old.memberId);
    assert.equal(back.leader, back.memberId);
    assert.equal(back.skipAssignment, true);
    assert.equal(back.members.length, 1);
    assert.equal(await heartbeat(on, old, "i"), "FENCED_INSTANCE_ID");
    assert.equal(await heartbeat(on, back, "i"), "NONE");
    const kept = await on.groups.sync({ ...syncRequest(back), instanceId: "i" });
    assert.equal(kept.assignment.toString(), "all");

    const older = await on.groups.join(joinRequest({ instanceId: "i", apiVersion: 8 }));
    assert.equal(older.skipAssignment, false);
    assert.equal(older.leader, back.memberId);
    assert.deepEqual(older.members, []);

    const restarted = bench({}, on.journal, on.clock);
    assert.equal(await heartbeat(restarted, older, "i"), "NONE");
    assert.equal(await heartbeat(restarted, back, "i"), "FENCED_INSTANCE_ID");
  });

  it("answers the parked requests of a static member that is replaced", async () => {
    const on = bench({ config: { initialRebalanceDelayMs: 1_000 } });
    const first = on.groups.join(joinRequest({ instanceId: "i" }));
    await settle();
    const second = on.groups.join(joinRequest({ instanceId: "i" }));
    assert.equal((await first).error, "FENCED_INSTANCE_ID");
    await on.advance(1_000);
    assert.equal((await second).error, "NONE");
  });

  it("answers a join that the same member sends again", async () => {
    const on = bench({ config: { initialRebalanceDelayMs: 1_000 } });
    const { memberId, joined } = await enter(on);
    const again = on.groups.join(joinRequest({ memberId }));
    assert.equal((await joined).error, "REBALANCE_IN_PROGRESS");
    await on.advance(1_000);
    assert.equal((await again).error, "NONE");
  });

  it("keeps nothing of an aborted request but the member", async () => {
    const on = bench();
    const first = await stableGroup(on);
    const { memberId } = await on.groups.join(joinRequest());
    const connection = new AbortController();
    const waiting = on.groups.join(joinRequest({ memberId }), connection.signal);
    assert.equal(await peek(waiting), "waiting");
    connection.abort();
    assert.equal((await waiting).error, "COORDINATOR_NOT_AVAILABLE");
    assert.equal(await heartbeat(on, { generation: 1, memberId }), "REBALANCE_IN_PROGRESS");
    const next = await on.groups.join(joinRequest({ memberId: first.memberId }));
    assert.equal(next.members.length, 2);
    const { signal } = new AbortController();
    await on.groups.heartbeat({ groupId: "g", ...first, instanceId: null }, signal);
    assert.deepEqual(getEventListeners(signal, "abort"), []);
    const gone = await on.groups.join(joinRequest(), AbortSignal.abort());
    assert.equal(gone.error, "COORDINATOR_NOT_AVAILABLE");
  });

  it("bounds the requests that wait", async () => {
    const on = bench({ config: { maxWaitingRequests: 1, initialRebalanceDelayMs: 1_000 } });
    const { joined } = await enter(on);
    const refused = await on.groups.join(joinRequest({ groupId: "other" }));
    assert.equal(refused.error, "COORDINATOR_NOT_AVAILABLE");
    await on.advance(1_000);
    assert.equal((await joined).error, "NONE");
  });

  it("bounds the number of groups", async () => {
    const on = bench({ config: { maxGroups: 1 } });
    await on.groups.join(joinRequest());
    const refused = await on.groups.join(joinRequest({ groupId: "other" }));
    assert.equal(refused.error, "COORDINATOR_NOT_AVAILABLE");
    assert.equal(
      await commit(on, commitRequest({ groupId: "other" })),
      "COORDINATOR_NOT_AVAILABLE",
    );
  });

  it("refuses work before it is loaded and after it is disposed", async () => {
    const on = bench();
    const { joined } = await enter(on);
    on.groups.dispose();
    assert.equal((await joined).error, "COORDINATOR_NOT_AVAILABLE");
    assert.equal((await on.groups.join(joinRequest())).error, "COORDINATOR_NOT_AVAILABLE");
    assert.equal(await commit(on, commitRequest()), "COORDINATOR_NOT_AVAILABLE");
    assert.equal((await on.groups.list()).error, "COORDINATOR_NOT_AVAILABLE");
  });

  it("lets an administrator remove members in one request", async () => {
    const on = bench();
    const [leader, follower] = await pair(on);
    const { members } = await on.groups.leave({
      groupId: "g",
      members: [
        { memberId: leader.memberId, instanceId: null },
        { memberId: "", instanceId: "nobody" },
        { memberId: follower.memberId, instanceId: null },
      ],
    });
    assert.deepEqual(
      members.map(({ error }) => error),
      ["NONE", "UNKNOWN_MEMBER_ID", "NONE"],
    );
    assert.equal(await stateOf(on), "Empty");
    const unknown = await on.groups.leave({
      groupId: "nobody",
      members: [{ memberId: "m", instanceId: null }],
    });
    assert.deepEqual(unknown, {
      error: "NONE",
      members: [{ memberId: "m", instanceId: null, error: "UNKNOWN_MEMBER_ID" }],
    });
  });

  it("lists and describes groups", async () => {
    const on = bench();
    const member = await stableGroup(on);
    await commit(on, commitRequest({ groupId: "simple" }));
    const stable = {
      groupId: "g",
      protocolType: "consumer",
      state: "Stable",
      type: "classic",
    } as const;
    const simple = { ...stable, groupId: "simple", protocolType: "", state: "Empty" } as const;
    assert.deepEqual((await on.groups.list()).groups, [stable, simple]);
    assert.deepEqual((await on.groups.list({ states: ["empty"] })).groups, [simple]);
    assert.deepEqual((await on.groups.list({ types: ["consumer"] })).groups, []);
    assert.deepEqual(await on.groups.describe(["g", "none"]), [
      {
        error: "NONE",
        groupId: "g",
        state: "Stable",
        protocolType: "consumer",
        protocol: "range",
        generation: 1,
        members: [
          {
            memberId: member.memberId,
            instanceId: null,
            clientId: "client",
            clientHost: "/127.0.0.1",
            metadata: subscription(["t"]),
            assignment: Buffer.from("all"),
          },
        ],
      },
      {
        error: "GROUP_ID_NOT_FOUND",
        groupId: "none",
        state: "Dead",
        protocolType: "",
        protocol: "",
        generation: -1,
        members: [],
      },
    ]);
  });
});

describe("group coordinator and its journal", () => {
  it("knows members, generation and offsets again after a restart", async () => {
    const on = bench();
    const [leader, follower] = await pair(on);
    const { generation, memberId } = leader;
    assert.equal(await commit(on, commitRequest({ generation, memberId }, 42)), "NONE");
    const before = [await on.groups.list(), await on.groups.describe(["g"])];

    const clock = new FakeClock(on.clock.nowMs() + 3_600_000);
    const restarted = bench({}, on.journal, clock);
    assert.deepEqual(
      [await restarted.groups.list(), await restarted.groups.describe(["g"])],
      before,
    );
    assert.equal(await committed(restarted), 42);
    assert.equal(await heartbeat(restarted, leader), "NONE");
    assert.equal(await heartbeat(restarted, follower), "NONE");
    await restarted.advance(10_000);
    assert.equal(await stateOf(restarted), "Empty");
  });

  it("ignores what it cannot read, with one line for unknown keys", async () => {
    const journal = new MemoryJournal();
    const unknown = { key: Buffer.from([0, 9, 1]), value: Buffer.from([1]) };
    const cut = { key: Buffer.from([0, 2, 0, 5, 1]), value: null };
    journal.records.push(unknown, unknown, cut);
    const on = bench({}, journal);
    assert.deepEqual(
      on.lines.map(({ level, message }) => `${level} ${message.replace(/:.*/, "")}`),
      [
        "warn the record at offset 0 has key version 9, which is unknown; such records are ignored",
        "warn the record at offset 2 cannot be read and is ignored",
      ],
    );
    assert.deepEqual((await on.groups.list()).groups, []);
  });

  it("acknowledges nothing before the journal does", async () => {
    const on = bench();
    const { joined } = await enter(on);
    await on.advance(0);
    const response = await joined;
    on.journal.hold();
    const sync = on.groups.sync(syncRequest(response, { [response.memberId]: "all" }));
    const beat = heartbeat(on, response);
    assert.equal(await peek(sync), "waiting");
    assert.equal(await peek(beat), "waiting");
    assert.equal(await stateOf(on), "CompletingRebalance");
    on.journal.release();
    assert.equal((await sync).error, "NONE");
    assert.equal(await beat, "NONE");

    on.journal.hold();
    const commits = commit(on, commitRequest({ ...response }, 7));
    assert.equal(await peek(commits), "waiting");
    assert.equal(await committed(on), -1);
    on.journal.release();
    assert.equal(await commits, "NONE");
    assert.equal(await committed(on), 7);
  });

  it("changes nothing when the journal refuses, and goes on when it takes again", async () => {
    const on = bench();
    const { joined } = await enter(on);
    await on.advance(0);
    const response = await joined;
    const sync = syncRequest(response, { [response.memberId]: "all" });
    on.journal.refuse = true;
    assert.equal((await on.groups.sync(sync)).error, "COORDINATOR_NOT_AVAILABLE");
    assert.equal(await stateOf(on), "CompletingRebalance");
    on.journal.refuse = false;
    assert.equal((await on.groups.sync(sync)).error, "NONE");

    on.journal.refuse = true;
    const { generation, memberId } = response;
    const request = commitRequest({ generation, memberId }, 7);
    assert.equal(await commit(on, request), "COORDINATOR_NOT_AVAILABLE");
    assert.equal(await committed(on), -1);
    const left = await on.groups.leave({ groupId: "g", members: [{ memberId, instanceId: null }] });
    assert.equal(left.error, "COORDINATOR_NOT_AVAILABLE");
    assert.equal(await heartbeat(on, response), "NONE");
    assert.ok(on.lines.some(({ message }) => message.includes("disk full")));
  });

  it("queues one tick however often time asks while the journal is busy", async () => {
    const on = bench({ config: { maxQueuedPerGroup: 2 } });
    const member = await stableGroup(on, { sessionTimeoutMs: 6_000 });
    for (const sessionTimeoutMs of [7_000, 8_000, 9_000]) {
      await on.groups.join(joinRequest({ groupId: `h${sessionTimeoutMs}`, sessionTimeoutMs }));
    }
    on.journal.hold();
    const { generation, memberId } = member;
    const commits = commit(on, commitRequest({ generation, memberId }));
    await on.advance(10_000);
    const beat = heartbeat(on, member);
    assert.equal(await peek(beat), "waiting");
    assert.equal(await heartbeat(on, member), "COORDINATOR_NOT_AVAILABLE");
    on.journal.release();
    assert.equal(await commits, "NONE");
    assert.equal(await beat, "UNKNOWN_MEMBER_ID");
  });

  it("keeps trying to empty a group that the journal refuses to", async () => {
    const on = bench();
    await stableGroup(on);
    on.journal.refuse = true;
    await on.advance(10_000);
    assert.equal(await stateOf(on), "Stable");
    const lines = on.lines.length;
    await on.advance(999);
    assert.equal(on.lines.length, lines);
    await on.advance(1);
    assert.equal(on.lines.length, lines + 1);
    on.journal.refuse = false;
    await on.advance(1_000);
    assert.equal(await stateOf(on), "Empty");
  });

  it("leaves a static member in place when its replacement cannot be written", async () => {
    const on = bench();
    const waiting = on.groups.join(joinRequest({ instanceId: "i" }));
    await settle();
    await on.advance(0);
    const old = await waiting;
    await on.groups.sync({ ...syncRequest(old), instanceId: "i" });
    on.journal.refuse = true;
    const refused = await on.groups.join(joinRequest({ instanceId: "i" }));
    assert.equal(refused.error, "COORDINATOR_NOT_AVAILABLE");
    assert.equal(await heartbeat(on, old, "i"), "NONE");
  });
});

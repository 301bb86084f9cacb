import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  emptyGroup,
  nextDeadlineMs,
  type ClassicGroup,
} from "../../../../runtime/broker/coordinator/classic-group.ts";
import { DEFAULT_GROUP_CONFIG } from "../../../../runtime/broker/coordinator/group-config.ts";
import type { Transition } from "../../../../runtime/broker/coordinator/group-draft.ts";
import { selectProtocol } from "../../../../runtime/broker/coordinator/rebalance.ts";
import { step, type GroupEvent } from "../../../../runtime/broker/coordinator/step.ts";
import { joinRequest } from "./harness.ts";

type StateName = "Empty" | "PreparingRebalance" | "CompletingRebalance" | "Stable";

const startMs = 1_000_000;
const config = DEFAULT_GROUP_CONFIG;
const metadata = Buffer.from("m");
const protocols = [{ name: "range", metadata }];

function run(group: ClassicGroup, event: GroupEvent, nowMs = startMs): Transition {
  return step(group, event, nowMs, config);
}

function joinOf(memberId: string, waiter = 1, changes = {}, freshMemberId = "fresh"): GroupEvent {
  const request = joinRequest({ memberId, protocols, ...changes });
  return { kind: "join", waiter, request, freshMemberId };
}

/** Members `a` (leader) and `b`, and static `s` as instance `i`, in each state at generation 1 (0 when Empty). */
function groupIn(state: StateName): ClassicGroup {
  if (state === "Empty") return emptyGroup("g");
  let group = emptyGroup("g");
  for (const id of ["a", "b"]) {
    group = run(group, {
      kind: "join",
      waiter: 1,
      request: joinRequest(),
      freshMemberId: id,
    }).group;
    group = run(group, joinOf(id)).group;
  }
  const request = joinRequest({ instanceId: "i", protocols });
  group = run(group, { kind: "join", waiter: 1, request, freshMemberId: "s" }).group;
  group = run(group, { kind: "tick" }).group; // extended for the members that came meanwhile
  group = run(group, { kind: "tick" }).group;
  assert.equal(group.state, "CompletingRebalance");
  if (state === "CompletingRebalance") return group;
  group = run(group, syncOf("a")).group;
  assert.equal(group.state, "Stable");
  if (state === "Stable") return group;
  return run(group, joinOf("b", 1, { protocols: [{ name: "range", metadata: Buffer.from("x") }] }))
    .group;
}

function syncOf(memberId: string, changes = {}): GroupEvent {
  const request = {
    groupId: "g",
    generation: 1,
    memberId,
    instanceId: null,
    protocolType: "consumer",
    protocol: "range",
    assignments: [{ memberId: "b", assignment: Buffer.from("B") }],
    ...changes,
  };
  return { kind: "sync", waiter: 9, request };
}

function heartbeatOf(memberId: string, generation = 1, instanceId: string | null = null) {
  const request = { groupId: "g", generation, memberId, instanceId };
  return { kind: "heartbeat", waiter: 9, request } as const;
}

function leaveOf(memberId: string, instanceId: string | null = null): GroupEvent {
  const request = { groupId: "g", members: [{ memberId, instanceId }] };
  return { kind: "leave", waiter: 9, request };
}

/** Error of the reply to waiter 9, or `waits`; and the state that follows. */
function outcome({ group, replies }: Transition): string {
  const reply = replies.find(({ waiter }) => waiter === 9);
  if (reply === undefined) return `waits ${group.state}`;
  const { response } = reply;
  const [member] = reply.kind === "leave" ? reply.response.members : [];
  return `${member?.error ?? response.error} ${group.state}`;
}

const staticJoin = joinOf("", 9, { instanceId: "i" });
const states: StateName[] = ["Empty", "PreparingRebalance", "CompletingRebalance", "Stable"];
const events: Record<string, { event: GroupEvent; outcomes: readonly string[] }> = {
  "join of a new dynamic member": {
    event: joinOf("", 9),
    outcomes: [
      "MEMBER_ID_REQUIRED Empty",
      "MEMBER_ID_REQUIRED PreparingRebalance",
      "MEMBER_ID_REQUIRED CompletingRebalance",
      "MEMBER_ID_REQUIRED Stable",
    ],
  },
  "join of a new dynamic member of an old client": {
    event: joinOf("", 9, { apiVersion: 3 }),
    outcomes: Array<string>(4).fill("waits PreparingRebalance"),
  },
  "join of an unknown member": {
    event: joinOf("zombie", 9),
    outcomes: states.map((state) => `UNKNOWN_MEMBER_ID ${state}`),
  },
  "join with another protocol type": {
    event: joinOf("a", 9, { protocolType: "connect" }),
    outcomes: ["UNKNOWN_MEMBER_ID Empty"].concat(
      states.slice(1).map((state) => `INCONSISTENT_GROUP_PROTOCOL ${state}`),
    ),
  },
  "join with protocols nobody shares": {
    event: joinOf("", 9, { protocols: [{ name: "other", metadata }] }),
    outcomes: ["MEMBER_ID_REQUIRED Empty"].concat(
      states.slice(1).map((state) => `INCONSISTENT_GROUP_PROTOCOL ${state}`),
    ),
  },
  "join without protocols": {
    event: joinOf("", 9, { protocols: [] }),
    outcomes: states.map((state) => `INCONSISTENT_GROUP_PROTOCOL ${state}`),
  },
  "rejoin of the leader, unchanged": {
    event: joinOf("a", 9),
    outcomes: [
      "UNKNOWN_MEMBER_ID Empty",
      "waits PreparingRebalance",
      "NONE CompletingRebalance",
      "waits PreparingRebalance",
    ],
  },
  "rejoin of the static follower, unchanged": {
    event: joinOf("s", 9, { instanceId: "i" }),
    outcomes: [
      "UNKNOWN_MEMBER_ID Empty",
      "waits PreparingRebalance",
      "NONE CompletingRebalance",
      "NONE Stable",
    ],
  },
  "rejoin of a follower, changed": {
    event: joinOf("b", 9, { protocols: [{ name: "range", metadata: Buffer.from("y") }] }),
    outcomes: ["UNKNOWN_MEMBER_ID Empty"].concat(Array(3).fill("waits PreparingRebalance")),
  },
  "join of a known instance without member id": {
    event: staticJoin,
    outcomes: [
      "waits PreparingRebalance",
      "waits PreparingRebalance",
      "waits PreparingRebalance",
      "NONE Stable",
    ],
  },
  "join of a fenced static member": {
    event: joinOf("old", 9, { instanceId: "i" }),
    outcomes: ["UNKNOWN_MEMBER_ID Empty"].concat(
      states.slice(1).map((state) => `FENCED_INSTANCE_ID ${state}`),
    ),
  },
  "sync of a follower": {
    event: syncOf("b"),
    outcomes: [
      "UNKNOWN_MEMBER_ID Empty",
      "REBALANCE_IN_PROGRESS PreparingRebalance",
      "waits CompletingRebalance",
      "NONE Stable",
    ],
  },
  "sync of the leader": {
    event: syncOf("a"),
    outcomes: [
      "UNKNOWN_MEMBER_ID Empty",
      "REBALANCE_IN_PROGRESS PreparingRebalance",
      "NONE Stable",
      "NONE Stable",
    ],
  },
  "sync of an unknown member": {
    event: syncOf("zombie"),
    outcomes: states.map((state) => `UNKNOWN_MEMBER_ID ${state}`),
  },
  "sync with an old generation": {
    event: syncOf("b", { generation: 0 }),
    outcomes: ["UNKNOWN_MEMBER_ID Empty"].concat(
      states.slice(1).map((state) => `ILLEGAL_GENERATION ${state}`),
    ),
  },
  "sync with another protocol": {
    event: syncOf("b", { protocol: "sticky" }),
    outcomes: ["UNKNOWN_MEMBER_ID Empty"].concat(
      states.slice(1).map((state) => `INCONSISTENT_GROUP_PROTOCOL ${state}`),
    ),
  },
  "sync of a fenced static member": {
    event: syncOf("old", { instanceId: "i" }),
    outcomes: ["UNKNOWN_MEMBER_ID Empty"].concat(
      states.slice(1).map((state) => `FENCED_INSTANCE_ID ${state}`),
    ),
  },
  "heartbeat of a member": {
    event: heartbeatOf("b"),
    outcomes: [
      "UNKNOWN_MEMBER_ID Empty",
      "REBALANCE_IN_PROGRESS PreparingRebalance",
      "NONE CompletingRebalance",
      "NONE Stable",
    ],
  },
  "heartbeat of an unknown member": {
    event: heartbeatOf("zombie"),
    outcomes: states.map((state) => `UNKNOWN_MEMBER_ID ${state}`),
  },
  "heartbeat with an old generation": {
    event: heartbeatOf("b", 0),
    outcomes: ["UNKNOWN_MEMBER_ID Empty"].concat(
      states.slice(1).map((state) => `ILLEGAL_GENERATION ${state}`),
    ),
  },
  "heartbeat of a fenced static member": {
    event: heartbeatOf("old", 1, "i"),
    outcomes: ["UNKNOWN_MEMBER_ID Empty"].concat(
      states.slice(1).map((state) => `FENCED_INSTANCE_ID ${state}`),
    ),
  },
  "leave of a follower": {
    event: leaveOf("b"),
    outcomes: ["UNKNOWN_MEMBER_ID Empty"].concat(Array(3).fill("NONE PreparingRebalance")),
  },
  "leave of an unknown member": {
    event: leaveOf("zombie"),
    outcomes: states.map((state) => `UNKNOWN_MEMBER_ID ${state}`),
  },
  "leave by instance id": {
    event: leaveOf("", "i"),
    outcomes: ["UNKNOWN_MEMBER_ID Empty"].concat(Array(3).fill("NONE PreparingRebalance")),
  },
  "leave of a fenced static member": {
    event: leaveOf("old", "i"),
    outcomes: ["UNKNOWN_MEMBER_ID Empty"].concat(
      states.slice(1).map((state) => `FENCED_INSTANCE_ID ${state}`),
    ),
  },
};

describe("step of a classic group", () => {
  for (const [name, { event, outcomes }] of Object.entries(events)) {
    for (const [index, state] of states.entries()) {
      it(`${name} in ${state}`, () => {
        assert.equal(outcome(run(groupIn(state), event)), outcomes[index]);
      });
    }
  }

  it("changes nothing of the group it is given", () => {
    for (const state of states) {
      for (const { event } of Object.values(events)) {
        const group = groupIn(state);
        const before = structuredClone(group);
        run(group, event, startMs + 5_000);
        run(group, { kind: "tick" }, startMs + 10 * 60_000);
        assert.deepEqual(structuredClone(group), before);
      }
    }
  });

  it("asks for the journal only when a generation settles or a static member moves", () => {
    const persisting = Object.entries(events).flatMap(([name, { event }]) =>
      states
        .filter((state) => run(groupIn(state), event).metadata !== null)
        .map((state) => `${name} in ${state}`),
    );
    assert.deepEqual(persisting, [
      "join of a known instance without member id in Stable",
      "sync of the leader in CompletingRebalance",
    ]);
  });

  it("starts the session anew with a heartbeat and with a commit", () => {
    const stable = groupIn("Stable");
    for (const event of [heartbeatOf("b"), { kind: "committed", memberId: "b" } as const]) {
      const { group } = run(stable, event, startMs + 4_000);
      assert.equal(group.members.get("b")?.expiresAtMs, startMs + 14_000);
      assert.equal(group.members.get("a")?.expiresAtMs, startMs + 10_000);
    }
    const completing = groupIn("CompletingRebalance");
    const { group } = run(completing, { kind: "committed", memberId: "b" }, startMs + 4_000);
    assert.equal(group.members.get("b")?.expiresAtMs, startMs + 10_000);
  });

  it("gives members the leader left out an empty assignment", () => {
    const { group } = run(groupIn("CompletingRebalance"), syncOf("a"));
    const assignments = [...group.members.values()].map(({ assignment }) => assignment.toString());
    assert.deepEqual(assignments, ["", "B", ""]);
  });

  it("waits for the sync of a static member under its new id", () => {
    let { group } = run(groupIn("Stable"), staticJoin);
    assert.deepEqual([...group.pendingSync], ["b", "fresh"]);
    group = run(group, syncOf("b")).group;
    assert.notEqual(group.syncDeadlineMs, null);
    group = run(group, syncOf("fresh", { instanceId: "i" })).group;
    assert.equal(group.syncDeadlineMs, null);
  });

  it("completes a join phase when the last one missing leaves", () => {
    let { group } = run(groupIn("PreparingRebalance"), joinOf("a", 5));
    group = run(group, leaveOf("", "i")).group;
    assert.equal(group.state, "CompletingRebalance");
    assert.equal(group.generation, 2);
  });

  it("writes a group without members as empty: no leader, no protocol, next generation", () => {
    let group = groupIn("Stable");
    for (const id of ["b", "s"]) group = run(group, leaveOf(id)).group;
    assert.equal(group.state, "PreparingRebalance");
    assert.deepEqual(run(group, leaveOf("a"), startMs + 7).metadata, {
      protocolType: "consumer",
      generation: 2,
      protocol: null,
      leader: null,
      stateSinceMs: startMs + 7,
      members: [],
    });
  });

  it("keeps a parked member beyond its session, a new one for five minutes", () => {
    const long = { rebalanceTimeoutMs: 30 * 60_000, apiVersion: 3 };
    const stable = groupIn("Stable");
    // `n` is new, `b` comes back and waits, `a` and `s` go on with heartbeats.
    let { group } = run(stable, joinOf("", 7, long, "n"));
    group = run(group, joinOf("b", 8)).group;
    for (let nowMs = startMs; nowMs < startMs + 5 * 60_000; nowMs += 5_000) {
      group = run(group, heartbeatOf("a"), nowMs).group;
      group = run(group, heartbeatOf("s"), nowMs).group;
      group = run(group, { kind: "tick" }, nowMs).group;
    }
    assert.deepEqual([...group.members.keys()], ["a", "b", "s", "n"]);
    const { group: later, replies } = run(group, { kind: "tick" }, startMs + 5 * 60_000);
    assert.deepEqual([...later.members.keys()], ["a", "b", "s"]);
    const [reply] = replies;
    assert.ok(reply?.kind === "join" && reply.waiter === 7);
    assert.equal(reply.response.error, "UNKNOWN_MEMBER_ID");
  });

  it("has no deadline without members", () => {
    assert.equal(nextDeadlineMs(emptyGroup("g")), null);
  });

  it("does what is due in the order of the deadlines, however late the tick", () => {
    // b is awaited until startMs + 60 s, but the sessions of a and s end before.
    const { group } = run(groupIn("PreparingRebalance"), { kind: "tick" }, startMs + 59_000);
    assert.deepEqual([...group.members.keys()], ["b"]);
    assert.equal(group.state, "CompletingRebalance");
    assert.equal(group.leader, "b");
  });

  it("refuses a handed-out id together with an instance id", () => {
    const { group } = run(emptyGroup("g"), joinOf(""));
    assert.equal(
      outcome(run(group, joinOf("fresh", 9, { instanceId: "x" }))),
      "INVALID_REQUEST Empty",
    );
  });
});

describe("votes for a protocol", () => {
  const member = (...names: string[]) => {
    const { group } = run(
      emptyGroup("g"),
      joinOf("", 1, { apiVersion: 0, protocols: names.map((name) => ({ name, metadata })) }),
    );
    const [only] = group.members.values();
    assert.ok(only);
    return only;
  };
  const cases: [string[][], string | null][] = [
    [[["range", "sticky"]], "range"],
    [[["range", "sticky"], ["sticky"]], "sticky"],
    [
      [
        ["a", "b"],
        ["b", "a"],
        ["b", "a"],
      ],
      "b",
    ],
    [
      [
        ["b", "a"],
        ["a", "b"],
      ],
      "b",
    ],
    [
      [
        ["x", "a", "b"],
        ["b", "a"],
        ["a", "y", "b"],
      ],
      "a",
    ],
    [[["a"], ["b"]], null],
  ];
  for (const [offers, winner] of cases) {
    it(`${JSON.stringify(offers)} gives ${winner}`, () => {
      assert.equal(selectProtocol(offers.map((names) => member(...names))), winner);
    });
  }
});

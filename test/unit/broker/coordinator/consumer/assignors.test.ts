import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  NOTHING,
  type Assignment,
} from "../../../../../runtime/broker/coordinator/consumer/assignment.ts";
import {
  ASSIGNORS,
  preferredAssignor,
  type AssignorMember,
} from "../../../../../runtime/broker/coordinator/consumer/assignors.ts";
import { seeded } from "./seeded.ts";

type Targets = ReadonlyMap<string, Assignment>;

function assign(
  name: string,
  subscriptions: Readonly<Record<string, readonly string[]>>,
  partitions: Readonly<Record<string, number>>,
  before: Targets = new Map(),
  instances: Readonly<Record<string, string>> = {},
): Targets {
  const members = Object.entries(subscriptions).map(([memberId, topics]): AssignorMember => ({
    memberId,
    instanceId: instances[memberId] ?? null,
    topics: new Map(
      topics.map((id) => [id, { id, name: id, partitions: partitions[id] ?? 0 }] as const),
    ),
    target: before.get(memberId) ?? NOTHING,
  }));
  const assignor = ASSIGNORS.get(name);
  assert.ok(assignor);
  return assignor(members);
}

const loads = (targets: Targets): number[] =>
  [...targets.values()].map((target) => [...target.values()].flat().length);

const shown = (targets: Targets) =>
  Object.fromEntries(
    Array.from(targets, ([memberId, target]) => [memberId, Object.fromEntries(target)]),
  );

/** Every partition with a subscriber has exactly one owner, and it is a subscriber. */
function assertWhole(
  targets: Targets,
  subscriptions: Readonly<Record<string, readonly string[]>>,
  partitions: Readonly<Record<string, number>>,
): void {
  const owned: string[] = [];
  for (const [memberId, target] of targets) {
    for (const [topic, list] of target) {
      assert.ok(subscriptions[memberId]?.includes(topic));
      owned.push(...list.map((partition) => `${topic}:${partition}`));
    }
  }
  const topics = new Set(Object.values(subscriptions).flat());
  const wanted = [...topics].flatMap((topic) =>
    Array.from({ length: partitions[topic] ?? 0 }, (_, partition) => `${topic}:${partition}`),
  );
  assert.deepEqual(owned.sort(), wanted.sort());
}

describe("assignors", () => {
  it("range gives neighbours, the same of each topic", () => {
    const all = { b: ["x", "y"], a: ["x", "y"] };
    assert.deepEqual(shown(assign("range", all, { x: 3, y: 3 })), {
      a: { x: [0, 1], y: [0, 1] },
      b: { x: [2], y: [2] },
    });
    const named = assign("range", all, { x: 3, y: 3 }, new Map(), { b: "i" });
    assert.deepEqual(shown(named)["b"], { x: [0, 1], y: [0, 1] });
  });

  it("range leaves out members beyond the partitions", () => {
    assert.deepEqual(loads(assign("range", { a: ["x"], b: ["x"] }, { x: 1 })), [1, 0]);
  });

  it("uniform balances members with the same topics", () => {
    const all = { a: ["x", "y"], b: ["x", "y"], c: ["x", "y"] };
    const even = loads(assign("uniform", all, { x: 2, y: 5 }));
    assert.deepEqual(
      even.sort((a, b) => a - b),
      [2, 2, 3],
    );
  });

  it("uniform moves nothing when all is well, and only what it must when not", () => {
    const partitions = { x: 12 };
    const three = { a: ["x"], b: ["x"], c: ["x"] };
    const first = assign("uniform", three, partitions);
    assert.deepEqual(assign("uniform", three, partitions, first), first);
    const four = { ...three, d: ["x"] };
    const second = assign("uniform", four, partitions, first);
    assert.deepEqual(loads(second), [3, 3, 3, 3]);
    for (const id of ["a", "b", "c"]) {
      const had = first.get(id)?.get("x") ?? [];
      assert.ok(
        second
          .get(id)
          ?.get("x")
          ?.every((partition) => had.includes(partition)),
      );
    }
  });

  it("uniform gives topics of few subscribers to these", () => {
    const subscriptions = { a: ["x", "y"], b: ["x"] };
    assert.deepEqual(loads(assign("uniform", subscriptions, { x: 4, y: 2 })), [3, 3]);
  });

  it("all give every partition to one subscriber, whatever the subscriptions", () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = seeded(seed);
      const upTo = (max: number) => Math.floor(random() * max);
      let before: Targets = new Map();
      for (let round = 0; round < 4; round++) {
        const partitions = { x: upTo(9), y: upTo(9), z: upTo(9) };
        const subscriptions = Object.fromEntries(
          Array.from({ length: upTo(6) }, (_, index) => [
            `m${index}`,
            ["x", "y", "z"].filter(() => random() < 0.6),
          ]),
        );
        for (const name of ASSIGNORS.keys()) {
          const targets = assign(name, subscriptions, partitions, before);
          assertWhole(targets, subscriptions, partitions);
          if (name === "uniform") before = targets;
        }
      }
    }
  });

  it("are chosen by most of the members that ask", () => {
    const asking = (...names: (string | null)[]) => names.map((assignor) => ({ assignor }));
    assert.equal(preferredAssignor([]), "uniform");
    assert.equal(preferredAssignor(asking(null, "range", null)), "range");
    assert.equal(preferredAssignor(asking("uniform", "range", "range")), "range");
  });
});

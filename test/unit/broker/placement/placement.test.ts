import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  assignmentFault,
  replicationFactorFault,
  stripe,
} from "../../../../runtime/broker/placement/assign.ts";
import { Nodes } from "../../../../runtime/broker/placement/nodes.ts";
import {
  elected,
  newPlacement,
  NO_LEADER,
  ONLY_NODE,
  type Placement,
  reassigned,
  restored,
  settled,
  toStore,
} from "../../../../runtime/broker/placement/placement.ts";

const upExcept =
  (...down: readonly number[]) =>
  (node: number) =>
    !down.includes(node);
const ALL = upExcept();

/** `leader@epoch replicas/isr`, which is easier on the eye. */
function told({ leader, epoch, replicas, isr }: Placement): string {
  return `${leader}@${epoch} ${replicas.join(",")}/${isr.join(",")}`;
}

const placed = (...replicas: readonly number[]) => newPlacement(replicas, ALL);

describe("placement: assignment", () => {
  it("goes from node to node, the followers after their leader", () => {
    const expected = [
      [2, 3],
      [3, 1],
      [1, 2],
      [2, 3],
    ];
    assert.deepEqual(stripe(4, 2, 3, ALL, 1), expected);
  });

  it("makes nodes that are down followers only", () => {
    const expected = [
      [1, 3, 2],
      [3, 1, 2],
    ];
    assert.deepEqual(stripe(2, 3, 3, upExcept(2), 0), expected);
  });

  it("refuses what cannot be", () => {
    const faults = [
      assignmentFault([], 3, ALL),
      assignmentFault([1, 4], 3, ALL),
      assignmentFault([1, 0], 3, ALL),
      assignmentFault([2, 1, 2], 3, ALL),
      assignmentFault([1, 2], 3, ALL, 3),
      assignmentFault([3], 3, upExcept(3)),
      assignmentFault([1, 2], 3, upExcept(1), 2),
    ].map((fault) => fault?.message.replace("The manual partition assignment includes ", ""));
    const expected = [
      "an empty replica list.",
      "broker 4, but no such broker is registered.",
      "broker 0, but no such broker is registered.",
      "the broker 2 more than once.",
      "a partition with 2 replica(s), but this is not consistent with previous partitions, which have 3 replica(s).",
      "All brokers specified in the manual partition assignment are stopped: 3.",
      undefined,
    ];
    assert.deepEqual(faults, expected);
    assert.match(replicationFactorFault(4, 3)?.message ?? "", /only 3 brokers are registered/);
    assert.match(replicationFactorFault(0, 3)?.message ?? "", /larger than 0/);
    assert.equal(replicationFactorFault(3, 3), undefined);
  });
});

describe("placement: nodes that go down and come up", () => {
  it("hands the lead to the next replica in sync, and nobody's back by itself", () => {
    const before = placed(1, 2, 3);
    const without = settled(before, upExcept(1), false);
    assert.equal(told(without), "2@1 1,2,3/2,3");
    assert.equal(told(settled(without, ALL, false)), "2@1 1,2,3/1,2,3");
  });

  it("shrinks the ISR without an epoch when a follower goes", () => {
    assert.equal(told(settled(placed(1, 2), upExcept(2), false)), "1@0 1,2/1");
    const untouched = placed(1, 2);
    assert.equal(settled(untouched, upExcept(3), false), untouched);
  });

  it("waits for the last one in sync, unless the election may be unclean", () => {
    const one = settled(placed(1, 2), upExcept(1), false);
    const none = settled(one, upExcept(1, 2), false);
    assert.equal(told(none), "-1@2 1,2/2");
    assert.equal(settled(none, upExcept(2), false), none);
    assert.equal(told(settled(none, upExcept(2), true)), "1@3 1,2/1");
    assert.equal(told(settled(none, upExcept(1), false)), "2@3 1,2/2");
  });
});

describe("placement: moves that are asked for", () => {
  it("keep the leader if it stays, and begin an epoch when a replica goes", () => {
    assert.equal(told(reassigned(placed(1), [1, 2], ALL)), "1@0 1,2/1,2");
    assert.equal(told(reassigned(placed(1, 2), [1, 3], ALL)), "1@1 1,3/1,3");
    assert.equal(told(reassigned(placed(1, 2), [2, 3], ALL)), "2@1 2,3/2,3");
    assert.equal(told(reassigned(placed(1), [3, 2], upExcept(3))), "2@1 3,2/2");
  });

  it("elect the preferred replica when it can lead", () => {
    const moved = settled(settled(placed(1, 2), upExcept(1), false), ALL, false);
    const after = elected(moved, "preferred", ALL);
    assert.equal(typeof after === "string" ? after : told(after), "1@2 1,2/1,2");
    assert.equal(elected(placed(1, 2), "preferred", ALL), "not-needed");
    const away = settled(placed(1, 2), upExcept(1), false);
    assert.equal(elected(away, "preferred", upExcept(1)), "not-available");
  });

  it("elect one that was not in sync only when told to", () => {
    const one = settled(placed(1, 2), upExcept(1), false);
    const none = settled(one, upExcept(1, 2), false);
    assert.equal(elected(none, "preferred", upExcept(2)), "not-available");
    const after = elected(none, "unclean", upExcept(2));
    assert.equal(typeof after === "string" ? after : told(after), "1@3 1,2/1");
    assert.equal(elected(one, "unclean", upExcept(1)), "not-needed");
    assert.equal(elected(none, "unclean", upExcept(1, 2)), "not-available");
  });
});

describe("placement: a lab opened again", () => {
  const stored = { replicas: [2, 3], leader: 3, epoch: 4 };

  it("is as it was with the same nodes", () => {
    assert.equal(told(restored(stored, 0, 3, 0)), "3@4 2,3/2,3");
    assert.equal(restored(undefined, 0, 3, 0), ONLY_NODE);
  });

  it("gives the lead to nodes that exist, and keeps in mind those that do not", () => {
    const two = restored(stored, 0, 2, 0);
    assert.equal(told(two), "2@5 2/2");
    assert.deepEqual(toStore([two]), [{ replicas: [2, 3], leader: 2, epoch: 5 }]);
    const one = restored(stored, 0, 1, 0);
    assert.equal(told(one), "1@5 1/1");
    const [kept] = toStore([one]) ?? [];
    assert.equal(told(restored(kept, 0, 3, 0)), "2@6 2,3/2,3");
  });

  it("is never of an older epoch than its log", () => {
    assert.equal(told(restored(stored, 0, 3, 9)), "3@9 2,3/2,3");
    assert.equal(told(restored(undefined, 0, 1, 2)), "1@2 1/1");
  });

  it("has a leader again when all had been stopped", () => {
    const nobody = { replicas: [2, 3], leader: NO_LEADER, epoch: 4 };
    assert.equal(told(restored(nobody, 0, 3, 0)), "2@5 2,3/2,3");
  });

  it("has nothing to keep while node 1 leads alone", () => {
    assert.equal(toStore([ONLY_NODE, placed(1)]), undefined);
    assert.equal(toStore([ONLY_NODE, placed(2)])?.length, 2);
  });
});

describe("placement: coordinators", () => {
  it("are chosen by the hash of Java's String", () => {
    const nodes = new Nodes(3);
    // "a".hashCode() is 97, "polygenelubricants".hashCode() is -2^31.
    assert.equal(nodes.coordinatorOf("a"), 1 + (97 % 3));
    assert.equal(nodes.coordinatorOf("polygenelubricants"), 1);
  });

  it("go to the next node that is up", () => {
    const nodes = new Nodes(3);
    nodes.set(2, false);
    assert.equal(nodes.coordinatorOf("a"), 3);
    nodes.set(3, false);
    assert.equal(nodes.coordinatorOf("a"), 1);
    nodes.set(1, false);
    assert.equal(nodes.coordinatorOf("a"), NO_LEADER);
    assert.equal(new Nodes(1).coordinatorOf("a"), 1);
  });
});

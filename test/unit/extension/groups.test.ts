import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ChangeReader } from "../../../extension/lab/change-reader.ts";
import { mergeNamed } from "../../../extension/lab/sorted-names.ts";
import {
  childrenOfGroup,
  childrenOfMember,
  type ConsumerNode,
  GroupNode,
} from "../../../extension/views/group-nodes.ts";
import {
  groupDescription,
  groupLabel,
  groupTooltip,
  isRebalancing,
  memberDescription,
  memberLabel,
  memberName,
  progressDescription,
  progressLabel,
} from "../../../extension/views/group-text.ts";
import type { Wording } from "../../../extension/views/topic-text.ts";
import type { GroupOverview } from "../../../runtime/api/group-admin.ts";
import type { GroupDetails, GroupMember, GroupProgress } from "../../../runtime/api/model.ts";

const wording: Wording = {
  t: (sentence, ...values) =>
    sentence.replaceAll(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)])),
  locale: "en",
};

const overview: GroupOverview = {
  ...{ groupId: "orders-app", type: "classic", state: "Stable", epoch: 3 },
  ...{ memberCount: 2, lag: 1_204 },
};
const member = (clientId: string, instanceId: string | null = null): GroupMember => ({
  ...{ memberId: `${clientId}-uuid`, instanceId, clientId, clientHost: "/127.0.0.1" },
});
const progress = (partition: number, more: Partial<GroupProgress> = {}): GroupProgress => ({
  ...{ topic: "orders", partition, committed: 4, endOffset: 10, lag: 6, member: undefined },
  ...more,
});

describe("group texts", () => {
  it("say state, members and lag of a group in a sentence", () => {
    assert.equal(groupDescription(overview, false, wording), "lag 1,204 · 2 members · stable");
    assert.equal(groupLabel(overview, false, wording), "orders-app, stable, 2 members, lag 1,204");
    const empty: GroupOverview = { ...overview, state: "Empty", memberCount: 0, lag: undefined };
    assert.equal(groupLabel(empty, false, wording), "orders-app, empty, nothing committed");
  });

  it("say that partitions change hands, and that they just did", () => {
    const moving: GroupOverview = { ...overview, state: "PreparingRebalance", memberCount: 1 };
    assert.ok(isRebalancing(moving.state));
    assert.equal(
      groupDescription(moving, false, wording),
      "preparing rebalance · lag 1,204 · 1 member",
    );
    assert.match(groupDescription(overview, true, wording), /^rebalanced · lag 1,204 · 2 members/);
  });

  it("say which kind of group it is, and its generation or epoch", () => {
    assert.match(groupTooltip(overview, wording), /\nClassic group, generation 3$/);
    const kip848: GroupOverview = { ...overview, type: "consumer", epoch: 1_007 };
    assert.match(groupTooltip(kip848, wording), /\nConsumer group \(KIP-848\), epoch 1,007$/);
  });

  it("say where a member is and what it has", () => {
    const one = member("app-1");
    const rows = [progress(0), progress(1, { lag: 1 })];
    assert.equal(memberDescription(one, rows, wording), "127.0.0.1 · lag 7 · 2 partitions");
    assert.equal(memberLabel(one, rows, wording), "Member app-1 at 127.0.0.1, 2 partitions, lag 7");
    assert.equal(memberDescription(one, [], wording), "127.0.0.1 · no partitions");
    assert.equal(memberName(member("app-1", "i-9")), "app-1 (i-9)");
    assert.equal(memberName(member("")), "-uuid");
  });

  it("say what is committed of what a partition has", () => {
    assert.equal(progressDescription(progress(0), wording), "lag 6 · 4 of 10");
    assert.equal(
      progressLabel(progress(0), wording),
      "Partition 0 of orders, committed 4, end 10, lag 6",
    );
    const fresh = progress(0, { committed: undefined, lag: undefined });
    assert.equal(progressDescription(fresh, wording), "nothing committed · end 10");
    const gone = progress(0, { endOffset: undefined, lag: undefined });
    assert.equal(progressDescription(gone, wording), "committed 4 · partition is gone");
  });
});

describe("the tree of a group", () => {
  const group = new GroupNode(overview);
  const details = (members: GroupMember[], ...rows: GroupProgress[]): GroupDetails => ({
    ...{ groupId: "orders-app", type: "classic", state: "Stable", epoch: 3, assignor: "range" },
    ...{ members, progress: rows },
  });
  const partitions = (node: ConsumerNode | undefined) =>
    node?.kind === "member"
      ? childrenOfMember(node).map((one) => one.progress.partition)
      : undefined;

  it("has members with their partitions, and those that none has", () => {
    const [first, second, free, ...more] = childrenOfGroup(
      group,
      details(
        [member("a"), member("b")],
        progress(0, { member: 1 }),
        progress(1, { member: 0 }),
        progress(2),
      ),
    );
    assert.deepEqual([partitions(first), partitions(second)], [[1], [0]]);
    assert.ok(free?.kind === "member" && free.member === undefined);
    assert.deepEqual(partitions(free), [2]);
    assert.deepEqual(more, []);
  });

  it("has the partitions themselves when there are no members", () => {
    const children = childrenOfGroup(group, details([], progress(0), progress(1)));
    assert.deepEqual(
      children.map((node) => node.kind === "progress" && node.groupId),
      ["orders-app", "orders-app"],
    );
  });
});

describe("reading what has changed", () => {
  it("reads one at a time, and gathers what changes meanwhile", async () => {
    const reads: (readonly string[] | undefined)[] = [];
    const finish: (() => void)[] = [];
    const reader = new ChangeReader((names) => {
      reads.push(names);
      return new Promise((resolve) => finish.push(resolve));
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const first = reader.changed(["a"]);
    void reader.changed(["b"]);
    void reader.changed(["c", "b"]);
    assert.deepEqual(reads, [["a"]]);
    finish.shift()?.();
    await turn();
    assert.deepEqual(reads, [["a"], ["b", "c"]]);
    void reader.changed(["d"]);
    void reader.changed(undefined);
    finish.shift()?.();
    await turn();
    assert.deepEqual(reads.slice(2), [undefined]);
    finish.shift()?.();
    await turn();
    await first;
    // What everything was read for is not read once more by its name.
    assert.equal(reads.length, 3);
  });

  it("merges what was read into a sorted list", () => {
    const list = ["a-1", "a-2", "a-10"].map((name) => ({ name, version: 1 }));
    const merge = (names: string[], ...fresh: string[]) =>
      mergeNamed(
        list,
        names,
        fresh.map((name) => ({ name, version: 2 })),
        ({ name }) => name,
      ).map(({ name, version }) => `${name}:${version}`);
    assert.deepEqual(merge(["a-2"], "a-2"), ["a-1:1", "a-2:2", "a-10:1"]);
    assert.deepEqual(merge(["a-2"]), ["a-1:1", "a-10:1"]);
    assert.deepEqual(merge(["a-9", "b"], "a-9", "b"), ["a-1:1", "a-2:1", "a-9:2", "a-10:1", "b:2"]);
    assert.deepEqual(merge(["a-1", "a-0"], "a-0"), ["a-0:2", "a-2:1", "a-10:1"]);
  });
});

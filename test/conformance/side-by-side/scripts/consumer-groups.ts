/** Groups of the consumer protocol (KIP-848). */
import { apis } from "../apis.ts";
import type { Script, Steps } from "../script.ts";
import { askAll } from "./cases.ts";
import { topicId } from "./records.ts";

interface Beat {
  readonly memberId?: string;
  readonly memberEpoch?: number;
  readonly instanceId?: string | null;
  readonly rackId?: string | null;
  readonly rebalanceTimeoutMs?: number;
  readonly subscribedTopicNames?: string[] | null;
  readonly subscribedTopicRegex?: string | null;
  readonly serverAssignor?: string | null;
  readonly topicPartitions?: { topicId: string; partitions: number[] }[] | null;
}

const full = (groupId: string, beat: Beat = {}) => ({
  ...{ groupId, memberId: "member-a", memberEpoch: 0, rebalanceTimeoutMs: 5_000 },
  ...{
    subscribedTopicNames: ["cg"] as string[] | null,
    topicPartitions: [] as NonNullable<Beat["topicPartitions"]> | null,
  },
  ...beat,
});
const still = (groupId: string, memberId: string, memberEpoch: number, beat: Beat = {}) => ({
  ...{ groupId, memberId, memberEpoch },
  ...beat,
});

export const consumerRequests: Script = {
  name: "requests of consumer groups",
  async run(steps) {
    await steps.topic("cg", 3);
    await askAll(steps, apis.consumerGroupHeartbeat, [
      { step: "empty group", ask: full("") },
      {
        step: "empty member",
        ask: full("bad", { memberId: "", subscribedTopicNames: ["nowhere"] }),
      },
      { step: "blank group", ask: full("  ") },
      { step: "empty instance", ask: full("bad", { instanceId: "" }) },
      { step: "empty rack", ask: full("bad", { rackId: "" }) },
      { step: "no timeout", ask: full("bad", { rebalanceTimeoutMs: -1 }) },
      { step: "no subscription", ask: full("bad", { subscribedTopicNames: null }) },
      { step: "empty subscription", ask: full("bad-empty", { subscribedTopicNames: [] }) },
      {
        step: "owned at the start",
        ask: full("bad", {
          topicPartitions: [{ topicId: "c3RyYW5nZS10b3BpYy1pZA", partitions: [0] }],
        }),
      },
      { step: "owned is null", ask: full("bad", { topicPartitions: null }) },
      { step: "unknown assignor", ask: full("bad", { serverAssignor: "sticky" }) },
      { step: "empty assignor", ask: full("bad", { serverAssignor: "" }) },
      {
        step: "bad expression",
        ask: full("bad", { subscribedTopicNames: null, subscribedTopicRegex: "(a" }),
        from: 1,
      },
      { step: "unknown member", ask: still("bad", "nobody", 3) },
      { step: "leaving unknown", ask: still("bad", "nobody", -1) },
      { step: "leaving static unknown", ask: still("bad", "nobody", -2, { instanceId: "i" }) },
      { step: "leaving static without instance", ask: still("bad", "nobody", -2) },
      { step: "epoch -3", ask: still("bad", "nobody", -3) },
    ]);
    await askAll(steps, apis.consumerGroupDescribe, [
      { step: "unknown", ask: { groupIds: ["unheard-of"], includeAuthorizedOperations: false } },
      { step: "empty", ask: { groupIds: [""], includeAuthorizedOperations: false } },
      { step: "none", ask: { groupIds: [], includeAuthorizedOperations: true } },
      {
        step: "twice",
        ask: { groupIds: ["unheard-of", "unheard-of"], includeAuthorizedOperations: true },
      },
    ]);
  },
};

type Step = (
  step: string,
  value: ReturnType<typeof still>,
) => Promise<{ memberEpoch: number; errorCode: number } | undefined>;

async function others(steps: Steps, groupId: string) {
  await steps.ask("classic member of it", apis.joinGroup, 9, {
    ...{ groupId, sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 5_000, memberId: "" },
    ...{ protocolType: "consumer", protocols: [{ name: "range", metadata: Buffer.from("x") }] },
  });
  await steps.ask("classic heartbeat", apis.heartbeat, 4, {
    groupId,
    generationId: 1,
    memberId: "member-a",
  });
  await steps.ask("classic sync", apis.syncGroup, 5, {
    groupId,
    generationId: 1,
    memberId: "member-a",
    protocolType: "consumer",
    protocolName: "range",
    assignments: [],
  });
  await steps.ask("classic leave", apis.leaveGroup, 5, {
    groupId,
    members: [{ memberId: "nobody" }],
  });
  await steps.ask("classic description", apis.describeGroups, 5, { groups: [groupId] });
  await steps.ask("classic description with error", apis.describeGroups, 6, { groups: [groupId] });
  await steps.ask("listed", apis.listGroups, 5, { statesFilter: [], typesFilter: ["consumer"] });
  await steps.ask("listed by state", apis.listGroups, 5, {
    statesFilter: ["Stable"],
    typesFilter: [],
  });
  await steps.ask("listed (v4)", apis.listGroups, 4, {});
  await steps.ask("deleted alive", apis.deleteGroups, 2, { groupsNames: [groupId] });
}

export const consumerGroup: Script = {
  name: "a consumer group",
  async run(steps) {
    const groupId = "consumers";
    await steps.topic("cg", 3);
    await steps.topic("cg-other", 2);
    const id = await topicId(steps, "cg");
    const beat: Step = (step, value) => steps.ask(step, apis.consumerGroupHeartbeat, 1, value);
    const owned = (...partitions: number[]) => ({ topicPartitions: [{ topicId: id, partitions }] });
    const describe = (step: string) =>
      steps.ask(step, apis.consumerGroupDescribe, 1, {
        groupIds: [groupId],
        includeAuthorizedOperations: false,
      });
    const joined = await beat("a joins", full(groupId));
    const epochA = joined?.memberEpoch ?? 0;
    await describe("a alone");
    await beat("a again from the start", full(groupId));
    await beat("a stays", still(groupId, "member-a", epochA));
    await beat("a has them", still(groupId, "member-a", epochA, owned(0, 1, 2)));
    await beat("a, wrong epoch", still(groupId, "member-a", 99));
    await beat("a, old epoch", still(groupId, "member-a", epochA - 1));
    await beat("stranger", still(groupId, "nobody", epochA));
    await others(steps, groupId);
    const commit = (
      step: string,
      memberId: string,
      generationIdOrMemberEpoch: number,
      version = 9,
    ) =>
      steps.ask(step, apis.offsetCommit, version, {
        groupId,
        memberId,
        generationIdOrMemberEpoch,
        topics: [
          {
            name: "cg",
            partitions: [{ partitionIndex: 0, committedOffset: 3, committedMetadata: "m" }],
          },
        ],
      });
    await commit("commit", "member-a", epochA);
    await commit("commit, future epoch", "member-a", 99);
    await commit("commit, old version", "member-a", 99, 8);
    await commit("commit, stranger", "nobody", epochA);
    await commit("commit, no member", "", -1);
    const fetchAs = (step: string, memberId: string, memberEpoch: number) =>
      steps.ask(step, apis.offsetFetch, 9, {
        groups: [
          { groupId, memberId, memberEpoch, topics: [{ name: "cg", partitionIndexes: [0] }] },
        ],
      });
    await fetchAs("offsets", "member-a", epochA);
    await fetchAs("offsets, wrong epoch", "member-a", 99);
    await fetchAs("offsets, stranger", "nobody", 1);
    await steps.ask("offsets of a subscribed topic deleted", apis.offsetDelete, 0, {
      groupId,
      topics: [{ name: "cg", partitions: [{ partitionIndex: 0 }] }],
    });
    // A second member, which waits until the first has let go.
    const second = await beat("b joins", full(groupId, { memberId: "member-b", instanceId: "i" }));
    await describe("a and b");
    const told = await beat("a is told", still(groupId, "member-a", epochA, owned(0, 1, 2)));
    await beat(
      "b waits",
      still(groupId, "member-b", second?.memberEpoch ?? 0, { instanceId: "i" }),
    );
    await describe("a shall let go");
    await commit("commit, epoch before", "member-a", epochA);
    const kept = await beat(
      "a lets go",
      still(groupId, "member-a", told?.memberEpoch ?? 0, owned(0, 1)),
    );
    await describe("a has let go");
    await beat("b gets", still(groupId, "member-b", second?.memberEpoch ?? 0, { instanceId: "i" }));
    await describe("settled");
    await beat("b's instance again", full(groupId, { memberId: "member-c", instanceId: "i" }));
    await beat(
      "a subscribes to another",
      still(groupId, "member-a", kept?.memberEpoch ?? 0, {
        subscribedTopicNames: ["cg-other", "nowhere"],
      }),
    );
    await describe("another topic");
    await beat("b leaves for a while", still(groupId, "member-b", -2, { instanceId: "i" }));
    await describe("b is away");
    await beat("c takes b's place", full(groupId, { memberId: "member-c", instanceId: "i" }));
    await beat("b is fenced", still(groupId, "member-b", 3, { instanceId: "i" }));
    await beat("c leaves", still(groupId, "member-c", -1));
    await beat("a leaves", still(groupId, "member-a", -1));
    await describe("empty");
    await steps.ask("listed empty", apis.listGroups, 5, {
      statesFilter: ["Empty"],
      typesFilter: ["consumer"],
    });
    await steps.ask("deleted", apis.deleteGroups, 2, { groupsNames: [groupId] });
    await describe("gone");
  },
};

export const expressions: Script = {
  name: "a consumer group by expression",
  async run(steps) {
    const groupId = "by-regex";
    await steps.topic("re-1");
    await steps.topic("re-2");
    for (const topic of ["re-1", "re-2"]) await topicId(steps, topic);
    const first = {
      memberId: "member-r",
      subscribedTopicNames: null,
      subscribedTopicRegex: "re-[12]",
    };
    await steps.ask("joins", apis.consumerGroupHeartbeat, 1, full(groupId, first));
    const settled = await steps.eventually(
      undefined,
      apis.consumerGroupDescribe,
      1,
      { groupIds: [groupId], includeAuthorizedOperations: false },
      ({ groups }) => groups[0]?.members[0]?.targetAssignment.topicPartitions.length === 2,
    );
    const epoch = settled.groups[0]?.members[0]?.memberEpoch ?? 1;
    await steps.eventually(
      "has both",
      apis.consumerGroupHeartbeat,
      1,
      still(groupId, "member-r", epoch),
      ({ assignment, errorCode }) => errorCode !== 0 || assignment?.topicPartitions.length === 2,
    );
    await steps.ask("described", apis.consumerGroupDescribe, 1, {
      groupIds: [groupId],
      includeAuthorizedOperations: false,
    });
    await steps.ask("leaves", apis.consumerGroupHeartbeat, 1, still(groupId, "member-r", -1));
  },
};

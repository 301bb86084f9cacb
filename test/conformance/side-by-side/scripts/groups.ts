/** Groups of the classic protocol: single requests, and members that come, stay and go. */
import { apis } from "../apis.ts";
import type { Line, Script, Steps } from "../script.ts";
import { askAll } from "./cases.ts";

const METADATA = Buffer.from("subscription");
const protocols = (...names: string[]) => names.map((name) => ({ name, metadata: METADATA }));

interface Join {
  readonly memberId?: string;
  readonly groupInstanceId?: string | null;
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
  readonly protocolType?: string;
  readonly protocols?: { name: string; metadata: Buffer }[];
}

const joining = (groupId: string, join: Join = {}) => ({
  ...{ groupId, sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 2_000, memberId: "" },
  ...{ protocolType: "consumer", protocols: protocols("range") },
  ...join,
});
export const commit = (
  groupId: string,
  name: string,
  committedOffset: number,
  more: object = {},
) => ({
  groupId,
  memberId: "",
  topics: [
    {
      name,
      partitions: [
        { partitionIndex: 0, committedOffset, committedMetadata: "note" as string | null },
      ],
    },
  ],
  ...more,
});

/** Joins in two steps, as clients do; resolves when the group has a generation. */
export async function join(
  line: Line,
  step: string,
  groupId: string,
  more: Join = {},
  version = 9,
) {
  const first = await line.ask(`${step}: id`, apis.joinGroup, version, joining(groupId, more));
  if (first?.errorCode !== 79)
    return { memberId: first?.memberId ?? "", generation: first?.generationId ?? -1 };
  const memberId = first.memberId;
  const joined = await line.ask(
    `${step}: join`,
    apis.joinGroup,
    version,
    joining(groupId, { ...more, memberId }),
  );
  return { memberId, generation: joined?.generationId ?? -1 };
}

export const strangers: Script = {
  name: "requests of groups that are not there",
  async run(steps) {
    const plain = { groupId: "stranger", generationId: 1, memberId: "m" };
    await askAll(steps, apis.heartbeat, [
      { step: "unknown group", ask: plain },
      { step: "empty group", ask: { ...plain, groupId: "" } },
      { step: "static", ask: { ...plain, groupInstanceId: "i" }, from: 3 },
    ]);
    await askAll(steps, apis.syncGroup, [
      { step: "unknown group", ask: { ...plain, assignments: [] }, to: 4 },
      { step: "empty group", ask: { ...plain, groupId: "", assignments: [] }, to: 4 },
      { step: "no protocol", ask: { ...plain, assignments: [] }, from: 5 },
      {
        step: "with protocol",
        ask: { ...plain, protocolType: "consumer", protocolName: "range", assignments: [] },
        from: 5,
      },
    ]);
    await askAll(steps, apis.leaveGroup, [
      {
        step: "unknown group",
        ask: { groupId: "stranger", memberId: "m", members: [{ memberId: "m" }] },
      },
      { step: "empty group", ask: { groupId: "", memberId: "m", members: [{ memberId: "m" }] } },
      {
        step: "by instance",
        ask: { groupId: "stranger", members: [{ memberId: "", groupInstanceId: "i" }] },
        from: 3,
      },
      { step: "nobody", ask: { groupId: "stranger", members: [] }, from: 3 },
    ]);
    await askAll(steps, apis.describeGroups, [
      { step: "unknown group", ask: { groups: ["stranger"] } },
      { step: "empty group", ask: { groups: [""] } },
      { step: "none", ask: { groups: [] } },
      { step: "twice", ask: { groups: ["stranger", "stranger"] } },
      {
        step: "operations",
        ask: { groups: ["stranger"], includeAuthorizedOperations: true },
        from: 3,
      },
    ]);
    await askAll(steps, apis.deleteGroups, [
      { step: "unknown group", ask: { groupsNames: ["stranger"] } },
      { step: "empty group", ask: { groupsNames: [""] } },
      { step: "none", ask: { groupsNames: [] } },
      { step: "twice", ask: { groupsNames: ["stranger", "stranger"] } },
    ]);
    await askAll(steps, apis.joinGroup, [
      { step: "empty group", ask: joining("") },
      { step: "short session", ask: joining("j", { sessionTimeoutMs: 5_999 }) },
      { step: "long session", ask: joining("j", { sessionTimeoutMs: 1_800_001 }) },
      { step: "unknown member", ask: joining("j", { memberId: "m" }) },
      { step: "no protocols", ask: joining("j", { protocols: [] }) },
      { step: "no type", ask: joining("j", { protocolType: "" }) },
      { step: "empty instance", ask: joining("j", { groupInstanceId: "" }), from: 5 },
      { step: "id required", ask: joining("j"), from: 4 },
    ]);
  },
};

/** Waits until no rebalance is under way, so that what is compared is what comes of it. */
async function described(steps: Steps, step: string, group: string, state: string) {
  await steps.eventually(step, apis.describeGroups, 5, { groups: [group] }, ({ groups }) =>
    groups.every(({ groupState }) => groupState === state),
  );
}

export const membership: Script = {
  name: "a classic group",
  async run(steps) {
    await steps.topic("group-topic", 2);
    const groupId = "classic";
    const a = await steps.open();
    const b = await steps.open();
    const one = await join(a, "a", groupId);
    await described(steps, "a waits", groupId, "CompletingRebalance");
    await steps.ask("heartbeat before sync", apis.heartbeat, 4, {
      groupId,
      generationId: one.generation,
      memberId: one.memberId,
    });
    const sync = (
      line: Line,
      step: string,
      who: { memberId: string; generation: number },
      more: object = {},
    ) =>
      line.ask(step, apis.syncGroup, 5, {
        ...{ groupId, generationId: who.generation, memberId: who.memberId },
        ...{
          protocolType: "consumer",
          protocolName: "range",
          assignments: [] as { memberId: string; assignment: Buffer }[],
        },
        ...more,
      });
    await sync(a, "sync, wrong generation", { ...one, generation: 9 });
    await sync(a, "sync, wrong protocol", one, { protocolName: "roundrobin" });
    await sync(a, "sync, wrong type", one, { protocolType: "connect" });
    await sync(a, "sync, stranger", { ...one, memberId: "stranger" });
    await sync(a, "sync", one, {
      assignments: [{ memberId: one.memberId, assignment: Buffer.from("all") }],
    });
    await sync(a, "sync again", one);
    await described(steps, "a has all", groupId, "Stable");
    await steps.ask("listed", apis.listGroups, 5, {
      statesFilter: ["stable"],
      typesFilter: ["classic"],
    });
    await steps.ask("listed, no such state", apis.listGroups, 5, {
      statesFilter: ["nonsense"],
      typesFilter: [],
    });
    await steps.ask("listed, no such type", apis.listGroups, 5, {
      statesFilter: [],
      typesFilter: ["nonsense"],
    });
    for (let version = 0; version <= 5; version++)
      await steps.ask(`listed (v${version})`, apis.listGroups, version, {});
    for (let version = 0; version <= 6; version++)
      await steps.ask(`described (v${version})`, apis.describeGroups, version, {
        groups: [groupId],
        includeAuthorizedOperations: version > 2,
      });
    const beat = (step: string, generationId: number, memberId: string) =>
      steps.ask(step, apis.heartbeat, 4, { groupId, generationId, memberId });
    await beat("heartbeat", one.generation, one.memberId);
    await beat("heartbeat, wrong generation", 9, one.memberId);
    await beat("heartbeat, stranger", one.generation, "stranger");
    const put = (step: string, generation: number, memberId: string) =>
      steps.ask(step, apis.offsetCommit, 8, {
        ...commit(groupId, "group-topic", 5),
        generationIdOrMemberEpoch: generation,
        memberId,
      });
    await put("commit", one.generation, one.memberId);
    await put("commit, wrong generation", 9, one.memberId);
    await put("commit, stranger", one.generation, "stranger");
    await put("commit, no member", -1, "");
    await steps.ask("delete live group", apis.deleteGroups, 2, { groupsNames: [groupId] });
    await steps.ask("delete its offsets", apis.offsetDelete, 0, {
      groupId,
      topics: [{ name: "group-topic", partitions: [{ partitionIndex: 0 }] }],
    });
    await steps.ask(
      "other protocol",
      apis.joinGroup,
      9,
      joining(groupId, { protocols: protocols("sticky") }),
    );
    await steps.ask("other type", apis.joinGroup, 9, joining(groupId, { protocolType: "connect" }));
    // A second member makes the first one join again.
    const twoId = (await b.ask("b: id", apis.joinGroup, 9, joining(groupId)))?.memberId ?? "";
    const twoJoins = b.send("b: join", apis.joinGroup, 9, joining(groupId, { memberId: twoId }));
    await steps.eventually(
      "rebalance told",
      apis.heartbeat,
      4,
      { groupId, generationId: one.generation, memberId: one.memberId },
      ({ errorCode }) => errorCode === 27,
    );
    await put("commit during rebalance", one.generation, one.memberId);
    await described(steps, "rebalancing", groupId, "PreparingRebalance");
    const again = await a.ask(
      "a: joins again",
      apis.joinGroup,
      9,
      joining(groupId, { memberId: one.memberId }),
    );
    await twoJoins;
    const generation = again?.generationId ?? -1;
    const follower = sync(b, "b: sync", { memberId: twoId, generation });
    const assignments = [one.memberId, twoId].map((memberId, i) => ({
      memberId,
      assignment: Buffer.from(`part ${i}`),
    }));
    await sync(a, "a: sync with b", { memberId: one.memberId, generation }, { assignments });
    await follower;
    await described(steps, "both", groupId, "Stable");
    await steps.ask("old generation", apis.heartbeat, 4, {
      groupId,
      generationId: one.generation,
      memberId: twoId,
    });
    await steps.ask(
      "follower joins with the same",
      apis.joinGroup,
      9,
      joining(groupId, { memberId: twoId }),
    );
    await leaveAll(steps, groupId, twoId, one.memberId);
  },
};

async function leaveAll(steps: Steps, groupId: string, twoId: string, oneId: string) {
  const leave = (step: string, ...members: { memberId: string; groupInstanceId?: string }[]) =>
    steps.ask(step, apis.leaveGroup, 5, { groupId, members });
  await leave("b and a stranger leave", { memberId: twoId }, { memberId: "stranger" });
  await leave("b again", { memberId: twoId });
  await leave("a leaves by no instance", { memberId: oneId, groupInstanceId: "i" });
  await leave("a leaves", { memberId: oneId });
  await described(steps, "empty", groupId, "Empty");
  await steps.ask(
    "commit to an empty group",
    apis.offsetCommit,
    8,
    commit(groupId, "group-topic", 6),
  );
  await steps.ask("commit of one who left", apis.offsetCommit, 8, {
    ...commit(groupId, "group-topic", 7),
    memberId: oneId,
    generationIdOrMemberEpoch: 2,
  });
  await steps.ask("deleted", apis.deleteGroups, 2, { groupsNames: [groupId] });
  await steps.ask("gone", apis.describeGroups, 6, { groups: [groupId] });
}

export const staticMembers: Script = {
  name: "a static member",
  async run(steps) {
    const groupId = "static";
    const first = await join(await steps.open(), "first", groupId, { groupInstanceId: "i" });
    const as = (who: { memberId: string; generation: number }) => ({
      groupId,
      generationId: who.generation,
      memberId: who.memberId,
      groupInstanceId: "i",
    });
    const line = await steps.line();
    await line.ask("sync", apis.syncGroup, 5, {
      ...as(first),
      protocolType: "consumer",
      protocolName: "range",
      assignments: [{ memberId: first.memberId, assignment: Buffer.from("all") }],
    });
    await line.ask("heartbeat", apis.heartbeat, 4, as(first));
    await line.ask("heartbeat without instance", apis.heartbeat, 4, {
      groupId,
      generationId: first.generation,
      memberId: first.memberId,
    });
    await line.ask("heartbeat with another", apis.heartbeat, 4, {
      ...as(first),
      groupInstanceId: "j",
    });
    const second = await join(await steps.open(), "comes back", groupId, { groupInstanceId: "i" });
    await line.ask("old one is fenced", apis.heartbeat, 4, as(first));
    await line.ask(
      "old one joins",
      apis.joinGroup,
      9,
      joining(groupId, { memberId: first.memberId, groupInstanceId: "i" }),
    );
    await line.ask("old one syncs", apis.syncGroup, 5, {
      ...as(first),
      protocolType: "consumer",
      protocolName: "range",
      assignments: [],
    });
    await line.ask("old one commits", apis.offsetCommit, 8, {
      ...commit(groupId, "group-topic", 1),
      memberId: first.memberId,
      generationIdOrMemberEpoch: first.generation,
      groupInstanceId: "i",
    });
    await line.ask("new one syncs", apis.syncGroup, 5, {
      ...as(second),
      protocolType: "consumer",
      protocolName: "range",
      assignments: [],
    });
    await described(steps, "same generation", groupId, "Stable");
    await line.ask("old one leaves", apis.leaveGroup, 5, {
      groupId,
      members: [{ memberId: first.memberId, groupInstanceId: "i" }],
    });
    await line.ask("leaves by instance", apis.leaveGroup, 5, {
      groupId,
      members: [{ memberId: "", groupInstanceId: "i" }],
    });
    await line.ask("leaves again", apis.leaveGroup, 5, {
      groupId,
      members: [{ memberId: "", groupInstanceId: "i" }],
    });
    await described(steps, "empty", groupId, "Empty");
  },
};

/** Offsets that groups commit, read and delete, without members. */
import { apis } from "../apis.ts";
import type { Script } from "../script.ts";
import { askAll } from "./cases.ts";
import { commit } from "./groups.ts";
import { topicId } from "./records.ts";

export const offsetRequests: Script = {
  name: "OffsetCommit, OffsetFetch and OffsetDelete",
  async run(steps) {
    await steps.topic("commit", 2);
    const name = "commit";
    await askAll(steps, apis.offsetCommit, [
      { step: "simple", ask: (version) => commit("simple", name, version), to: 9 },
      { step: "empty group", ask: commit("", name, 1), to: 9 },
      {
        step: "null metadata",
        ask: {
          ...commit("simple", name, 4),
          topics: [
            {
              name,
              partitions: [{ partitionIndex: 1, committedOffset: 4, committedMetadata: null }],
            },
          ],
        },
        to: 9,
      },
      {
        step: "long metadata",
        ask: {
          ...commit("simple", name, 4),
          topics: [
            {
              name,
              partitions: [
                { partitionIndex: 1, committedOffset: 4, committedMetadata: "x".repeat(4_097) },
              ],
            },
          ],
        },
        to: 9,
      },
      { step: "negative offset", ask: commit("negative", name, -5), to: 9 },
      { step: "unknown topic", ask: commit("simple", "nowhere", 1), to: 9 },
      {
        step: "unknown partition",
        ask: {
          ...commit("simple", name, 1),
          topics: [
            {
              name,
              partitions: [{ partitionIndex: 9, committedOffset: 1, committedMetadata: "" }],
            },
          ],
        },
        to: 9,
      },
      {
        step: "member of no group",
        ask: { ...commit("simple", name, 1), memberId: "m", generationIdOrMemberEpoch: 1 },
        to: 9,
      },
      {
        step: "member of a new group",
        ask: { ...commit("new-group", name, 1), memberId: "m", generationIdOrMemberEpoch: 1 },
        to: 9,
      },
      {
        step: "generation alone",
        ask: { ...commit("new-group", name, 1), generationIdOrMemberEpoch: 1 },
        to: 9,
      },
      { step: "member alone", ask: { ...commit("new-group", name, 1), memberId: "m" }, to: 9 },
      { step: "no topics", ask: { groupId: "nothing", memberId: "", topics: [] } },
      {
        step: "strange id",
        ask: {
          groupId: "simple",
          memberId: "",
          topics: [
            {
              topicId: "c3RyYW5nZS10b3BpYy1pZA",
              partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: "" }],
            },
          ],
        },
        from: 10,
      },
      {
        step: "two topics of which one is unknown",
        ask: {
          groupId: "simple",
          memberId: "",
          topics: [...commit("", "nowhere", 1).topics, ...commit("", name, 2).topics],
        },
        to: 9,
      },
    ]);
    const id = await topicId(steps, name);
    await steps.ask("by id", apis.offsetCommit, 10, {
      groupId: "simple",
      memberId: "",
      topics: [
        {
          topicId: id,
          partitions: [
            {
              partitionIndex: 0,
              committedOffset: 77,
              committedLeaderEpoch: 0,
              committedMetadata: "ids",
            },
          ],
        },
      ],
    });
    const topics = [
      { name, partitionIndexes: [0, 1, 5] },
      { name: "nowhere", partitionIndexes: [0] },
    ];
    const many = (groupId: string, asked: typeof topics | null = topics) => ({
      groups: [{ groupId, topics: asked }],
    });
    await askAll(steps, apis.offsetFetch, [
      { step: "simple", ask: { groupId: "simple", topics }, to: 7 },
      { step: "unknown group", ask: { groupId: "unheard-of", topics }, to: 7 },
      { step: "empty group", ask: { groupId: "", topics }, to: 7 },
      { step: "all", ask: { groupId: "simple", topics: null }, from: 2, to: 7 },
      {
        step: "all of an unknown group",
        ask: { groupId: "unheard-of", topics: null },
        from: 2,
        to: 7,
      },
      { step: "no topics", ask: { groupId: "simple", topics: [] }, to: 7 },
      { step: "stable", ask: { groupId: "simple", topics, requireStable: true }, from: 7, to: 7 },
      { step: "of many", ask: many("simple"), from: 8, to: 9 },
      { step: "all of many", ask: many("simple", null), from: 8 },
      { step: "unknown of many", ask: many("unheard-of"), from: 8, to: 9 },
      { step: "all of unknown of many", ask: many("unheard-of", null), from: 8 },
      { step: "empty of many", ask: many(""), from: 8, to: 9 },
      { step: "none", ask: { groups: [] }, from: 8 },
      {
        step: "two groups",
        ask: { groups: [...many("simple").groups, ...many("unheard-of").groups] },
        from: 8,
        to: 9,
      },
      {
        step: "the same group twice",
        ask: { groups: [...many("simple").groups, ...many("simple").groups] },
        from: 8,
        to: 9,
      },
      {
        step: "as a member",
        ask: { groups: [{ groupId: "simple", memberId: "m", memberEpoch: 4, topics }] },
        from: 9,
        to: 9,
      },
      {
        step: "by id",
        ask: {
          groups: [{ groupId: "simple", topics: [{ topicId: id, partitionIndexes: [0, 1, 5] }] }],
        },
        from: 10,
      },
      {
        step: "strange id",
        ask: {
          groups: [
            {
              groupId: "simple",
              topics: [{ topicId: "c3RyYW5nZS10b3BpYy1pZA", partitionIndexes: [0] }],
            },
          ],
        },
        from: 10,
      },
    ]);
    const remove = (groupId: string, topic: string, ...partitions: number[]) => ({
      ...{
        groupId,
        topics: [
          { name: topic, partitions: partitions.map((partitionIndex) => ({ partitionIndex })) },
        ],
      },
    });
    await askAll(steps, apis.offsetDelete, [
      { step: "one", ask: remove("simple", name, 0) },
      { step: "again", ask: remove("simple", name, 0) },
      { step: "unknown partition", ask: remove("simple", name, 9) },
      { step: "unknown topic", ask: remove("simple", "nowhere", 0) },
      { step: "unknown group", ask: remove("unheard-of", name, 0) },
      { step: "empty group", ask: remove("", name, 0) },
      { step: "no topics", ask: { groupId: "simple", topics: [] } },
    ]);
    await steps.ask("after deletion", apis.offsetFetch, 8, many("simple", null));
  },
};

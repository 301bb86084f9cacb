/** Topics: created, deleted, grown, and moved between replicas that are not there. */
import { NO_TOPIC_ID } from "../../../../runtime/wire/kafka/primitives.ts";
import { apis } from "../apis.ts";
import type { Script } from "../script.ts";
import { askAll } from "./cases.ts";

interface NewTopic {
  readonly name: string;
  readonly numPartitions?: number;
  readonly replicationFactor?: number;
  readonly assignments?: readonly { partitionIndex: number; brokerIds: number[] }[];
  readonly configs?: readonly { name: string; value: string | null }[];
}

const creation =
  (validateOnly: boolean, ...topics: readonly NewTopic[]) =>
  (version: number) => ({
    topics: topics.map((topic) => ({
      ...{ numPartitions: 1, replicationFactor: 1, assignments: [], configs: [], ...topic },
      name: validateOnly ? topic.name : topic.name.replace("#", String(version)),
    })),
    timeoutMs: 10_000,
    validateOnly,
  });
const valid = (...topics: readonly NewTopic[]) => creation(true, ...topics);
const real = (...topics: readonly NewTopic[]) => creation(false, ...topics);
const config = (name: string, value: string | null) => ({ configs: [{ name, value }] });
const assigned = (...partitions: [number, number[]][]) => ({
  ...{ numPartitions: -1, replicationFactor: -1 },
  assignments: partitions.map(([partitionIndex, brokerIds]) => ({ partitionIndex, brokerIds })),
});

export const creating: Script = {
  name: "CreateTopics",
  async run(steps) {
    await steps.topic("there.is", 2);
    const long = "x".repeat(250);
    await askAll(steps, apis.createTopics, [
      { step: "one", ask: real({ name: "new-#", numPartitions: 3 }) },
      {
        step: "defaults",
        ask: real({ name: "new-d#", numPartitions: -1, replicationFactor: -1 }),
        from: 4,
      },
      {
        step: "defaults, valid",
        ask: valid({ name: "d", numPartitions: -1, replicationFactor: -1 }),
      },
      { step: "valid", ask: valid({ name: "v", numPartitions: 3 }) },
      { step: "valid with configs", ask: valid({ name: "v", ...config("retention.ms", "1000") }) },
      { step: "exists", ask: valid({ name: "there.is" }) },
      { step: "collides", ask: valid({ name: "there_is" }) },
      { step: "no topics", ask: valid() },
      { step: "twice", ask: valid({ name: "t" }, { name: "t" }, { name: "u" }) },
      {
        step: "bad names",
        ask: valid({ name: "" }, { name: "." }, { name: ".." }, { name: "a b" }, { name: long }),
      },
      { step: "no partitions", ask: valid({ name: "p", numPartitions: 0 }) },
      { step: "-2 partitions", ask: valid({ name: "p", numPartitions: -2 }) },
      { step: "20,000 partitions", ask: valid({ name: "p", numPartitions: 20_000 }) },
      { step: "2 replicas", ask: valid({ name: "r", replicationFactor: 2 }) },
      { step: "no replicas", ask: valid({ name: "r", replicationFactor: 0 }) },
      { step: "-2 replicas", ask: valid({ name: "r", replicationFactor: -2 }) },
      { step: "assigned", ask: valid({ name: "a", ...assigned([0, [1]], [1, [1]]) }) },
      { step: "assigned elsewhere", ask: valid({ name: "a", ...assigned([0, [2]]) }) },
      { step: "assigned with a gap", ask: valid({ name: "a", ...assigned([0, [1]], [2, [1]]) }) },
      { step: "assigned twice", ask: valid({ name: "a", ...assigned([0, [1]], [0, [1]]) }) },
      { step: "assigned to nobody", ask: valid({ name: "a", ...assigned([0, []]) }) },
      { step: "assigned to one twice", ask: valid({ name: "a", ...assigned([0, [1, 1]]) }) },
      {
        step: "assigned and counted",
        ask: valid({ name: "a", ...assigned([0, [1]]), numPartitions: 1 }),
      },
      { step: "unknown config", ask: valid({ name: "c", ...config("no.such", "1") }) },
      { step: "config of no number", ask: valid({ name: "c", ...config("retention.ms", "x") }) },
      { step: "config out of range", ask: valid({ name: "c", ...config("retention.ms", "-5") }) },
      { step: "config null", ask: valid({ name: "c", ...config("retention.ms", null) }) },
      { step: "config empty list", ask: valid({ name: "c", ...config("cleanup.policy", "") }) },
      {
        step: "config of no policy",
        ask: valid({ name: "c", ...config("cleanup.policy", "keep") }),
      },
      {
        step: "config of both policies",
        ask: valid({ name: "c", ...config("cleanup.policy", "delete, compact") }),
      },
      {
        step: "config of one policy twice",
        ask: valid({ name: "c", ...config("cleanup.policy", "delete,delete") }),
      },
      { step: "small segments", ask: valid({ name: "c", ...config("segment.bytes", "1000") }) },
      { step: "spaces in a number", ask: valid({ name: "c", ...config("retention.ms", " 5 ") }) },
      { step: "boolean in capitals", ask: valid({ name: "c", ...config("preallocate", "TRUE") }) },
      { step: "internal name", ask: valid({ name: "__consumer_offsets" }) },
      { step: "metadata's name", ask: valid({ name: "__cluster_metadata" }) },
    ]);
  },
};

export const deleting: Script = {
  name: "DeleteTopics",
  async run(steps) {
    const timeoutMs = 10_000;
    const [first, last] = apis.deleteTopics.request.versions;
    for (let version = first; version <= last; version++) await steps.topic(`gone-${version}`, 2);
    await steps.topic("gone-id");
    await askAll(steps, apis.deleteTopics, [
      { step: "one", ask: (version) => ({ timeoutMs, topicNames: [`gone-${version}`] }), to: 5 },
      { step: "unknown", ask: { timeoutMs, topicNames: ["nowhere"] }, to: 5 },
      { step: "none", ask: { timeoutMs, topicNames: [] }, to: 5 },
      { step: "twice", ask: { timeoutMs, topicNames: ["nowhere", "nowhere"] }, to: 5 },
      { step: "illegal name", ask: { timeoutMs, topicNames: ["a b"] }, to: 5 },
      {
        step: "by name",
        ask: { timeoutMs, topics: [{ name: "gone-6", topicId: NO_TOPIC_ID }] },
        from: 6,
      },
      {
        step: "unknown name",
        ask: { timeoutMs, topics: [{ name: "nowhere", topicId: NO_TOPIC_ID }] },
        from: 6,
      },
      {
        step: "unknown id",
        ask: { timeoutMs, topics: [{ name: null, topicId: "c3RyYW5nZS10b3BpYy1pZA" }] },
        from: 6,
      },
      {
        step: "neither",
        ask: { timeoutMs, topics: [{ name: null, topicId: NO_TOPIC_ID }] },
        from: 6,
      },
      {
        step: "name and id",
        ask: { timeoutMs, topics: [{ name: "gone-id", topicId: "c3RyYW5nZS10b3BpYy1pZA" }] },
        from: 6,
      },
      {
        step: "twice by name",
        ask: {
          timeoutMs,
          topics: [
            { name: "gone-id", topicId: NO_TOPIC_ID },
            { name: "gone-id", topicId: NO_TOPIC_ID },
          ],
        },
        from: 6,
      },
    ]);
    const found = await steps.ask("its id", apis.metadata, 12, {
      allowAutoTopicCreation: false,
      topics: [{ name: "gone-id" }],
    });
    const topicId = found?.topics[0]?.topicId ?? "";
    await steps.ask("by id", apis.deleteTopics, 6, {
      timeoutMs,
      topics: [{ name: null, topicId }],
    });
    await steps.ask("by id again", apis.deleteTopics, 6, {
      timeoutMs,
      topics: [{ name: null, topicId }],
    });
    await steps.eventually(
      "gone",
      apis.metadata,
      12,
      {
        allowAutoTopicCreation: false,
        topics: [{ name: "gone-id", topicId: NO_TOPIC_ID }, { name: "gone-1" }],
      },
      ({ topics }) => topics.every(({ errorCode }) => errorCode !== 0),
    );
  },
};

export const growing: Script = {
  name: "CreatePartitions, ElectLeaders and reassignments",
  async run(steps) {
    await steps.topic("grows", 2);
    const grow = (
      count: number,
      assignments: { brokerIds: number[] }[] | null = null,
      name = "grows",
    ) => ({
      ...{ topics: [{ name, count, assignments }], timeoutMs: 10_000, validateOnly: true },
    });
    const twice = {
      topics: [...grow(3).topics, ...grow(4).topics],
      timeoutMs: 10_000,
      validateOnly: true,
    };
    await askAll(steps, apis.createPartitions, [
      { step: "valid", ask: grow(3) },
      { step: "as many", ask: grow(2) },
      { step: "fewer", ask: grow(1) },
      { step: "none", ask: grow(0) },
      { step: "negative", ask: grow(-1) },
      { step: "too many", ask: grow(20_000) },
      { step: "unknown topic", ask: grow(3, null, "nowhere") },
      { step: "illegal name", ask: grow(3, null, "a b") },
      { step: "assigned", ask: grow(3, [{ brokerIds: [1] }]) },
      { step: "assigned elsewhere", ask: grow(3, [{ brokerIds: [2] }]) },
      { step: "assigned to nobody", ask: grow(3, [{ brokerIds: [] }]) },
      { step: "assigned too few", ask: grow(4, [{ brokerIds: [1] }]) },
      { step: "assigned to two", ask: grow(3, [{ brokerIds: [1, 1] }]) },
      { step: "assigned to none of none", ask: grow(3, []) },
      { step: "twice", ask: twice },
      { step: "no topics", ask: { topics: [], timeoutMs: 10_000, validateOnly: true } },
      { step: "grown", ask: (version) => ({ ...grow(3 + version), validateOnly: false }) },
    ]);
    await steps.led("grows", 6);
    const of = (topic: string, ...partitions: number[]) => ({
      topicPartitions: [{ topic, partitions }],
    });
    await askAll(steps, apis.electLeaders, [
      { step: "preferred", ask: { electionType: 0, ...of("grows", 0, 1) } },
      { step: "unclean", ask: { electionType: 1, ...of("grows", 0) }, from: 1 },
      { step: "unknown type", ask: { electionType: 7, ...of("grows", 0) }, from: 1 },
      { step: "unknown partition", ask: { electionType: 0, ...of("grows", 77) } },
      { step: "unknown topic", ask: { electionType: 0, ...of("nowhere", 0) } },
      { step: "all", ask: { electionType: 0, topicPartitions: null } },
      { step: "no partitions", ask: { electionType: 0, topicPartitions: [] } },
    ]);
    const move = (name: string, partitionIndex: number, replicas: number[] | null) => ({
      topics: [{ name, partitions: [{ partitionIndex, replicas }] }],
    });
    await askAll(steps, apis.alterPartitionReassignments, [
      { step: "where it is", ask: move("grows", 0, [1]) },
      { step: "elsewhere", ask: move("grows", 0, [2]) },
      { step: "nowhere", ask: move("grows", 0, []) },
      { step: "twice", ask: move("grows", 0, [1, 1]) },
      { step: "negative", ask: move("grows", 0, [-1]) },
      { step: "cancel", ask: move("grows", 0, null) },
      { step: "unknown partition", ask: move("grows", 77, [1]) },
      { step: "unknown topic", ask: move("nowhere", 0, [1]) },
      { step: "cancel of unknown", ask: move("nowhere", 0, null) },
      {
        step: "factor fixed",
        ask: { ...move("grows", 0, [1, 2]), allowReplicationFactorChange: false },
        from: 1,
      },
      { step: "no topics", ask: { topics: [] } },
    ]);
    await askAll(steps, apis.listPartitionReassignments, [
      { step: "all", ask: { topics: null } },
      { step: "some", ask: { topics: [{ name: "grows", partitionIndexes: [0] }] } },
      { step: "unknown", ask: { topics: [{ name: "nowhere", partitionIndexes: [0] }] } },
    ]);
  },
};

/** What clients ask of the cluster before anything else. */
import { NO_TOPIC_ID } from "../../../../runtime/wire/kafka/primitives.ts";
import { apis } from "../apis.ts";
import type { Script } from "../script.ts";
import { askAll } from "./cases.ts";

const STRANGE_ID = "c3RyYW5nZS10b3BpYy1pZA";
const named = (...names: string[]) => names.map((name) => ({ name }));

export const apiVersions: Script = {
  name: "ApiVersions",
  async run(steps) {
    const software = { clientSoftwareName: "side-by-side", clientSoftwareVersion: "1.0" };
    await askAll(steps, apis.apiVersions, [
      { step: "asked well", ask: software },
      { step: "no name", ask: { clientSoftwareName: "", clientSoftwareVersion: "1.0" }, from: 3 },
      { step: "bad name", ask: { ...software, clientSoftwareName: "-x y" }, from: 3 },
      { step: "other cluster", ask: { ...software, clusterId: "other" }, from: 5 },
      { step: "other node", ask: { ...software, nodeId: 7 }, from: 5 },
      { step: "this node", ask: { ...software, nodeId: 1 }, from: 5 },
    ]);
    const asked = { topics: [], allowAutoTopicCreation: false };
    const clusterId = (await steps.ask("cluster", apis.metadata, 12, asked))?.clusterId ?? "";
    await askAll(steps, apis.apiVersions, [
      { step: "this cluster", ask: { ...software, clusterId }, from: 5 },
      { step: "this cluster and node", ask: { ...software, clusterId, nodeId: 1 }, from: 5 },
      { step: "this cluster, other node", ask: { ...software, clusterId, nodeId: 7 }, from: 5 },
      {
        step: "other cluster, this node",
        ask: { ...software, clusterId: "x", nodeId: 1 },
        from: 5,
      },
    ]);
  },
};

export const metadata: Script = {
  name: "Metadata",
  async run(steps) {
    await steps.topic("meta-a", 3);
    await steps.topic("meta-b");
    const quiet = { allowAutoTopicCreation: false };
    await askAll(steps, apis.metadata, [
      { step: "two topics", ask: { ...quiet, topics: named("meta-b", "meta-a") }, from: 4 },
      {
        step: "the same topic twice",
        ask: { ...quiet, topics: named("meta-b", "meta-b") },
        from: 4,
      },
      { step: "unknown topic", ask: { ...quiet, topics: named("meta-none") }, from: 4 },
      { step: "illegal names", ask: { ...quiet, topics: named("a b", "", "..") }, from: 4 },
      { step: "no topics", ask: { ...quiet, topics: [] }, from: 1 },
      { step: "all topics", ask: { ...quiet, topics: null }, from: 1 },
      { step: "all topics", ask: { topics: [] }, to: 0 },
      { step: "old versions", ask: { topics: named("meta-a") }, to: 3 },
      { step: "illegal name, auto-create", ask: { topics: named("a b") } },
      {
        step: "operations",
        ask: {
          ...{ ...quiet, topics: named("meta-a") },
          ...{ includeClusterAuthorizedOperations: true, includeTopicAuthorizedOperations: true },
        },
        from: 8,
      },
      {
        step: "strange id",
        ask: { ...quiet, topics: [{ topicId: STRANGE_ID, name: null }] },
        from: 10,
      },
      {
        step: "neither id nor name",
        ask: { ...quiet, topics: [{ topicId: NO_TOPIC_ID, name: null }] },
        from: 10,
      },
      {
        step: "id and name",
        ask: { ...quiet, topics: [{ topicId: STRANGE_ID, name: "meta-a" }] },
        from: 10,
      },
    ]);
    const found = await steps.ask("ids", apis.metadata, 12, {
      ...quiet,
      topics: named("meta-a", "meta-b"),
    });
    const topics = (found?.topics ?? []).map(({ topicId }) => ({ topicId, name: null }));
    await askAll(steps, apis.metadata, [{ step: "by id", ask: { ...quiet, topics }, from: 12 }]);
    await steps.ask("auto-create", apis.metadata, 12, { topics: named("meta-auto") });
    await steps.eventually(
      "created",
      apis.metadata,
      12,
      { ...quiet, topics: named("meta-auto") },
      (answer) => answer.topics.every(({ errorCode }) => errorCode === 0),
    );
  },
};

export const coordinators: Script = {
  name: "FindCoordinator",
  async run(steps) {
    await askAll(steps, apis.findCoordinator, [
      { step: "group", ask: { key: "find-me" }, to: 3 },
      { step: "transaction", ask: { key: "find-me", keyType: 1 }, from: 1, to: 3 },
      { step: "empty key", ask: { key: "" }, to: 3 },
      { step: "unknown type", ask: { key: "find-me", keyType: 9 }, from: 1, to: 3 },
      { step: "share, one", ask: { key: "find-me", keyType: 2 }, from: 1, to: 3 },
      { step: "groups", ask: { keyType: 0, coordinatorKeys: ["a", "b"] }, from: 4 },
      { step: "transactions", ask: { keyType: 1, coordinatorKeys: ["a", "b"] }, from: 4 },
      { step: "none", ask: { keyType: 0, coordinatorKeys: [] }, from: 4 },
      { step: "empty among them", ask: { keyType: 0, coordinatorKeys: ["", "a"] }, from: 4 },
      { step: "unknown type of many", ask: { keyType: 9, coordinatorKeys: ["a"] }, from: 4 },
      { step: "share, bad key", ask: { keyType: 2, coordinatorKeys: ["a"] }, from: 4 },
    ]);
  },
};

export const describing: Script = {
  name: "DescribeCluster and DescribeTopicPartitions",
  async run(steps) {
    await steps.topic("pages-a", 3);
    await steps.topic("pages-b", 2);
    const plain = { includeClusterAuthorizedOperations: false };
    await askAll(steps, apis.describeCluster, [
      { step: "brokers", ask: plain },
      { step: "operations", ask: { includeClusterAuthorizedOperations: true } },
      { step: "controllers", ask: { ...plain, endpointType: 2 }, from: 1 },
      { step: "unknown endpoint", ask: { ...plain, endpointType: 9 }, from: 1 },
      { step: "with fenced", ask: { ...plain, includeFencedBrokers: true }, from: 2 },
    ]);
    const both = named("pages-b", "pages-a");
    const cursor = (topicName: string, partitionIndex: number) => ({ topicName, partitionIndex });
    await askAll(steps, apis.describeTopicPartitions, [
      { step: "two topics", ask: { topics: both } },
      { step: "unknown topic", ask: { topics: named("pages-none", "pages-a") } },
      { step: "illegal name", ask: { topics: named("a b") } },
      { step: "twice", ask: { topics: named("pages-a", "pages-a") } },
      { step: "page of 2", ask: { topics: both, responsePartitionLimit: 2 } },
      { step: "page of 3", ask: { topics: both, responsePartitionLimit: 3 } },
      { step: "page of 4", ask: { topics: both, responsePartitionLimit: 4 } },
      { step: "page of 0", ask: { topics: both, responsePartitionLimit: 0 } },
      { step: "page of -1", ask: { topics: both, responsePartitionLimit: -1 } },
      { step: "cursor", ask: { topics: both, cursor: cursor("pages-a", 2) } },
      { step: "cursor past", ask: { topics: both, cursor: cursor("pages-a", 9) } },
      { step: "cursor unknown", ask: { topics: both, cursor: cursor("pages-aa", 0) } },
      { step: "cursor negative", ask: { topics: both, cursor: cursor("pages-a", -1) } },
    ]);
  },
};

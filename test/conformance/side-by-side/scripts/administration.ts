/** What an operator's tools ask. */
import { apis } from "../apis.ts";
import type { Script } from "../script.ts";
import { batch } from "./batch.ts";
import { askAll } from "./cases.ts";
import { put } from "./records.ts";

export const security: Script = {
  name: "security, quotas and features",
  async run(steps) {
    await askAll(steps, apis.saslHandshake, [{ step: "plain", ask: { mechanism: "PLAIN" } }]);
    await askAll(steps, apis.saslAuthenticate, [
      { step: "token", ask: { authBytes: Buffer.from("x") } },
    ]);
    const filter = {
      resourceTypeFilter: 2,
      resourceNameFilter: null,
      principalFilter: null,
      hostFilter: null,
      operation: 1,
      permissionType: 1,
    };
    const acl = {
      resourceType: 2,
      resourceName: "t",
      principal: "User:u",
      host: "*",
      operation: 3,
      permissionType: 3,
    };
    await askAll(steps, apis.describeAcls, [{ step: "all", ask: filter }]);
    await askAll(steps, apis.createAcls, [
      { step: "one", ask: { creations: [acl] } },
      { step: "none", ask: { creations: [] } },
    ]);
    await askAll(steps, apis.deleteAcls, [
      { step: "one", ask: { filters: [filter] } },
      { step: "none", ask: { filters: [] } },
    ]);
    await askAll(steps, apis.describeClientQuotas, [
      { step: "all", ask: { components: [], strict: false } },
      {
        step: "a user",
        ask: { components: [{ entityType: "user", matchType: 0, match: "u" }], strict: true },
      },
      {
        step: "unknown type",
        ask: { components: [{ entityType: "nonsense", matchType: 0, match: "u" }], strict: false },
      },
      {
        step: "unknown match",
        ask: { components: [{ entityType: "user", matchType: 9, match: "u" }], strict: false },
      },
      {
        step: "empty type",
        ask: { components: [{ entityType: "", matchType: 0, match: "u" }], strict: false },
      },
      {
        step: "type twice",
        ask: {
          components: [
            { entityType: "user", matchType: 0, match: "u" },
            { entityType: "user", matchType: 0, match: "v" },
          ],
          strict: false,
        },
      },
    ]);
    const entity = [{ entityType: "user", entityName: "u" }];
    await askAll(steps, apis.alterClientQuotas, [
      {
        step: "dry",
        ask: {
          entries: [{ entity, ops: [{ key: "producer_byte_rate", value: 1_000, remove: false }] }],
          validateOnly: true,
        },
      },
      { step: "none", ask: { entries: [], validateOnly: true } },
      {
        step: "unknown key",
        ask: {
          entries: [{ entity, ops: [{ key: "nonsense", value: 1, remove: false }] }],
          validateOnly: true,
        },
      },
    ]);
    await askAll(steps, apis.describeUserScramCredentials, [
      { step: "all", ask: { users: null } },
      { step: "unknown", ask: { users: [{ name: "u" }] } },
      { step: "none", ask: { users: [] } },
      { step: "twice", ask: { users: [{ name: "u" }, { name: "u" }] } },
      { step: "empty", ask: { users: [{ name: "" }] } },
    ]);
    await askAll(steps, apis.alterUserScramCredentials, [
      { step: "none", ask: { deletions: [], upsertions: [] } },
      {
        step: "deletion of unknown",
        ask: { deletions: [{ name: "u", mechanism: 1 }], upsertions: [] },
      },
    ]);
    await askAll(steps, apis.updateFeatures, [
      {
        step: "unknown",
        ask: {
          featureUpdates: [{ feature: "nonsense", maxVersionLevel: 1, upgradeType: 1 }],
          validateOnly: true,
        },
        from: 1,
      },
      {
        step: "unknown",
        ask: {
          featureUpdates: [{ feature: "nonsense", maxVersionLevel: 1, allowDowngrade: false }],
        },
        to: 0,
      },
      {
        step: "as it is",
        ask: {
          featureUpdates: [{ feature: "group.version", maxVersionLevel: 1, upgradeType: 1 }],
          validateOnly: true,
        },
        from: 1,
      },
      {
        step: "too high",
        ask: {
          featureUpdates: [{ feature: "group.version", maxVersionLevel: 99, upgradeType: 1 }],
          validateOnly: true,
        },
        from: 1,
      },
      { step: "nothing", ask: { featureUpdates: [], validateOnly: true } },
      {
        step: "unknown type",
        ask: {
          featureUpdates: [{ feature: "group.version", maxVersionLevel: 1, upgradeType: 9 }],
          validateOnly: true,
        },
        from: 1,
      },
    ]);
  },
};

export const storage: Script = {
  name: "log folders, producers and the quorum",
  async run(steps) {
    await steps.topic("dirs", 2);
    await steps.ask("put", apis.produce, 9, put("dirs", batch(["a"], steps.nowMs)));
    await askAll(steps, apis.describeLogDirs, [
      { step: "a partition", ask: { topics: [{ topic: "dirs", partitions: [0] }] } },
      { step: "unknown partition", ask: { topics: [{ topic: "dirs", partitions: [7] }] } },
      { step: "unknown topic", ask: { topics: [{ topic: "nowhere", partitions: [0] }] } },
      { step: "no topics", ask: { topics: [] } },
    ]);
    const move = (path: string, name: string, ...partitions: number[]) => ({
      dirs: [{ path, topics: [{ name, partitions }] }],
    });
    await askAll(steps, apis.alterReplicaLogDirs, [
      { step: "elsewhere", ask: move("/nowhere", "dirs", 0) },
      { step: "relative", ask: move("nowhere", "dirs", 0) },
      { step: "unknown partition", ask: move("/nowhere", "dirs", 9) },
      { step: "unknown topic", ask: move("/nowhere", "nowhere", 0) },
      { step: "nothing", ask: { dirs: [] } },
    ]);
    await askAll(steps, apis.listConfigResources, [
      { step: "client metrics", ask: { resourceTypes: [16] }, from: 1 },
      { step: "version 0", ask: {}, to: 0 },
      { step: "brokers", ask: { resourceTypes: [4] }, from: 1 },
      { step: "loggers", ask: { resourceTypes: [8] }, from: 1 },
      { step: "unknown", ask: { resourceTypes: [99] }, from: 1 },
    ]);
    await askAll(steps, apis.describeProducers, [
      { step: "a partition", ask: { topics: [{ name: "dirs", partitionIndexes: [0] }] } },
      { step: "unknown partition", ask: { topics: [{ name: "dirs", partitionIndexes: [7] }] } },
      { step: "unknown topic", ask: { topics: [{ name: "nowhere", partitionIndexes: [0] }] } },
      { step: "illegal topic", ask: { topics: [{ name: "a b", partitionIndexes: [0] }] } },
      { step: "no topics", ask: { topics: [] } },
    ]);
    const of = (topicName: string, ...partitions: number[]) => ({
      topics: [{ topicName, partitions: partitions.map((partitionIndex) => ({ partitionIndex })) }],
    });
    await askAll(steps, apis.describeQuorum, [
      { step: "the quorum", ask: of("__cluster_metadata", 0) },
      { step: "unknown partition", ask: of("__cluster_metadata", 3) },
      { step: "another topic", ask: of("dirs", 0) },
      { step: "no topics", ask: { topics: [] } },
    ]);
  },
};

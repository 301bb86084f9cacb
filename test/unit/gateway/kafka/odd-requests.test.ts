/** Requests that few clients send, answered as Apache Kafka 4.4.0 does (found side by side with it). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import { NO_TOPIC_ID } from "../../../../runtime/wire/kafka/primitives.ts";
import { apis } from "../../../conformance/side-by-side/apis.ts";
import { RawClient, startGateway, type TestGateway } from "../../../support/kafka-gateway.ts";
import { batchOf, produce } from "./support.ts";

const { INVALID_REQUEST, NONE, UNSUPPORTED_VERSION } = KAFKA_ERRORS;
const HOUR_MS = 3_600_000;
const BROKER = 4;
const TOPIC = 2;

describe("gateway: odd requests", () => {
  let gateway: TestGateway;
  let client: RawClient;

  before(async () => {
    gateway = await startGateway();
    client = await RawClient.connect(gateway.server.port);
    await gateway.broker.createTopic({ name: "t", partitions: 2 });
  });
  after(async () => {
    client.close();
    await gateway.stop();
  });

  it("ApiVersions: who is meant must be whole, and be this broker (KIP-1242)", async () => {
    const { request, response } = apis.apiVersions;
    const ask = async (clusterId: string | null, nodeId: number) => {
      const software = { clientSoftwareName: "test", clientSoftwareVersion: "1" };
      const asked = { ...software, clusterId, nodeId };
      return (await client.ask(request, response, 5, asked)).errorCode;
    };
    const { clusterId } = gateway.broker;
    assert.equal(await ask(null, -1), NONE);
    assert.equal(await ask(clusterId, 1), NONE);
    assert.equal(await ask(clusterId, -1), INVALID_REQUEST);
    assert.equal(await ask(null, 1), INVALID_REQUEST);
    assert.equal(await ask("other", 1), KAFKA_ERRORS.REBOOTSTRAP_REQUIRED);
    assert.equal(await ask(clusterId, 7), KAFKA_ERRORS.REBOOTSTRAP_REQUIRED);
  });

  it("ApiVersions: a name that is none gets the error alone", async () => {
    const { request, response } = apis.apiVersions;
    const asked = { clientSoftwareName: "-", clientSoftwareVersion: "1" };
    const { errorCode, apiKeys } = await client.ask(request, response, 3, asked);
    assert.deepEqual([errorCode, apiKeys], [INVALID_REQUEST, []]);
  });

  it("Metadata: a topic asked for twice comes once, with what may be done if that is asked", async () => {
    const { request, response } = apis.metadata;
    const asked = {
      topics: [{ name: "t" }, { name: "t" }],
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: true,
      includeClusterAuthorizedOperations: true,
    };
    const { topics, clusterAuthorizedOperations } = await client.ask(request, response, 8, asked);
    assert.deepEqual(
      topics.map(({ topicAuthorizedOperations }) => topicAuthorizedOperations),
      [3_576],
    );
    assert.equal(clusterAuthorizedOperations, 8_096);
  });

  it("DescribeCluster: what may be done, and endpoints that are not brokers", async () => {
    const { request, response } = apis.describeCluster;
    const asked = { includeClusterAuthorizedOperations: true };
    const found = await client.ask(request, response, 1, asked);
    assert.equal(found.clusterAuthorizedOperations, 8_096);
    const codes = [];
    for (const endpointType of [2, 9]) {
      codes.push((await client.ask(request, response, 1, { ...asked, endpointType })).errorCode);
    }
    assert.deepEqual(codes, [
      KAFKA_ERRORS.MISMATCHED_ENDPOINT_TYPE,
      KAFKA_ERRORS.UNSUPPORTED_ENDPOINT_TYPE,
    ]);
  });

  it("DescribeTopicPartitions: a page begins at a topic that was asked for", async () => {
    const { request, response } = apis.describeTopicPartitions;
    for (const cursor of [
      { topicName: "s", partitionIndex: 0 },
      { topicName: "t", partitionIndex: -1 },
    ]) {
      const { topics } = await client.ask(request, response, 0, {
        topics: [{ name: "t" }],
        cursor,
      });
      assert.deepEqual(
        topics.map(({ errorCode, partitions }) => [errorCode, partitions.length]),
        [[INVALID_REQUEST, 0]],
      );
    }
  });

  it("DeleteTopics: neither, both and twice delete nothing", async () => {
    const { request, response } = apis.deleteTopics;
    const topicId = gateway.broker.topic("t")?.id ?? "";
    for (const topics of [
      [{ name: null, topicId: NO_TOPIC_ID }],
      [{ name: "t", topicId }],
      [
        { name: "t", topicId: NO_TOPIC_ID },
        { name: "t", topicId: NO_TOPIC_ID },
      ],
    ]) {
      const { responses } = await client.ask(request, response, 6, { topics, timeoutMs: 1_000 });
      assert.deepEqual(
        responses.map(({ errorCode }) => errorCode),
        [INVALID_REQUEST],
      );
    }
    assert.notEqual(gateway.broker.topic("t"), undefined);
  });

  it("CreatePartitions: a topic that comes twice is refused once", async () => {
    const { request, response } = apis.createPartitions;
    const topic = { name: "t", count: 5, assignments: null };
    const asked = { topics: [topic, topic], timeoutMs: 1_000, validateOnly: true };
    const { results } = await client.ask(request, response, 2, asked);
    assert.deepEqual(
      results.map(({ errorCode }) => errorCode),
      [INVALID_REQUEST],
    );
  });

  it("CreateTopics: blanks and capitals are of no meaning, small segments are refused", async () => {
    const { request, response } = apis.createTopics;
    const ask = async (topic: string, name: string, value: string) => {
      const counts = { numPartitions: 1, replicationFactor: 1, assignments: [] };
      const topics = [{ name: topic, ...counts, configs: [{ name, value }] }];
      const asked = { topics, timeoutMs: 1_000, validateOnly: true };
      return (await client.ask(request, response, 5, asked)).topics[0]?.errorCode;
    };
    assert.equal(await ask("c", "retention.ms", " 5 "), NONE);
    assert.equal(await ask("c", "preallocate", "TRUE"), NONE);
    assert.equal(await ask("c", "segment.bytes", "1048575"), KAFKA_ERRORS.INVALID_CONFIG);
    assert.equal(await ask("__cluster_metadata", "retention.ms", "5"), INVALID_REQUEST);
  });

  it("DescribeConfigs: no names are all, and a setting that another stands for is null", async () => {
    const { request, response } = apis.describeConfigs;
    const ask = async (resourceType: number, resourceName: string, ...names: string[]) => {
      const resources = [{ resourceType, resourceName, configurationKeys: names }];
      const { results } = await client.ask(request, response, 4, {
        resources,
        includeSynonyms: true,
      });
      return results[0]?.configs ?? [];
    };
    assert.ok((await ask(TOPIC, "t")).length > 30);
    const [topic] = await ask(TOPIC, "t", "retention.ms");
    assert.deepEqual([topic?.value, topic?.synonyms], ["604800000", []]);
    const [broker] = await ask(BROKER, "1", "log.retention.ms");
    assert.deepEqual([broker?.value, broker?.synonyms], [null, []]);
    const [hours] = await ask(BROKER, "1", "log.retention.hours");
    assert.deepEqual(hours?.synonyms, [{ name: "log.retention.hours", value: "168", source: 5 }]);
  });

  it("ListOffsets: what a version does not know yet is refused", async () => {
    const { request, response } = apis.listOffsets;
    const ask = async (version: number, timestamp: number) => {
      const topics = [{ name: "t", partitions: [{ partitionIndex: 0, timestamp }] }];
      const asked = { replicaId: -1, isolationLevel: 0, topics };
      const answer = await client.ask(request, response, version, asked);
      return answer.topics[0]?.partitions[0]?.errorCode;
    };
    for (const [timestamp, since] of [
      [-3, 7],
      [-4, 8],
      [-5, 9],
      [-6, 11],
    ] as const) {
      assert.equal(await ask(since - 1, timestamp), UNSUPPORTED_VERSION);
      assert.equal(await ask(since, timestamp), NONE);
    }
    assert.equal(await ask(11, -7), UNSUPPORTED_VERSION);
  });

  it("Produce: names the records that are from the future, and what is not whole is no batch", async () => {
    const late = await produce(client, "t", batchOf(["a", "b"], {}, Date.now() + 2 * HOUR_MS));
    assert.equal(late.errorCode, KAFKA_ERRORS.INVALID_TIMESTAMP);
    assert.deepEqual(
      late.recordErrors.map(({ batchIndex }) => batchIndex),
      [0, 1],
    );
    const good = batchOf(["a", "b"]);
    const cut = await produce(client, "t", good.subarray(0, good.length - 3));
    assert.equal(cut.errorCode, KAFKA_ERRORS.INVALID_RECORD);
    const magic = Buffer.from(good);
    magic.writeInt8(9, 16);
    assert.equal((await produce(client, "t", magic)).errorCode, KAFKA_ERRORS.CORRUPT_MESSAGE);
  });

  it("SyncGroup from version 5 on says which protocol it means", async () => {
    const { request, response } = apis.syncGroup;
    const asked = { groupId: "g", generationId: 1, memberId: "m", assignments: [] };
    const { errorCode } = await client.ask(request, response, 5, asked);
    assert.equal(errorCode, KAFKA_ERRORS.INCONSISTENT_GROUP_PROTOCOL);
  });

  it("DescribeClientQuotas: entities that are none", async () => {
    const { request, response } = apis.describeClientQuotas;
    const user = { entityType: "user", matchType: 0, match: "u" };
    const ask = async (...components: (typeof user)[]) =>
      (await client.ask(request, response, 1, { components, strict: false })).errorCode;
    assert.equal(await ask(user), NONE);
    assert.equal(await ask({ ...user, entityType: "tribe" }), UNSUPPORTED_VERSION);
    assert.equal(await ask({ ...user, entityType: "" }), INVALID_REQUEST);
    assert.equal(await ask({ ...user, matchType: 9 }), INVALID_REQUEST);
    assert.equal(await ask(user, user), INVALID_REQUEST);
  });

  it("transactions: an empty id is refused, and those that have not begun are old", async () => {
    const described = apis.describeTransactions;
    const asked = { transactionalIds: [""] };
    const { transactionStates } = await client.ask(described.request, described.response, 0, asked);
    assert.equal(transactionStates[0]?.errorCode, INVALID_REQUEST);
    const { initProducerId, listTransactions } = apis;
    const init = { transactionalId: "idle", transactionTimeoutMs: 60_000 };
    await client.ask(initProducerId.request, initProducerId.response, 4, init);
    const listed = await client.ask(listTransactions.request, listTransactions.response, 1, {
      stateFilters: [],
      producerIdFilters: [],
      durationFilter: 1_000_000,
    });
    assert.equal(listed.transactionStates.length, 1);
  });

  it("groups: offsets of no group, a blank consumer group, deletion of a group twice", async () => {
    const { offsetDelete, consumerGroupHeartbeat, deleteGroups, consumerGroupDescribe } = apis;
    const deleted = await client.ask(offsetDelete.request, offsetDelete.response, 0, {
      groupId: "",
      topics: [],
    });
    assert.equal(deleted.errorCode, KAFKA_ERRORS.INVALID_GROUP_ID);
    const joined = await client.ask(
      consumerGroupHeartbeat.request,
      consumerGroupHeartbeat.response,
      1,
      {
        ...{ groupId: "  ", memberId: "m", memberEpoch: 0, rebalanceTimeoutMs: 1_000 },
        ...{ subscribedTopicNames: ["t"], topicPartitions: [] },
      },
    );
    assert.equal(joined.errorCode, INVALID_REQUEST);
    const { results } = await client.ask(deleteGroups.request, deleteGroups.response, 2, {
      groupsNames: ["none", "none"],
    });
    assert.equal(results.length, 1);
    const { groups } = await client.ask(
      consumerGroupDescribe.request,
      consumerGroupDescribe.response,
      0,
      { groupIds: ["none", ""], includeAuthorizedOperations: false },
    );
    assert.deepEqual(
      groups.map(({ errorCode, groupState }) => [errorCode, groupState]),
      [
        [KAFKA_ERRORS.GROUP_ID_NOT_FOUND, ""],
        [KAFKA_ERRORS.INVALID_GROUP_ID, ""],
      ],
    );
  });
});

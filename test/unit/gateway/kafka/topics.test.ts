import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { TOPIC_CONFIGS } from "../../../../runtime/broker/topic-config.ts";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import {
  ListOffsetsRequest,
  ListOffsetsResponse,
} from "../../../../runtime/wire/kafka/messages/02-list-offsets.ts";
import {
  MetadataRequest,
  MetadataResponse,
} from "../../../../runtime/wire/kafka/messages/03-metadata.ts";
import {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from "../../../../runtime/wire/kafka/messages/19-create-topics.ts";
import {
  DeleteTopicsRequest,
  DeleteTopicsResponse,
} from "../../../../runtime/wire/kafka/messages/20-delete-topics.ts";
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from "../../../../runtime/wire/kafka/messages/32-describe-configs.ts";
import {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from "../../../../runtime/wire/kafka/messages/37-create-partitions.ts";
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from "../../../../runtime/wire/kafka/messages/75-describe-topic-partitions.ts";
import { RawClient, startGateway, type TestGateway } from "../../../support/kafka-gateway.ts";
import { batchOf, produce } from "./support.ts";

describe("gateway: topics", () => {
  let gateway: TestGateway;
  let client: RawClient;

  before(async () => {
    gateway = await startGateway();
    client = await RawClient.connect(gateway.server.port);
  });
  after(async () => {
    client.close();
    await gateway.stop();
  });

  async function create(name: string, more: object = {}) {
    const topic = { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
    const request = { topics: [{ ...topic, ...more }], timeoutMs: 1_000 };
    const { topics } = await client.ask(CreateTopicsRequest, CreateTopicsResponse, 7, request);
    return topics[0];
  }

  async function metadata(
    topics: { name: string | null; topicId?: string }[] | null,
    allowAutoTopicCreation = false,
  ) {
    const request = { topics, allowAutoTopicCreation };
    return client.ask(MetadataRequest, MetadataResponse, 12, request);
  }

  it("describes a topic by its id, with an empty name as with none", async () => {
    const topicId = (await create("by-id"))?.topicId ?? "";
    for (const name of [null, ""]) {
      const { topics } = await metadata([{ name, topicId }]);
      assert.equal(topics[0]?.name, "by-id");
    }
    const unknown = await metadata([{ name: "", topicId: "ABEiM0RVZneImaq7zN3u_w" }]);
    assert.equal(unknown.topics[0]?.errorCode, KAFKA_ERRORS.UNKNOWN_TOPIC_ID);
    assert.equal(unknown.topics[0]?.name, null);
  });

  it("creates a topic with its id, and describes it", async () => {
    const created = await create("orders", { numPartitions: 3 });
    assert.equal(created?.errorCode, KAFKA_ERRORS.NONE);
    const { topics, brokers, clusterId } = await metadata([{ name: "orders" }]);
    assert.equal(topics[0]?.topicId, created?.topicId);
    assert.deepEqual(
      topics[0]?.partitions.map(({ partitionIndex, leaderId }) => [partitionIndex, leaderId]),
      [0, 1, 2].map((index) => [index, 1]),
    );
    assert.deepEqual(
      brokers.map(({ host, port }) => [host, port]),
      [["127.0.0.1", gateway.server.port]],
    );
    assert.equal(clusterId, gateway.broker.clusterId);
  });

  it("is told to clients by the name that the listener was given", async () => {
    const named = await startGateway({ host: "localhost" });
    const other = await RawClient.connect(named.server.port);
    const { brokers } = await other.ask(MetadataRequest, MetadataResponse, 12, { topics: [] });
    other.close();
    await named.stop();
    assert.deepEqual(
      brokers.map(({ host, port }) => [host, port]),
      [["localhost", named.server.port]],
    );
  });

  const refusals: [string, string, object, keyof typeof KAFKA_ERRORS][] = [
    ["a name twice", "orders", {}, "TOPIC_ALREADY_EXISTS"],
    ["a name with a blank", "or ders", {}, "INVALID_TOPIC_EXCEPTION"],
    ["an empty name", "", {}, "INVALID_TOPIC_EXCEPTION"],
    ["a name of 250 characters", "x".repeat(250), {}, "INVALID_TOPIC_EXCEPTION"],
    ["a name that only a dot tells apart", "or.ders_", {}, "NONE"],
    ["and its counterpart", "or_ders_", {}, "INVALID_TOPIC_EXCEPTION"],
    ["no partitions", "none", { numPartitions: 0 }, "INVALID_PARTITIONS"],
    ["too many partitions", "many", { numPartitions: 1_000_000 }, "INVALID_PARTITIONS"],
    ["two replicas", "two", { replicationFactor: 2 }, "INVALID_REPLICATION_FACTOR"],
    ["an unknown config", "odd", { configs: [{ name: "no.such", value: "1" }] }, "INVALID_CONFIG"],
    [
      "a config out of range",
      "odd",
      { configs: [{ name: "segment.bytes", value: "x" }] },
      "INVALID_CONFIG",
    ],
    [
      "a config without value",
      "odd",
      { configs: [{ name: "segment.bytes", value: null }] },
      "INVALID_CONFIG",
    ],
    [
      "an assignment to another broker",
      "far",
      {
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [{ partitionIndex: 0, brokerIds: [2] }],
      },
      "INVALID_REPLICA_ASSIGNMENT",
    ],
  ];
  for (const [what, name, more, error] of refusals) {
    it(`answers ${error} to ${what}`, async () => {
      assert.equal((await create(name, more))?.errorCode, KAFKA_ERRORS[error]);
    });
  }

  it("creates nothing when it is asked to validate only", async () => {
    const topic = {
      name: "dry",
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    };
    const request = { topics: [topic], timeoutMs: 1_000, validateOnly: true };
    const { topics } = await client.ask(CreateTopicsRequest, CreateTopicsResponse, 7, request);
    assert.equal(topics[0]?.errorCode, KAFKA_ERRORS.NONE);
    assert.equal(gateway.broker.topic("dry"), undefined);
  });

  it("creates a topic that Metadata names, unless it is told not to", async () => {
    const refused = await metadata([{ name: "auto" }], false);
    assert.equal(refused.topics[0]?.errorCode, KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION);
    const made = await metadata([{ name: "auto" }], true);
    assert.equal(made.topics[0]?.errorCode, KAFKA_ERRORS.NONE);
    assert.equal(made.topics[0]?.partitions.length, 1);
  });

  it("tells of all topics as they are, in every version", async () => {
    const shape = async (version: number) => {
      const request = { topics: version === 0 ? [] : null };
      const answer = await client.ask(MetadataRequest, MetadataResponse, version, request);
      const rows = answer.topics.map(({ name, partitions }) => `${name} ${partitions.length}`);
      return rows.filter((row) => row.startsWith("seen"));
    };
    const changes: [() => Promise<unknown>, string[]][] = [
      [() => create("seen", { numPartitions: 2 }), ["seen 2"]],
      [() => gateway.broker.growTopic("seen", 3, false), ["seen 3"]],
      [() => create("seen-too"), ["seen 3", "seen-too 1"]],
      [() => gateway.broker.deleteTopic("seen"), ["seen-too 1"]],
    ];
    for (const [change, expected] of changes) {
      await change();
      for (let round = 0; round < 2; round++) {
        for (let version = 0; version <= 13; version++) {
          assert.deepEqual(await shape(version), expected, `version ${version}`);
        }
      }
    }
  });

  it("refuses to look a topic up by its id before version 12", async () => {
    const topicId = (await create("asked-by-id"))?.topicId ?? "";
    const request = { topics: [{ name: null, topicId }], allowAutoTopicCreation: true };
    const { topics } = await client.ask(MetadataRequest, MetadataResponse, 11, request);
    assert.deepEqual([topics[0]?.errorCode, topics[0]?.name], [KAFKA_ERRORS.INVALID_REQUEST, ""]);
  });

  it("grows a topic, and never shrinks it", async () => {
    await create("growing");
    const grow = async (count: number) => {
      const request = {
        topics: [{ name: "growing", count, assignments: null }],
        timeoutMs: 1_000,
        validateOnly: false,
      };
      const answer = await client.ask(
        CreatePartitionsRequest,
        CreatePartitionsResponse,
        3,
        request,
      );
      return answer.results[0]?.errorCode;
    };
    assert.equal(await grow(4), KAFKA_ERRORS.NONE);
    assert.equal(await grow(4), KAFKA_ERRORS.INVALID_PARTITIONS);
    assert.equal(await grow(2), KAFKA_ERRORS.INVALID_PARTITIONS);
    assert.equal((await produce(client, "growing", batchOf(["a"]), 3)).errorCode, 0);
  });

  it("deletes a topic by name and by id, and a new one of that name starts at 0", async () => {
    await create("gone");
    await produce(client, "gone", batchOf(["a"]));
    const remove = async (version: number, request: object) => {
      const whole = { topics: [], topicNames: [], timeoutMs: 1_000, ...request };
      const answer = await client.ask(DeleteTopicsRequest, DeleteTopicsResponse, version, whole);
      return answer.responses[0]?.errorCode;
    };
    assert.equal(await remove(5, { topicNames: ["gone"] }), KAFKA_ERRORS.NONE);
    assert.equal(
      await remove(5, { topicNames: ["gone"] }),
      KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
    );
    const again = await create("gone");
    assert.equal((await produce(client, "gone", batchOf(["b"]))).baseOffset, 0);
    const topicId = again?.topicId ?? "";
    assert.equal(await remove(6, { topics: [{ name: null, topicId }] }), KAFKA_ERRORS.NONE);
    assert.equal(
      await remove(6, { topics: [{ name: null, topicId }] }),
      KAFKA_ERRORS.UNKNOWN_TOPIC_ID,
    );
  });

  it("looks offsets up by what the negative timestamps mean, and by time", async () => {
    await create("timed");
    for (const timestampMs of [1_000, 3_000, 2_000]) {
      await produce(client, "timed", batchOf(["x", "y"], {}, timestampMs));
    }
    const look = async (timestamp: number) => {
      const partitions = [{ partitionIndex: 0, timestamp, currentLeaderEpoch: -1 }];
      const request = {
        replicaId: -1,
        isolationLevel: 0,
        topics: [{ name: "timed", partitions }],
        timeoutMs: 0,
      };
      const answer = await client.ask(ListOffsetsRequest, ListOffsetsResponse, 10, request);
      const found = answer.topics[0]?.partitions[0];
      return [found?.offset, found?.timestamp];
    };
    assert.deepEqual(await look(-1), [6, -1]);
    assert.deepEqual(await look(-2), [0, -1]);
    assert.deepEqual(await look(-3), [2, 3_000]);
    assert.deepEqual(await look(-5), [-1, -1]);
    assert.deepEqual(await look(0), [0, 1_000]);
    assert.deepEqual(await look(1_001), [2, 3_000]);
    assert.deepEqual(await look(3_000), [2, 3_000]);
    assert.deepEqual(await look(3_001), [-1, -1]);
  });

  it("reads every config of a topic with its source", async () => {
    await create("set", { configs: [{ name: "cleanup.policy", value: "compact" }] });
    const resources = [{ resourceType: 2, resourceName: "set", configurationKeys: null }];
    const request = { resources, includeSynonyms: true, includeDocumentation: false };
    const answer = await client.ask(DescribeConfigsRequest, DescribeConfigsResponse, 4, request);
    const configs = answer.results[0]?.configs ?? [];
    assert.deepEqual(
      configs.map(({ name }) => name),
      TOPIC_CONFIGS.map(({ name }) => name),
    );
    const policy = configs.find(({ name }) => name === "cleanup.policy");
    assert.deepEqual([policy?.value, policy?.configSource], ["compact", 1]);
    const retention = configs.find(({ name }) => name === "retention.ms");
    assert.deepEqual([retention?.value, retention?.configSource], ["604800000", 5]);
  });

  it("reads broker configurations as the broker was started with", async () => {
    const configs = { "auto.create.topics.enable": "false" };
    const other = await startGateway({}, { defaultPartitions: 4, configs });
    const asker = await RawClient.connect(other.server.port);
    const { port } = other.server;
    const configurationKeys = [
      "advertised.listeners",
      "auto.create.topics.enable",
      "num.partitions",
      "node.id",
    ];
    const resources = [{ resourceType: 4, resourceName: "1", configurationKeys }];
    const request = { resources, includeSynonyms: false, includeDocumentation: false };
    const answer = await asker.ask(DescribeConfigsRequest, DescribeConfigsResponse, 4, request);
    asker.close();
    await other.stop();
    assert.deepEqual(
      answer.results[0]?.configs.map(({ name, value, configSource }) => [
        name,
        value,
        configSource,
      ]),
      [
        ["advertised.listeners", `PLAINTEXT://127.0.0.1:${port}`, 4],
        ["auto.create.topics.enable", "false", 4],
        ["node.id", "1", 5],
        ["num.partitions", "4", 4],
      ],
    );
  });

  it("creates no topic by being asked for it when it was started so", async () => {
    const configs = { "auto.create.topics.enable": "false" };
    const other = await startGateway({}, { configs });
    const asker = await RawClient.connect(other.server.port);
    const request = { topics: [{ name: "asked-for" }], allowAutoTopicCreation: true };
    const { topics } = await asker.ask(MetadataRequest, MetadataResponse, 12, request);
    asker.close();
    await other.stop();
    assert.equal(topics[0]?.errorCode, KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION);
    assert.equal(other.broker.topic("asked-for"), undefined);
  });

  it("pages through partitions with a cursor", async () => {
    await create("paged", { numPartitions: 5 });
    const seen: string[] = [];
    let cursor: { topicName: string; partitionIndex: number } | null = null;
    do {
      const request = {
        topics: [{ name: "paged" }, { name: "orders" }],
        responsePartitionLimit: 3,
        cursor,
      };
      const answer: DescribeTopicPartitions = await client.ask(
        DescribeTopicPartitionsRequest,
        DescribeTopicPartitionsResponse,
        0,
        request,
      );
      for (const { name, partitions } of answer.topics) {
        seen.push(...partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`));
      }
      cursor = answer.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(seen, [
      ...[0, 1, 2].map((index) => `orders-${index}`),
      ...[0, 1, 2, 3, 4].map((index) => `paged-${index}`),
    ]);
  });
});

/** What the loop reads of the answer. */
interface DescribeTopicPartitions {
  readonly topics: readonly {
    readonly name: string | null;
    readonly partitions: readonly { readonly partitionIndex: number }[];
  }[];
  readonly nextCursor: { topicName: string; partitionIndex: number } | null;
}

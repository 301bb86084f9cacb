import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import {
  ProduceRequest,
  ProduceResponse,
} from "../../../../runtime/wire/kafka/messages/00-produce.ts";
import { FetchRequest, FetchResponse } from "../../../../runtime/wire/kafka/messages/01-fetch.ts";
import {
  ListOffsetsRequest,
  ListOffsetsResponse,
} from "../../../../runtime/wire/kafka/messages/02-list-offsets.ts";
import {
  MetadataRequest,
  MetadataResponse,
} from "../../../../runtime/wire/kafka/messages/03-metadata.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../../runtime/wire/kafka/messages/10-find-coordinator.ts";
import {
  HeartbeatRequest,
  HeartbeatResponse,
} from "../../../../runtime/wire/kafka/messages/12-heartbeat.ts";
import {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from "../../../../runtime/wire/kafka/messages/19-create-topics.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../../runtime/wire/kafka/messages/22-init-producer-id.ts";
import {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from "../../../../runtime/wire/kafka/messages/23-offset-for-leader-epoch.ts";
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from "../../../../runtime/wire/kafka/messages/32-describe-configs.ts";
import {
  AlterReplicaLogDirsRequest,
  AlterReplicaLogDirsResponse,
} from "../../../../runtime/wire/kafka/messages/34-alter-replica-log-dirs.ts";
import {
  ElectLeadersRequest,
  ElectLeadersResponse,
} from "../../../../runtime/wire/kafka/messages/43-elect-leaders.ts";
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from "../../../../runtime/wire/kafka/messages/45-alter-partition-reassignments.ts";
import {
  DescribeClusterRequest,
  DescribeClusterResponse,
} from "../../../../runtime/wire/kafka/messages/60-describe-cluster.ts";
import {
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
} from "../../../../runtime/wire/kafka/messages/74-list-config-resources.ts";
import { RawClient, startGateway, type TestGateway } from "../../../support/kafka-gateway.ts";
import { batchOf, fetchRequest, produceRequest } from "./support.ts";

const NODES = [1, 2, 3];
const { NONE, NOT_LEADER_OR_FOLLOWER, NOT_COORDINATOR } = KAFKA_ERRORS;

describe("gateway: a lab of three brokers", () => {
  let gateway: TestGateway;
  let clients: RawClient[];

  const of = (node: number): RawClient => {
    const client = clients[node - 1];
    if (client === undefined) throw new Error(`there is no node ${node}`);
    return client;
  };

  beforeEach(async () => {
    gateway = await startGateway({}, { brokers: 3 });
    const ports = gateway.servers.map(({ port }) => port);
    clients = await Promise.all(ports.map((port) => RawClient.connect(port)));
    // Led by node 1, 2 and 3, followed by the next one.
    const assignments = [
      [1, 2],
      [2, 3],
      [3, 1],
    ];
    await gateway.broker.createTopic({ name: "t", assignments });
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    await gateway.stop();
  });

  async function metadata(node: number, name = "t") {
    const request = { topics: [{ name }] };
    const answer = await of(node).ask(MetadataRequest, MetadataResponse, 12, request);
    const partitions = answer.topics[0]?.partitions ?? [];
    const rows = partitions.map((one) => {
      return [one.errorCode, one.leaderId, one.leaderEpoch, one.isrNodes, one.offlineReplicas];
    });
    return { ...answer, rows };
  }

  async function produce(node: number, index: number, word = "x", version = 12) {
    const request = produceRequest("t", batchOf([word]), -1, index);
    const answer = await of(node).ask(ProduceRequest, ProduceResponse, version, request);
    const [partition] = answer.responses[0]?.partitionResponses ?? [];
    if (partition === undefined) throw new Error("no answer for the partition");
    return { ...partition, nodeEndpoints: answer.nodeEndpoints };
  }

  async function fetch(node: number, index: number, version: number, currentLeaderEpoch = -1) {
    const { topics, ...request } = fetchRequest("t", { offset: 0, partitions: [index] });
    const topicId = gateway.broker.topic("t")?.id ?? "";
    const wanted = topics.map(({ topic, partitions }) => ({
      ...{ topic, topicId },
      partitions: partitions.map((one) => ({ ...one, currentLeaderEpoch })),
    }));
    const answer = await of(node).ask(FetchRequest, FetchResponse, version, {
      ...request,
      topics: wanted,
    });
    const [partition] = answer.responses[0]?.partitions ?? [];
    if (partition === undefined) throw new Error("no answer for the partition");
    return { ...partition, nodeEndpoints: answer.nodeEndpoints };
  }

  async function reassign(partitionIndex: number, replicas: number[] | null, version = 1) {
    const topics = [{ name: "t", partitions: [{ partitionIndex, replicas }] }];
    const request = { topics, allowReplicationFactorChange: version === 0 };
    const answer = await of(2).ask(
      AlterPartitionReassignmentsRequest,
      AlterPartitionReassignmentsResponse,
      version,
      request,
    );
    return answer.responses[0]?.partitions[0]?.errorCode;
  }

  async function elect(electionType: number, partitions: number[] | null) {
    const topicPartitions = partitions && [{ topic: "t", partitions }];
    const request = { electionType, topicPartitions };
    const answer = await of(3).ask(ElectLeadersRequest, ElectLeadersResponse, 2, request);
    return answer.replicaElectionResults.flatMap(({ partitionResult }) =>
      partitionResult.map(({ partitionId, errorCode }) => [partitionId, errorCode]),
    );
  }

  it("tells from every node of all nodes and who leads what", async () => {
    const ports = gateway.servers.map(({ port }) => port);
    for (const node of NODES) {
      const { brokers, controllerId, rows } = await metadata(node);
      assert.deepEqual(
        brokers.map(({ nodeId, host, port }) => [nodeId, host, port]),
        NODES.map((id, i) => [id, "127.0.0.1", ports[i]]),
      );
      assert.equal(controllerId, 1);
      const expected = [
        [NONE, 1, 0, [1, 2], []],
        [NONE, 2, 0, [2, 3], []],
        [NONE, 3, 0, [3, 1], []],
      ];
      assert.deepEqual(rows, expected);
    }
  });

  it("takes records where the partition is led, and says elsewhere where that is", async () => {
    assert.equal((await produce(2, 1)).errorCode, NONE);
    const refused = await produce(1, 1);
    assert.equal(refused.errorCode, NOT_LEADER_OR_FOLLOWER);
    assert.deepEqual(refused.currentLeader, { leaderId: 2, leaderEpoch: 0 });
    const port = gateway.servers[1]?.port;
    assert.deepEqual(refused.nodeEndpoints, [{ nodeId: 2, host: "127.0.0.1", port, rack: null }]);
    assert.equal((await produce(1, 1, "x", 9)).errorCode, NOT_LEADER_OR_FOLLOWER);
  });

  it("is fetched from at any replica since version 11, and nowhere else", async () => {
    await produce(2, 1);
    assert.deepEqual([(await fetch(2, 1, 10)).errorCode], [NONE]);
    assert.deepEqual([(await fetch(3, 1, 10)).errorCode], [NOT_LEADER_OR_FOLLOWER]);
    const follower = await fetch(3, 1, 17);
    assert.equal(follower.errorCode, NONE);
    assert.ok((follower.records?.length ?? 0) > 0);
    const stranger = await fetch(1, 1, 17);
    assert.equal(stranger.errorCode, NOT_LEADER_OR_FOLLOWER);
    assert.deepEqual(stranger.currentLeader, { leaderId: 2, leaderEpoch: 0 });
    assert.deepEqual(
      stranger.nodeEndpoints.map(({ nodeId }) => nodeId),
      [2],
    );
  });

  it("answers offsets and epochs at the leader only, of each epoch its own end", async () => {
    const ends = async (node: number, leaderEpoch: number, currentLeaderEpoch = -1) => {
      const partitions = [{ partition: 0, currentLeaderEpoch, leaderEpoch }];
      const answer = await of(node).ask(
        OffsetForLeaderEpochRequest,
        OffsetForLeaderEpochResponse,
        4,
        { topics: [{ topic: "t", partitions }] },
      );
      const [end] = answer.topics[0]?.partitions ?? [];
      return [end?.errorCode, end?.leaderEpoch, end?.endOffset];
    };
    const latest = async (node: number, currentLeaderEpoch = -1) => {
      const partitions = [{ partitionIndex: 0, timestamp: -1, currentLeaderEpoch }];
      const answer = await of(node).ask(ListOffsetsRequest, ListOffsetsResponse, 7, {
        replicaId: -1,
        isolationLevel: 0,
        topics: [{ name: "t", partitions }],
      });
      const [end] = answer.topics[0]?.partitions ?? [];
      return [end?.errorCode, end?.offset, end?.leaderEpoch];
    };
    await produce(1, 0);
    await produce(1, 0);
    assert.equal(await reassign(0, [2, 1]), NONE);
    assert.deepEqual(await elect(0, [0]), [[0, NONE]]);
    assert.equal((await produce(1, 0)).errorCode, NOT_LEADER_OR_FOLLOWER);
    assert.equal((await produce(2, 0)).baseOffset, 2);
    assert.deepEqual(await ends(2, 0), [NONE, 0, 2]);
    assert.deepEqual(await ends(2, 1, 1), [NONE, 1, 3]);
    assert.deepEqual(await ends(2, 2), [NONE, -1, -1]);
    assert.deepEqual(await ends(2, 0, 0), [KAFKA_ERRORS.FENCED_LEADER_EPOCH, -1, -1]);
    assert.deepEqual(await ends(2, 0, 2), [KAFKA_ERRORS.UNKNOWN_LEADER_EPOCH, -1, -1]);
    assert.deepEqual(await ends(1, 0), [NOT_LEADER_OR_FOLLOWER, -1, -1]);
    assert.deepEqual(await latest(2), [NONE, 3, 1]);
    assert.deepEqual(await latest(1), [NOT_LEADER_OR_FOLLOWER, -1, -1]);
    assert.deepEqual(await latest(2, 0), [KAFKA_ERRORS.FENCED_LEADER_EPOCH, -1, -1]);
    const fenced = await fetch(2, 0, 17, 0);
    assert.equal(fenced.errorCode, KAFKA_ERRORS.FENCED_LEADER_EPOCH);
    assert.deepEqual(fenced.currentLeader, { leaderId: 2, leaderEpoch: 1 });
    assert.equal((await fetch(2, 0, 17, 2)).errorCode, KAFKA_ERRORS.UNKNOWN_LEADER_EPOCH);
  });

  it("ends a fetch that waits when its partition moves", async () => {
    const waiting = of(1).ask(FetchRequest, FetchResponse, 10, {
      ...fetchRequest("t", { offset: 0, maxWaitMs: 300_000 }),
    });
    assert.equal(await reassign(0, [2, 3]), NONE);
    const [partition] = (await waiting).responses[0]?.partitions ?? [];
    assert.equal(partition?.errorCode, NOT_LEADER_OR_FOLLOWER);
  });

  it("refuses reassignments and elections as Kafka does", async () => {
    assert.equal(await reassign(0, [1, 4]), KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT);
    assert.equal(await reassign(0, []), KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT);
    assert.equal(await reassign(0, [1, 2, 3]), KAFKA_ERRORS.INVALID_REPLICATION_FACTOR);
    assert.equal(await reassign(0, [1, 2, 3], 0), NONE);
    assert.equal(await reassign(0, null), KAFKA_ERRORS.NO_REASSIGNMENT_IN_PROGRESS);
    assert.equal(await reassign(9, [1]), KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION);
    assert.deepEqual(await elect(0, [0, 9]), [
      [0, KAFKA_ERRORS.ELECTION_NOT_NEEDED],
      [9, KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION],
    ]);
    assert.deepEqual(await elect(0, null), []);
  });

  it("goes on without a node, as far as there are replicas", async () => {
    const { broker } = gateway;
    await produce(1, 0);
    await broker.createTopic({ name: "alone", assignments: [[1]] });
    await broker.leadership.stop(1);
    const { brokers, controllerId, rows } = await metadata(2);
    assert.deepEqual(
      brokers.map(({ nodeId }) => nodeId),
      [2, 3],
    );
    assert.equal(controllerId, 2);
    const expected = [
      [NONE, 2, 1, [2], [1]],
      [NONE, 2, 0, [2, 3], []],
      [NONE, 3, 0, [3], [1]],
    ];
    assert.deepEqual(rows, expected);
    const lost = [[KAFKA_ERRORS.LEADER_NOT_AVAILABLE, -1, 1, [1], [1]]];
    assert.deepEqual((await metadata(2, "alone")).rows, lost);
    assert.equal((await produce(2, 0)).baseOffset, 1);
    const fenced = await of(2).ask(DescribeClusterRequest, DescribeClusterResponse, 2, {
      includeFencedBrokers: true,
      includeClusterAuthorizedOperations: false,
    });
    assert.deepEqual(
      fenced.brokers.map(({ brokerId, isFenced }) => [brokerId, isFenced]),
      [
        [1, true],
        [2, false],
        [3, false],
      ],
    );
    await broker.leadership.start(1);
    assert.deepEqual((await metadata(2, "alone")).rows, [[NONE, 1, 2, [1], []]]);
    assert.deepEqual((await metadata(3)).rows[0], [NONE, 2, 1, [1, 2], []]);
    assert.deepEqual(await elect(0, null), [[0, NONE]]);
  });

  it("refuses records that too few replicas would acknowledge", async () => {
    const { broker } = gateway;
    const set = { op: "set", name: "min.insync.replicas", value: "2" } as const;
    await broker.alterTopicConfigs("t", { kind: "steps", steps: [set] }, false);
    assert.equal((await produce(1, 0)).errorCode, NONE);
    await broker.leadership.stop(2);
    assert.equal((await produce(1, 0)).errorCode, KAFKA_ERRORS.NOT_ENOUGH_REPLICAS);
    await broker.leadership.start(2);
    assert.equal((await produce(1, 0)).errorCode, NONE);
  });

  it("splits groups and transactions between the nodes, and moves them on", async () => {
    const names = ["a", "b", "c"];
    const find = async (keyType: number) => {
      const request = { keyType, coordinatorKeys: names };
      const answer = await of(2).ask(FindCoordinatorRequest, FindCoordinatorResponse, 6, request);
      return answer.coordinators.map(({ nodeId, port }) => {
        assert.equal(port, gateway.servers[nodeId - 1]?.port);
        return nodeId;
      });
    };
    // "a".hashCode() is 97.
    assert.deepEqual(await find(0), [2, 3, 1]);
    assert.deepEqual(await find(1), [2, 3, 1]);
    const beat = async (node: number) => {
      const request = { groupId: "a", generationId: 1, memberId: "m" };
      return (await of(node).ask(HeartbeatRequest, HeartbeatResponse, 4, request)).errorCode;
    };
    const init = async (node: number) => {
      const request = { transactionalId: "a", transactionTimeoutMs: 1_000 };
      const answer = of(node).ask(InitProducerIdRequest, InitProducerIdResponse, 4, request);
      return (await answer).errorCode;
    };
    assert.equal(await beat(1), NOT_COORDINATOR);
    assert.equal(await beat(2), KAFKA_ERRORS.UNKNOWN_MEMBER_ID);
    assert.equal(await init(3), NOT_COORDINATOR);
    assert.equal(await init(2), NONE);
    await gateway.broker.leadership.stop(2);
    assert.deepEqual(await find(0), [3, 3, 1]);
    assert.equal(await init(3), NONE);
  });

  it("creates topics on as many nodes as asked, up to all", async () => {
    const create = async (name: string, shape: object) => {
      const topic = {
        name,
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [],
        configs: [],
      };
      const request = { topics: [{ ...topic, ...shape }] };
      const answer = await of(3).ask(CreateTopicsRequest, CreateTopicsResponse, 7, request);
      const [made] = answer.topics;
      return [made?.errorCode, made?.numPartitions, made?.replicationFactor];
    };
    const wide = { numPartitions: 6, replicationFactor: 3 };
    assert.deepEqual(await create("wide", wide), [NONE, 6, 3]);
    const leaders = (await metadata(1, "wide")).rows.map(([, leader]) => leader);
    assert.deepEqual(
      NODES.map((node) => leaders.filter((leader) => leader === node).length),
      [2, 2, 2],
    );
    assert.deepEqual(await create("one", {}), [NONE, 1, 1]);
    const refused = KAFKA_ERRORS.INVALID_REPLICATION_FACTOR;
    assert.equal((await create("too-wide", { ...wide, replicationFactor: 4 }))[0], refused);
    const twice = [{ partitionIndex: 0, brokerIds: [2, 2] }];
    const invalid = KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT;
    assert.equal((await create("twice", { assignments: twice }))[0], invalid);
    const uneven = [
      { partitionIndex: 1, brokerIds: [2] },
      { partitionIndex: 0, brokerIds: [2, 3] },
    ];
    assert.equal((await create("uneven", { assignments: uneven }))[0], invalid);
  });

  it("lists all brokers as what has a configuration, and replicas where they are", async () => {
    const all = { resourceTypes: [4] };
    const messages = [ListConfigResourcesRequest, ListConfigResourcesResponse] as const;
    const { configResources } = await of(2).ask(...messages, 1, all);
    assert.deepEqual(
      configResources.map(({ resourceName }) => resourceName),
      NODES.map(String),
    );
    const topics = [{ name: "t", partitions: [0, 1, 2] }];
    const move = { dirs: [{ path: gateway.broker.dataFolder, topics }] };
    const pair = [AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse] as const;
    const { results } = await of(2).ask(...pair, 2, move);
    assert.deepEqual(
      results[0]?.partitions.map(({ errorCode }) => errorCode),
      [NONE, NONE, KAFKA_ERRORS.REPLICA_NOT_AVAILABLE],
    );
  });

  it("describes each broker's own configuration, at that broker", async () => {
    const describeBroker = async (node: number, resourceName: string) => {
      const configurationKeys = ["node.id", "offsets.topic.replication.factor"];
      const request = { resources: [{ resourceType: 4, resourceName, configurationKeys }] };
      const answer = await of(node).ask(
        DescribeConfigsRequest,
        DescribeConfigsResponse,
        4,
        request,
      );
      const [found] = answer.results;
      return [found?.errorCode, ...(found?.configs ?? []).map(({ value }) => value)];
    };
    assert.deepEqual(await describeBroker(2, "2"), [NONE, "2", "3"]);
    assert.deepEqual(await describeBroker(2, "1"), [KAFKA_ERRORS.INVALID_REQUEST]);
  });
});

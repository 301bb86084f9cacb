import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import {
  OffsetCommitRequest,
  OffsetCommitResponse,
} from "../../../../runtime/wire/kafka/messages/08-offset-commit.ts";
import {
  DeleteRecordsRequest,
  DeleteRecordsResponse,
} from "../../../../runtime/wire/kafka/messages/21-delete-records.ts";
import {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from "../../../../runtime/wire/kafka/messages/23-offset-for-leader-epoch.ts";
import {
  AlterReplicaLogDirsRequest,
  AlterReplicaLogDirsResponse,
} from "../../../../runtime/wire/kafka/messages/34-alter-replica-log-dirs.ts";
import {
  DescribeLogDirsRequest,
  DescribeLogDirsResponse,
} from "../../../../runtime/wire/kafka/messages/35-describe-log-dirs.ts";
import {
  DeleteGroupsRequest,
  DeleteGroupsResponse,
} from "../../../../runtime/wire/kafka/messages/42-delete-groups.ts";
import {
  ElectLeadersRequest,
  ElectLeadersResponse,
} from "../../../../runtime/wire/kafka/messages/43-elect-leaders.ts";
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from "../../../../runtime/wire/kafka/messages/45-alter-partition-reassignments.ts";
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from "../../../../runtime/wire/kafka/messages/46-list-partition-reassignments.ts";
import {
  OffsetDeleteRequest,
  OffsetDeleteResponse,
} from "../../../../runtime/wire/kafka/messages/47-offset-delete.ts";
import {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
} from "../../../../runtime/wire/kafka/messages/55-describe-quorum.ts";
import {
  UpdateFeaturesRequest,
  UpdateFeaturesResponse,
} from "../../../../runtime/wire/kafka/messages/57-update-features.ts";
import {
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
} from "../../../../runtime/wire/kafka/messages/74-list-config-resources.ts";
import { RawClient, startGateway, type TestGateway } from "../../../support/kafka-gateway.ts";
import { batchOf, fetch, produce } from "./support.ts";

const NODE = 1;

describe("gateway: administration of a single node", () => {
  let gateway: TestGateway;
  let client: RawClient;

  before(async () => {
    gateway = await startGateway();
    client = await RawClient.connect(gateway.server.port);
    const compact = { configs: { "cleanup.policy": "compact" } };
    await gateway.broker.createTopic({ name: "records" });
    await gateway.broker.createTopic({ name: "compacted", ...compact });
    for (const word of ["a", "b", "c"]) await produce(client, "records", batchOf([word]));
  });
  after(async () => {
    client.close();
    await gateway.stop();
  });

  async function deleteRecords(name: string, offset: number, partitionIndex = 0) {
    const request = { topics: [{ name, partitions: [{ partitionIndex, offset }] }], timeoutMs: 1 };
    const answer = await client.ask(DeleteRecordsRequest, DeleteRecordsResponse, 2, request);
    const partition = answer.topics[0]?.partitions[0];
    return [partition?.errorCode, partition?.lowWatermark];
  }

  it("deletes records up to an offset, and all", async () => {
    assert.deepEqual(await deleteRecords("records", 2), [KAFKA_ERRORS.NONE, 2]);
    assert.deepEqual(await deleteRecords("records", 1), [KAFKA_ERRORS.NONE, 2]);
    const [below] = await fetch(client, "records", { offset: 1 });
    assert.equal(below?.errorCode, KAFKA_ERRORS.OFFSET_OUT_OF_RANGE);
    const [rest] = await fetch(client, "records", { offset: 2 });
    assert.deepEqual([rest?.errorCode, rest?.logStartOffset], [KAFKA_ERRORS.NONE, 2]);
    assert.deepEqual(await deleteRecords("records", -1), [KAFKA_ERRORS.NONE, 3]);
  });

  it("refuses to delete records that are not there or may not go", async () => {
    assert.deepEqual(await deleteRecords("records", 4), [KAFKA_ERRORS.OFFSET_OUT_OF_RANGE, -1]);
    assert.deepEqual(await deleteRecords("records", -2), [KAFKA_ERRORS.OFFSET_OUT_OF_RANGE, -1]);
    assert.deepEqual(await deleteRecords("records", Number.MAX_SAFE_INTEGER), [1, -1]);
    assert.deepEqual(await deleteRecords("compacted", 0), [KAFKA_ERRORS.POLICY_VIOLATION, -1]);
    const unknown = [KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION, -1];
    assert.deepEqual(await deleteRecords("records", 0, 1), unknown);
    assert.deepEqual(await deleteRecords("nowhere", 0), unknown);
  });

  it("says where the one leader epoch ends", async () => {
    const ask = async (leaderEpoch: number, currentLeaderEpoch = -1, topic = "records") => {
      const partitions = [{ partition: 0, currentLeaderEpoch, leaderEpoch }];
      const answer = await client.ask(
        OffsetForLeaderEpochRequest,
        OffsetForLeaderEpochResponse,
        4,
        { topics: [{ topic, partitions }] },
      );
      const found = answer.topics[0]?.partitions[0];
      return [found?.errorCode, found?.leaderEpoch, found?.endOffset];
    };
    assert.deepEqual(await ask(0, 0), [KAFKA_ERRORS.NONE, 0, 3]);
    assert.deepEqual(await ask(1), [KAFKA_ERRORS.NONE, -1, -1]);
    assert.deepEqual(await ask(-1), [KAFKA_ERRORS.NONE, -1, -1]);
    assert.deepEqual(await ask(0, 1), [KAFKA_ERRORS.UNKNOWN_LEADER_EPOCH, -1, -1]);
    assert.deepEqual(await ask(0, 0, "nowhere"), [KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION, -1, -1]);
  });

  it("describes the data folder", async () => {
    const ask = async (topics: { topic: string; partitions: number[] }[] | null) => {
      const answer = await client.ask(DescribeLogDirsRequest, DescribeLogDirsResponse, 5, {
        topics,
      });
      const [dir] = answer.results;
      assert.equal(dir?.logDir, gateway.broker.dataFolder);
      return dir?.topics.map(({ name, partitions }) => [name, partitions.length]);
    };
    assert.deepEqual(await ask(null), [
      ["records", 1],
      ["compacted", 1],
    ]);
    assert.deepEqual(await ask([{ topic: "records", partitions: [0, 7] }]), [["records", 1]]);
    assert.deepEqual(await ask([{ topic: "nowhere", partitions: [0] }]), []);
  });

  it("moves partitions to the data folder, where they are, and nowhere else", async () => {
    const ask = async (path: string, name = "records") => {
      const dirs = [{ path, topics: [{ name, partitions: [0] }] }];
      const messages = [AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse] as const;
      const { results } = await client.ask(...messages, 2, { dirs });
      return results.map(({ topicName, partitions }) => [topicName, partitions[0]?.errorCode]);
    };
    const { dataFolder } = gateway.broker;
    assert.deepEqual(await ask(dataFolder), [["records", KAFKA_ERRORS.NONE]]);
    assert.deepEqual(await ask("/elsewhere"), [["records", KAFKA_ERRORS.LOG_DIR_NOT_FOUND]]);
    const missing = [["nowhere", KAFKA_ERRORS.REPLICA_NOT_AVAILABLE]];
    assert.deepEqual(await ask(dataFolder, "nowhere"), missing);
  });

  it("lists what has a configuration, all of it or by type", async () => {
    const ask = async (version: number, ...resourceTypes: number[]) => {
      const messages = [ListConfigResourcesRequest, ListConfigResourcesResponse] as const;
      const answer = await client.ask(...messages, version, { resourceTypes });
      const rows = answer.configResources.map((row) => `${row.resourceType} ${row.resourceName}`);
      return [answer.errorCode, ...rows];
    };
    assert.deepEqual(await ask(1), [0, "2 records", "2 compacted", `4 ${NODE}`]);
    assert.deepEqual(await ask(1, 4), [0, `4 ${NODE}`]);
    assert.deepEqual(await ask(1, 8, 16, 32), [0]);
    assert.deepEqual(await ask(1, 2, 3), [KAFKA_ERRORS.UNSUPPORTED_VERSION]);
    assert.deepEqual(await ask(0), [0]);
  });

  it("needs no elections", async () => {
    const ask = async (
      electionType: number,
      topicPartitions: { topic: string; partitions: number[] }[] | null,
    ) => {
      const request = { electionType, topicPartitions, timeoutMs: 1 };
      const answer = await client.ask(ElectLeadersRequest, ElectLeadersResponse, 2, request);
      const rows = answer.replicaElectionResults.flatMap(({ partitionResult }) =>
        partitionResult.map(({ errorCode }) => errorCode),
      );
      return [answer.errorCode, ...rows];
    };
    const partitions = [{ topic: "records", partitions: [0, 1] }];
    assert.deepEqual(await ask(0, partitions), [0, KAFKA_ERRORS.ELECTION_NOT_NEEDED, 3]);
    assert.deepEqual(await ask(1, null), [KAFKA_ERRORS.NONE]);
    assert.deepEqual(await ask(2, null), [KAFKA_ERRORS.INVALID_REQUEST]);
  });

  it("assigns partitions to the one broker", async () => {
    const ask = async (replicas: number[] | null, partitionIndex = 0) => {
      const topics = [{ name: "records", partitions: [{ partitionIndex, replicas }] }];
      const answer = await client.ask(
        AlterPartitionReassignmentsRequest,
        AlterPartitionReassignmentsResponse,
        1,
        { topics },
      );
      return answer.responses[0]?.partitions[0]?.errorCode;
    };
    assert.equal(await ask([NODE]), KAFKA_ERRORS.NONE);
    assert.equal(await ask([NODE, 2]), KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT);
    assert.equal(await ask([]), KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT);
    assert.equal(await ask(null), KAFKA_ERRORS.NO_REASSIGNMENT_IN_PROGRESS);
    assert.equal(await ask([NODE], 9), KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION);
    const none = await client.ask(
      ListPartitionReassignmentsRequest,
      ListPartitionReassignmentsResponse,
      0,
      { topics: null },
    );
    assert.deepEqual([none.errorCode, none.topics], [KAFKA_ERRORS.NONE, []]);
  });

  it("forgets committed offsets", async () => {
    await client.ask(OffsetCommitRequest, OffsetCommitResponse, 8, {
      groupId: "g",
      generationIdOrMemberEpoch: -1,
      memberId: "",
      topics: [
        {
          name: "records",
          partitions: [{ partitionIndex: 0, committedOffset: 2, committedMetadata: "" }],
        },
      ],
    });
    const ask = async (groupId: string) => {
      const partitions = [{ partitionIndex: 0 }, { partitionIndex: 5 }];
      const answer = await client.ask(OffsetDeleteRequest, OffsetDeleteResponse, 0, {
        groupId,
        topics: [{ name: "records", partitions }],
      });
      const rows = answer.topics[0]?.partitions.map(({ errorCode }) => errorCode) ?? [];
      return [answer.errorCode, ...rows];
    };
    assert.deepEqual(await ask("g"), [KAFKA_ERRORS.NONE, KAFKA_ERRORS.NONE, 3]);
    assert.deepEqual(await ask("nobody"), [KAFKA_ERRORS.GROUP_ID_NOT_FOUND]);
  });

  it("deletes groups, and says in words why not", async () => {
    for (let version = 0; version <= 3; version++) {
      const request = { groupsNames: ["nobody"] };
      const answer = await client.ask(DeleteGroupsRequest, DeleteGroupsResponse, version, request);
      const [row] = answer.results;
      assert.equal(row?.errorCode, KAFKA_ERRORS.GROUP_ID_NOT_FOUND);
      assert.equal(row?.errorMessage, version < 3 ? null : "There is no such group.");
    }
  });

  it("is a quorum of one", async () => {
    const topics = ["__cluster_metadata", "records"].map((topicName) => ({
      topicName,
      partitions: [{ partitionIndex: 0 }],
    }));
    const answer = await client.ask(DescribeQuorumRequest, DescribeQuorumResponse, 2, { topics });
    const rows = answer.topics.map(({ partitions: [partition] }) => [
      partition?.errorCode,
      partition?.leaderId,
      partition?.currentVoters.map(({ replicaId }) => replicaId),
    ]);
    assert.deepEqual(rows, [
      [KAFKA_ERRORS.NONE, NODE, [NODE]],
      [KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION, 0, []],
    ]);
    assert.equal(answer.nodes[0]?.listeners[0]?.port, gateway.server.port);
  });

  it("refuses to change features, and takes what is no change", async () => {
    const ask = async (version: number, ...levels: readonly (readonly [string, number])[]) => {
      const featureUpdates = levels.map(([feature, maxVersionLevel]) => ({
        feature,
        maxVersionLevel,
      }));
      const value = { featureUpdates };
      const answer = await client.ask(
        UpdateFeaturesRequest,
        UpdateFeaturesResponse,
        version,
        value,
      );
      return [answer.errorCode, answer.results.map(({ errorCode }) => errorCode)];
    };
    const present = ["transaction.version", 2] as const;
    assert.deepEqual(await ask(1, present), [KAFKA_ERRORS.NONE, [KAFKA_ERRORS.NONE]]);
    assert.deepEqual(await ask(2, present), [KAFKA_ERRORS.NONE, []]);
    for (const version of [1, 2]) {
      for (const change of [["kraft.version", 1] as const, ["transaction.version", 1] as const]) {
        const refused = await ask(version, present, change);
        assert.deepEqual(refused, [KAFKA_ERRORS.INVALID_UPDATE_VERSION, []]);
      }
    }
  });
});

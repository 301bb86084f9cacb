import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import {
  OffsetCommitRequest,
  OffsetCommitResponse,
} from "../../../../runtime/wire/kafka/messages/08-offset-commit.ts";
import {
  OffsetFetchRequest,
  OffsetFetchResponse,
} from "../../../../runtime/wire/kafka/messages/09-offset-fetch.ts";
import {
  ApiVersionsRequest,
  ApiVersionsResponse,
} from "../../../../runtime/wire/kafka/messages/18-api-versions.ts";
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from "../../../../runtime/wire/kafka/messages/68-consumer-group-heartbeat.ts";
import {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from "../../../../runtime/wire/kafka/messages/69-consumer-group-describe.ts";
import { RawClient, startGateway, type TestGateway } from "../../../support/kafka-gateway.ts";

const TOPIC = "orders";
const SOFTWARE = { clientSoftwareName: "test", clientSoftwareVersion: "1.0" };

describe("gateway: consumer groups (KIP-848)", () => {
  let gateway: TestGateway;
  let client: RawClient;
  let topicId = "";

  before(async () => {
    gateway = await startGateway();
    await gateway.broker.createTopic({ name: TOPIC, partitions: 2 });
    topicId = gateway.broker.topic(TOPIC)?.id ?? "";
    client = await RawClient.connect(gateway.server.port);
  });
  after(async () => {
    client.close();
    await gateway.stop();
  });

  const heartbeat = (memberEpoch: number, changes = {}) =>
    client.ask(ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, 1, {
      groupId: "g",
      memberId: "member",
      memberEpoch,
      ...changes,
    });
  const join = { rebalanceTimeoutMs: 30_000, subscribedTopicNames: [TOPIC], topicPartitions: [] };

  async function commit(epoch: number, offset: number): Promise<number | undefined> {
    const { topics } = await client.ask(OffsetCommitRequest, OffsetCommitResponse, 10, {
      groupId: "g",
      generationIdOrMemberEpoch: epoch,
      memberId: "member",
      topics: [
        {
          topicId,
          partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: "" }],
        },
      ],
    });
    return topics[0]?.partitions[0]?.errorCode;
  }

  async function fetchOffset(memberEpoch: number) {
    const { groups } = await client.ask(OffsetFetchRequest, OffsetFetchResponse, 10, {
      groups: [
        {
          groupId: "g",
          memberId: "member",
          memberEpoch,
          topics: [{ topicId, partitionIndexes: [0] }],
        },
      ],
    });
    const [group] = groups;
    return { error: group?.errorCode, offset: group?.topics[0]?.partitions[0]?.committedOffset };
  }

  it("says that it can, to those who understand it", async () => {
    for (const [version, supported] of [
      [3, []],
      [
        4,
        [
          { name: "group.version", minVersion: 0, maxVersion: 1 },
          { name: "transaction.version", minVersion: 0, maxVersion: 2 },
        ],
      ],
    ] as const) {
      const answer = await client.ask(ApiVersionsRequest, ApiVersionsResponse, version, SOFTWARE);
      assert.deepEqual(answer.supportedFeatures, supported);
      assert.deepEqual(answer.finalizedFeatures, [
        { name: "group.version", maxVersionLevel: 1, minVersionLevel: 1 },
        { name: "transaction.version", maxVersionLevel: 2, minVersionLevel: 2 },
      ]);
      assert.equal(answer.finalizedFeaturesEpoch, 0);
    }
  });

  it("takes a member from join to leave", async () => {
    const joined = await heartbeat(0, join);
    assert.deepEqual(joined, {
      throttleTimeMs: 0,
      errorCode: KAFKA_ERRORS.NONE,
      errorMessage: null,
      memberId: "member",
      memberEpoch: 2,
      heartbeatIntervalMs: 5_000,
      assignment: { topicPartitions: [{ topicId, partitions: [0, 1] }] },
    });
    assert.equal((await heartbeat(2)).assignment, null);
    assert.equal(await commit(2, 5), KAFKA_ERRORS.NONE);
    assert.equal(await commit(7, 6), KAFKA_ERRORS.STALE_MEMBER_EPOCH);
    assert.deepEqual(await fetchOffset(2), { error: KAFKA_ERRORS.NONE, offset: 5 });
    assert.equal((await fetchOffset(7)).error, KAFKA_ERRORS.STALE_MEMBER_EPOCH);

    const { groups } = await client.ask(
      ConsumerGroupDescribeRequest,
      ConsumerGroupDescribeResponse,
      1,
      { groupIds: ["g", "none"], includeAuthorizedOperations: false },
    );
    assert.equal(groups[0]?.groupState, "Stable");
    assert.equal(groups[0]?.assignorName, "uniform");
    assert.equal(groups[0]?.members[0]?.memberType, 1);
    assert.deepEqual(groups[0]?.members[0]?.assignment.topicPartitions, [
      { topicId, topicName: TOPIC, partitions: [0, 1] },
    ]);
    assert.equal(groups[1]?.errorCode, KAFKA_ERRORS.GROUP_ID_NOT_FOUND);
    assert.equal(groups[1]?.errorMessage, "Group none not found.");

    assert.equal((await heartbeat(-1)).memberEpoch, -1);
    const gone = await heartbeat(1);
    assert.equal(gone.errorCode, KAFKA_ERRORS.UNKNOWN_MEMBER_ID);
    assert.equal(gone.errorMessage, "Member member is not a member of group g.");
  });

  it("reacts to a topic that grows", async () => {
    const { memberEpoch } = await heartbeat(0, join);
    await gateway.broker.growTopic(TOPIC, 3, false);
    const grown = await heartbeat(memberEpoch, {
      topicPartitions: [{ topicId, partitions: [0, 1] }],
    });
    assert.equal(grown.memberEpoch, memberEpoch + 1);
    assert.deepEqual(grown.assignment?.topicPartitions, [{ topicId, partitions: [0, 1, 2] }]);
  });

  it("makes an id for a member of version 0, and refuses bad expressions", async () => {
    const value = { groupId: "h", memberId: "", memberEpoch: 0, ...join };
    const made = await client.ask(
      ConsumerGroupHeartbeatRequest,
      ConsumerGroupHeartbeatResponse,
      0,
      value,
    );
    assert.equal(made.errorCode, KAFKA_ERRORS.NONE);
    assert.ok(made.memberId);
    const bad = await heartbeat(0, { ...join, memberId: "other", subscribedTopicRegex: "[" });
    assert.equal(bad.errorCode, KAFKA_ERRORS.INVALID_REGULAR_EXPRESSION);
  });
});

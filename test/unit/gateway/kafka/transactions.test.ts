import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { readBatchHeader } from "../../../../runtime/record/batch.ts";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import {
  ProduceRequest,
  ProduceResponse,
} from "../../../../runtime/wire/kafka/messages/00-produce.ts";
import {
  ListOffsetsRequest,
  ListOffsetsResponse,
} from "../../../../runtime/wire/kafka/messages/02-list-offsets.ts";
import {
  OffsetFetchRequest,
  OffsetFetchResponse,
} from "../../../../runtime/wire/kafka/messages/09-offset-fetch.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../../runtime/wire/kafka/messages/10-find-coordinator.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../../runtime/wire/kafka/messages/22-init-producer-id.ts";
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from "../../../../runtime/wire/kafka/messages/24-add-partitions-to-txn.ts";
import {
  AddOffsetsToTxnRequest,
  AddOffsetsToTxnResponse,
} from "../../../../runtime/wire/kafka/messages/25-add-offsets-to-txn.ts";
import {
  EndTxnRequest,
  EndTxnResponse,
} from "../../../../runtime/wire/kafka/messages/26-end-txn.ts";
import {
  TxnOffsetCommitRequest,
  TxnOffsetCommitResponse,
} from "../../../../runtime/wire/kafka/messages/28-txn-offset-commit.ts";
import {
  DescribeProducersRequest,
  DescribeProducersResponse,
} from "../../../../runtime/wire/kafka/messages/61-describe-producers.ts";
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from "../../../../runtime/wire/kafka/messages/65-describe-transactions.ts";
import {
  ListTransactionsRequest,
  ListTransactionsResponse,
} from "../../../../runtime/wire/kafka/messages/66-list-transactions.ts";
import { RawClient, startGateway, type TestGateway } from "../../../support/kafka-gateway.ts";
import { batchOf, fetch, fetchRequest, produce, produceRequest } from "./support.ts";
import { FetchRequest, FetchResponse } from "../../../../runtime/wire/kafka/messages/01-fetch.ts";

const COMMITTED = { isolationLevel: 1 };

interface Producer {
  readonly producerId: number;
  readonly producerEpoch: number;
}

describe("gateway: transactions", () => {
  let gateway: TestGateway;
  let client: RawClient;

  before(async () => {
    gateway = await startGateway();
    await gateway.broker.createTopic({ name: "t", partitions: 2 });
  });
  after(() => gateway.stop());
  beforeEach(async () => (client = await RawClient.connect(gateway.server.port)));
  afterEach(() => client.close());

  const init = (transactionalId: string, version = 5, more = {}) =>
    client.ask(InitProducerIdRequest, InitProducerIdResponse, version, {
      transactionalId,
      transactionTimeoutMs: 60_000,
      ...more,
    });
  async function add(id: string, producer: Producer, topic: string, partitions = [0], version = 3) {
    const answer = await client.ask(
      AddPartitionsToTxnRequest,
      AddPartitionsToTxnResponse,
      version,
      {
        v3AndBelowTransactionalId: id,
        v3AndBelowProducerId: producer.producerId,
        v3AndBelowProducerEpoch: producer.producerEpoch,
        v3AndBelowTopics: [{ name: topic, partitions }],
      },
    );
    const [found] = answer.resultsByTopicV3AndBelow;
    return found?.resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode);
  }
  async function end(transactionalId: string, producer: Producer, committed: boolean) {
    const { producerId, producerEpoch } = producer;
    const value = { transactionalId, producerId, producerEpoch, committed };
    return (await client.ask(EndTxnRequest, EndTxnResponse, 4, value)).errorCode;
  }
  /** With the last version that adds no partitions and knows no new errors. */
  async function send(
    topic: string,
    producer: Producer,
    word: string,
    baseSequence: number,
    transactionalId: string | null = topic,
  ) {
    const { producerId: id, producerEpoch: epoch } = producer;
    const options = { producer: { id, epoch, baseSequence }, transactional: true };
    const request = { ...produceRequest(topic, batchOf([word], options)), transactionalId };
    const response = await client.ask(ProduceRequest, ProduceResponse, 10, request);
    const answer = response.responses[0]?.partitionResponses[0];
    if (answer === undefined) throw new Error("no answer for the partition");
    return answer;
  }
  const latest = async (topic: string, isolationLevel: number) => {
    const partitions = [{ partitionIndex: 0, timestamp: -1 }];
    const value = { replicaId: -1, isolationLevel, topics: [{ name: topic, partitions }] };
    const answer = await client.ask(ListOffsetsRequest, ListOffsetsResponse, 7, value);
    return answer.topics[0]?.partitions[0]?.offset;
  };
  async function committedOffset(groupId: string, requireStable: boolean) {
    const groups = [{ groupId, topics: [{ name: "t", partitionIndexes: [0] }] }];
    const answer = await client.ask(OffsetFetchRequest, OffsetFetchResponse, 8, {
      groups,
      requireStable,
    });
    const found = answer.groups[0]?.topics[0]?.partitions[0];
    return [found?.errorCode, found?.committedOffset];
  }

  it("names itself as their coordinator", async () => {
    const value = { keyType: 1, coordinatorKeys: ["id"] };
    const answer = await client.ask(FindCoordinatorRequest, FindCoordinatorResponse, 4, value);
    assert.equal(answer.coordinators[0]?.errorCode, KAFKA_ERRORS.NONE);
    assert.equal(answer.coordinators[0]?.port, gateway.server.port);
  });

  it("hides records until they are committed, and says which were aborted", async () => {
    await gateway.broker.createTopic({ name: "seen" });
    const me = await init("seen");
    assert.deepEqual(await add("seen", me, "seen"), [0]);
    assert.equal((await send("seen", me, "a", 0)).errorCode, KAFKA_ERRORS.NONE);
    assert.equal(await latest("seen", 0), 1);
    assert.equal(await latest("seen", 1), 0);
    let [found] = await fetch(client, "seen", { offset: 0, ...COMMITTED });
    assert.equal(found?.records?.length, 0);
    assert.equal(found?.lastStableOffset, 0);
    assert.equal(found?.highWatermark, 1);
    [found] = await fetch(client, "seen", { offset: 0 });
    assert.equal(found?.abortedTransactions, null);
    assert.notEqual(found?.records?.length, 0);
    assert.equal(await end("seen", me, false), KAFKA_ERRORS.NONE);
    await add("seen", me, "seen");
    await send("seen", me, "b", 1);
    [found] = await fetch(client, "seen", { offset: 0, ...COMMITTED });
    assert.deepEqual(found?.abortedTransactions, [{ producerId: me.producerId, firstOffset: 0 }]);
    assert.equal(found?.lastStableOffset, 2);
    const marker = found?.records ?? Buffer.alloc(0);
    const length = readBatchHeader(marker, 0).lengthBytes;
    assert.equal(readBatchHeader(marker, length).isControl, true);
    assert.equal(length + readBatchHeader(marker, length).lengthBytes, marker.length);
    assert.equal(await end("seen", me, true), KAFKA_ERRORS.NONE);
    [found] = await fetch(client, "seen", { offset: 2, ...COMMITTED });
    assert.deepEqual(found?.abortedTransactions, []);
    assert.equal(await latest("seen", 1), 4);
  });

  it("wakes a reader of committed records when the transaction ends, and not before", async () => {
    await gateway.broker.createTopic({ name: "wakes" });
    const me = await init("wakes");
    await add("wakes", me, "wakes");
    const reader = await RawClient.connect(gateway.server.port);
    const request = fetchRequest("wakes", { offset: 0, maxWaitMs: 30_000, ...COMMITTED });
    let woken = false;
    const fetched = reader.ask(FetchRequest, FetchResponse, 12, request).then((answer) => {
      woken = true;
      return answer;
    });
    await send("wakes", me, "a", 0);
    await send("wakes", me, "b", 1);
    assert.equal(woken, false);
    await end("wakes", me, true);
    const answer = await fetched;
    assert.equal(answer.responses[0]?.partitions[0]?.lastStableOffset, 3);
    reader.close();
  });

  it("refuses batches outside of an open transaction", async () => {
    const me = await init("refused");
    const errorOf = async (producer: Producer, id: string | null = "refused") =>
      (await send("t", producer, "x", 0, id)).errorCode;
    assert.equal(await errorOf(me), KAFKA_ERRORS.INVALID_TXN_STATE);
    const nobody = { producerId: 999_999, producerEpoch: 0 };
    assert.equal(await errorOf(nobody), KAFKA_ERRORS.INVALID_PRODUCER_ID_MAPPING);
    assert.equal(await errorOf(me, "others"), KAFKA_ERRORS.INVALID_PRODUCER_ID_MAPPING);
    assert.equal(await errorOf(me, null), KAFKA_ERRORS.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    await add("refused", me, "t");
    const plain = { producer: { id: me.producerId, epoch: 0, baseSequence: 0 } };
    const mixed = await produce(client, "t", batchOf(["x"], plain));
    assert.equal(mixed.errorCode, KAFKA_ERRORS.INVALID_TXN_STATE);
    await init("refused");
    assert.equal(await errorOf(me), KAFKA_ERRORS.INVALID_PRODUCER_EPOCH);
  });

  it("refuses partitions that do not exist, and then all of them", async () => {
    const me = await init("missing");
    const attempted = await add("missing", me, "t", [0, 9]);
    assert.deepEqual(attempted, [
      KAFKA_ERRORS.OPERATION_NOT_ATTEMPTED,
      KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
    ]);
    const internal = await add("missing", me, "__transaction_state");
    assert.deepEqual(internal, [KAFKA_ERRORS.TOPIC_AUTHORIZATION_FAILED]);
  });

  it("fences in words that the client knows", async () => {
    const old = await init("fenced");
    await init("fenced");
    assert.deepEqual(await add("fenced", old, "t", [0], 1), [KAFKA_ERRORS.INVALID_PRODUCER_EPOCH]);
    assert.deepEqual(await add("fenced", old, "t", [0], 2), [KAFKA_ERRORS.PRODUCER_FENCED]);
    assert.equal(await end("fenced", old, true), KAFKA_ERRORS.PRODUCER_FENCED);
    const half = await init("fenced", 5, { producerId: 5 });
    assert.equal(half.errorCode, KAFKA_ERRORS.INVALID_REQUEST);
    const long = await init("fenced", 5, { transactionTimeoutMs: 900_001 });
    assert.equal(long.errorCode, KAFKA_ERRORS.INVALID_TRANSACTION_TIMEOUT);
  });

  for (const committed of [true, false]) {
    it(`commits offsets with the transaction, or not at all (${committed})`, async () => {
      const groupId = `group-${committed}`;
      const me = await init(groupId);
      const { producerId, producerEpoch } = me;
      const commit = async () => {
        const partitions = [{ partitionIndex: 0, committedOffset: 17, committedMetadata: "m" }];
        const answer = await client.ask(TxnOffsetCommitRequest, TxnOffsetCommitResponse, 3, {
          transactionalId: groupId,
          groupId,
          producerId,
          producerEpoch,
          topics: [{ name: "t", partitions }],
        });
        return answer.topics[0]?.partitions[0]?.errorCode;
      };
      assert.equal(await commit(), KAFKA_ERRORS.INVALID_TXN_STATE);
      const value = { transactionalId: groupId, producerId, producerEpoch, groupId };
      const added = await client.ask(AddOffsetsToTxnRequest, AddOffsetsToTxnResponse, 3, value);
      assert.equal(added.errorCode, KAFKA_ERRORS.NONE);
      assert.equal(await commit(), KAFKA_ERRORS.NONE);
      const unstable = [KAFKA_ERRORS.UNSTABLE_OFFSET_COMMIT, -1];
      assert.deepEqual(await committedOffset(groupId, true), unstable);
      assert.deepEqual(await committedOffset(groupId, false), [KAFKA_ERRORS.NONE, -1]);
      assert.equal(await end(groupId, me, committed), KAFKA_ERRORS.NONE);
      const offset = committed ? 17 : -1;
      assert.deepEqual(await committedOffset(groupId, true), [KAFKA_ERRORS.NONE, offset]);
    });
  }

  it("shows them to tools", async () => {
    await gateway.broker.createTopic({ name: "shown" });
    const me = await init("shown");
    await add("shown", me, "shown");
    await send("shown", me, "a", 0);
    const described = await client.ask(
      DescribeTransactionsRequest,
      DescribeTransactionsResponse,
      0,
      { transactionalIds: ["shown", "nobody"] },
    );
    const [shown, nobody] = described.transactionStates;
    assert.equal(shown?.transactionState, "Ongoing");
    assert.deepEqual(shown?.topics, [{ topic: "shown", partitions: [0] }]);
    assert.equal(nobody?.errorCode, KAFKA_ERRORS.TRANSACTIONAL_ID_NOT_FOUND);
    const producers = await client.ask(DescribeProducersRequest, DescribeProducersResponse, 0, {
      topics: [{ name: "shown", partitionIndexes: [0, 1] }],
    });
    const [there, missing] = producers.topics[0]?.partitions ?? [];
    assert.equal(there?.activeProducers[0]?.currentTxnStartOffset, 0);
    assert.equal(missing?.errorCode, KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION);
    const list = async (filters: object) => {
      const answer = await client.ask(ListTransactionsRequest, ListTransactionsResponse, 2, {
        stateFilters: [],
        producerIdFilters: [],
        ...filters,
      });
      const ids = answer.transactionStates.map(({ transactionalId }) => transactionalId);
      return [answer.errorCode, answer.unknownStateFilters, ids.includes("shown")];
    };
    assert.deepEqual(await list({ stateFilters: ["Ongoing"] }), [0, [], true]);
    assert.deepEqual(await list({ stateFilters: ["Empty", "Odd"] }), [0, ["Odd"], false]);
    assert.deepEqual(await list({ producerIdFilters: [me.producerId] }), [0, [], true]);
    assert.deepEqual(await list({ durationFilter: 3_600_000 }), [0, [], false]);
    assert.deepEqual(await list({ transactionalIdPattern: "sh.*" }), [0, [], true]);
    const refused = KAFKA_ERRORS.INVALID_REGULAR_EXPRESSION;
    assert.deepEqual(await list({ transactionalIdPattern: "(" }), [refused, [], false]);
    assert.deepEqual(await list({ transactionalIdPattern: "(a+)+" }), [refused, [], false]);
  });
});

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import {
  ProduceRequest,
  ProduceResponse,
} from "../../../../runtime/wire/kafka/messages/00-produce.ts";
import {
  OffsetFetchRequest,
  OffsetFetchResponse,
} from "../../../../runtime/wire/kafka/messages/09-offset-fetch.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../../runtime/wire/kafka/messages/22-init-producer-id.ts";
import {
  EndTxnRequest,
  EndTxnResponse,
} from "../../../../runtime/wire/kafka/messages/26-end-txn.ts";
import {
  TxnOffsetCommitRequest,
  TxnOffsetCommitResponse,
} from "../../../../runtime/wire/kafka/messages/28-txn-offset-commit.ts";
import {
  decodeResponse,
  RawClient,
  startGateway,
  type TestGateway,
} from "../../../support/kafka-gateway.ts";
import { batchOf, fetch } from "./support.ts";

interface Producer {
  readonly producerId: number;
  readonly producerEpoch: number;
}
/** A word for each partition, with its sequence. */
type Words = Readonly<Record<number, readonly [word: string, baseSequence: number]>>;

describe("gateway: transactions of version 2", () => {
  let gateway: TestGateway;
  let client: RawClient;

  before(async () => {
    gateway = await startGateway();
    await gateway.broker.createTopic({ name: "t", partitions: 2 });
  });
  after(() => gateway.stop());
  beforeEach(async () => (client = await RawClient.connect(gateway.server.port)));
  afterEach(() => client.close());

  async function begin(transactionalId: string, partitions = 1): Promise<Producer> {
    if (gateway.broker.topic(transactionalId) === undefined) {
      await gateway.broker.createTopic({ name: transactionalId, partitions });
    }
    return client.ask(InitProducerIdRequest, InitProducerIdResponse, 5, {
      transactionalId,
      transactionTimeoutMs: 60_000,
    });
  }

  function batch(producer: Producer, word: string, baseSequence: number): Buffer {
    const { producerId: id, producerEpoch: epoch } = producer;
    return batchOf([word], { producer: { id, epoch, baseSequence }, transactional: true });
  }

  function produceRequest(name: string, producer: Producer, words: Words) {
    const partitionData = Object.entries(words).map(([index, [word, sequence]]) => ({
      index: Number(index),
      records: batch(producer, word, sequence),
    }));
    const topicId = gateway.broker.topic(name)?.id ?? "";
    return {
      transactionalId: name,
      acks: -1,
      timeoutMs: 1_000,
      topicData: [{ name, topicId, partitionData }],
    };
  }

  /** The transactional id is named like the topic. */
  async function send(name: string, producer: Producer, words: Words, version = 12) {
    const value = produceRequest(name, producer, words);
    const answer = await client.ask(ProduceRequest, ProduceResponse, version, value);
    return answer.responses[0]?.partitionResponses.map(({ errorCode }) => errorCode);
  }

  async function end(transactionalId: string, producer: Producer, committed: boolean) {
    const { producerId, producerEpoch } = producer;
    const value = { transactionalId, producerId, producerEpoch, committed };
    return client.ask(EndTxnRequest, EndTxnResponse, 5, value);
  }

  it("begins by writing, and bumps the epoch with every end", async () => {
    const me = await begin("writes");
    assert.deepEqual(await send("writes", me, { 0: ["a", 0] }), [KAFKA_ERRORS.NONE]);
    let [found] = await fetch(client, "writes", { offset: 0, isolationLevel: 1 });
    assert.equal(found?.lastStableOffset, 0);
    const ended = await end("writes", me, true);
    assert.equal(ended.errorCode, KAFKA_ERRORS.NONE);
    assert.equal(ended.producerId, me.producerId);
    assert.equal(ended.producerEpoch, me.producerEpoch + 1);
    assert.deepEqual(await end("writes", me, true), ended);
    [found] = await fetch(client, "writes", { offset: 0, isolationLevel: 1 });
    assert.equal(found?.lastStableOffset, 2);
    // Sequences begin again with each transaction.
    assert.deepEqual(await send("writes", ended, { 0: ["b", 0] }), [KAFKA_ERRORS.NONE]);
    assert.deepEqual(await send("writes", ended, { 0: ["c", 1] }), [KAFKA_ERRORS.NONE]);
    const aborted = await end("writes", ended, false);
    assert.equal(aborted.producerEpoch, me.producerEpoch + 2);
    [found] = await fetch(client, "writes", { offset: 2, isolationLevel: 1 });
    const { producerId } = me;
    assert.deepEqual(found?.abortedTransactions, [{ producerId, firstOffset: 2 }]);
  });

  it("ends an empty one only by aborting it", async () => {
    const me = await begin("nothing");
    assert.equal((await end("nothing", me, true)).errorCode, KAFKA_ERRORS.INVALID_TXN_STATE);
    const aborted = await end("nothing", me, false);
    assert.deepEqual([aborted.errorCode, aborted.producerEpoch], [0, 1]);
    const refused = await end("nothing", { ...me, producerEpoch: 7 }, false);
    assert.deepEqual(refused, {
      throttleTimeMs: 0,
      errorCode: KAFKA_ERRORS.PRODUCER_FENCED,
      producerId: -1,
      producerEpoch: -1,
    });
  });

  it("keeps out what a zombie sends late", async () => {
    const me = await begin("zombie", 2);
    await send("zombie", me, { 0: ["a", 0] });
    const now = await end("zombie", me, true);
    // To a partition that has the marker, and to one that knows nothing.
    const late = { 0: ["b", 1], 1: ["b", 0] } as const;
    const fenced = KAFKA_ERRORS.INVALID_PRODUCER_EPOCH;
    assert.deepEqual(await send("zombie", me, late), [fenced, fenced]);
    const state = gateway.broker.transactions.describe("zombie");
    assert.equal(typeof state !== "string" && state.state, "CompleteCommit");
    await send("zombie", now, { 0: ["c", 0] });
    assert.deepEqual(await send("zombie", me, late), [fenced, fenced]);
    const successor = await begin("zombie");
    assert.equal(successor.producerId, -1);
    assert.deepEqual(await send("zombie", now, { 0: ["d", 1] }), [fenced]);
  });

  it("takes no first batch but the first", async () => {
    const me = await begin("first");
    const wrong = [KAFKA_ERRORS.OUT_OF_ORDER_SEQUENCE_NUMBER];
    assert.deepEqual(await send("first", me, { 0: ["b", 1] }), wrong);
    assert.deepEqual(await send("first", me, { 0: ["a", 0] }), [KAFKA_ERRORS.NONE]);
    assert.deepEqual(await send("first", me, { 0: ["a", 0] }), [KAFKA_ERRORS.NONE]);
    assert.equal(gateway.broker.partition("first", 0)?.log.endOffset, 1);
  });

  it("keeps the order of requests in flight, whatever each has to add", async () => {
    const me = await begin("order", 2);
    const requests: readonly Words[] = [
      { 0: ["a", 0] },
      { 0: ["b", 1], 1: ["b", 0] },
      { 0: ["c", 2] },
    ];
    for (const words of requests) {
      client.send(ProduceRequest, 12, produceRequest("order", me, words));
    }
    for (const words of requests) {
      const answer = decodeResponse(await client.next(), ProduceResponse, 12);
      const codes = answer.responses[0]?.partitionResponses.map(({ errorCode }) => errorCode);
      assert.deepEqual(
        codes,
        Object.keys(words).map(() => KAFKA_ERRORS.NONE),
      );
    }
    assert.equal(gateway.broker.partition("order", 0)?.log.endOffset, 3);
  });

  it("adds nothing for older versions, and says so in words that they know", async () => {
    const me = await begin("older");
    for (const [version, expected] of [
      [10, KAFKA_ERRORS.INVALID_TXN_STATE],
      [11, KAFKA_ERRORS.TRANSACTION_ABORTABLE],
      [13, KAFKA_ERRORS.NONE],
      [11, KAFKA_ERRORS.NONE],
    ] as const) {
      assert.deepEqual(await send("older", me, { 0: ["a", 0] }, version), [expected]);
    }
  });

  it("adds only where it can write", async () => {
    const me = await begin("where");
    const unknown = KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION;
    assert.deepEqual(await send("where", me, { 0: ["a", 0], 9: ["a", 0] }), [0, unknown]);
    const state = gateway.broker.transactions.describe("where");
    assert.deepEqual(typeof state !== "string" && [...state.partitions.keys()], ["where"]);
    const stranger = { producerId: 999_999, producerEpoch: 0 };
    const mapping = [KAFKA_ERRORS.INVALID_PRODUCER_ID_MAPPING];
    assert.deepEqual(await send("where", stranger, { 0: ["a", 0] }), mapping);
    const value = produceRequest("where", me, { 0: ["a", 1], 1: ["a", 0] });
    value.topicData[0]?.partitionData.splice(1, 1, { index: 1, records: batch(stranger, "a", 0) });
    const answer = await client.ask(ProduceRequest, ProduceResponse, 12, value);
    const codes = answer.responses[0]?.partitionResponses.map(({ errorCode }) => errorCode);
    assert.deepEqual(codes, [0, unknown]);
  });

  it("refuses a request of two producers", async () => {
    const me = await begin("both", 2);
    const value = produceRequest("both", me, { 0: ["a", 0] });
    const other = { ...me, producerEpoch: 1 };
    value.topicData[0]?.partitionData.push({ index: 1, records: batch(other, "a", 0) });
    const answer = await client.ask(ProduceRequest, ProduceResponse, 12, value);
    const codes = answer.responses[0]?.partitionResponses.map(({ errorCode }) => errorCode);
    const mapping = KAFKA_ERRORS.INVALID_PRODUCER_ID_MAPPING;
    assert.deepEqual(codes, [mapping, mapping]);
  });

  it("needs a transactional id", async () => {
    const me = await begin("named");
    const value = { ...produceRequest("named", me, { 0: ["a", 0] }), transactionalId: null };
    const answer = await client.ask(ProduceRequest, ProduceResponse, 12, value);
    const error = KAFKA_ERRORS.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    assert.equal(answer.responses[0]?.partitionResponses[0]?.errorCode, error);
  });

  describe("with offsets", () => {
    async function commit(groupId: string, producer: Producer, version: number, partition = 0) {
      const { producerId, producerEpoch } = producer;
      const partitions = [
        { partitionIndex: partition, committedOffset: 17, committedMetadata: "m" },
      ];
      const topicId = gateway.broker.topic("t")?.id ?? "";
      const answer = await client.ask(TxnOffsetCommitRequest, TxnOffsetCommitResponse, version, {
        transactionalId: groupId,
        groupId,
        producerId,
        producerEpoch,
        topics: [{ name: "t", topicId, partitions }],
      });
      return answer.topics[0]?.partitions[0]?.errorCode;
    }
    async function committed(groupId: string) {
      const groups = [{ groupId, topics: [{ name: "t", partitionIndexes: [0] }] }];
      const value = { groups, requireStable: true };
      const answer = await client.ask(OffsetFetchRequest, OffsetFetchResponse, 8, value);
      const found = answer.groups[0]?.topics[0]?.partitions[0];
      return found?.errorCode || found?.committedOffset;
    }

    for (const [version, commits] of [
      [5, true],
      [5, false],
      [6, true],
    ] as const) {
      it(`adds those of a group by committing them (version ${version}, ${commits})`, async () => {
        const id = `offsets-${version}-${commits}`;
        const me = await begin(id);
        assert.equal(await commit(id, me, version), KAFKA_ERRORS.NONE);
        assert.equal(await committed(id), KAFKA_ERRORS.UNSTABLE_OFFSET_COMMIT);
        const now = await end(id, me, commits);
        assert.equal(await committed(id), commits ? 17 : -1);
        const fenced = KAFKA_ERRORS.INVALID_PRODUCER_EPOCH;
        assert.equal(await commit(id, me, version), fenced);
        assert.equal(await commit(id, now, version), KAFKA_ERRORS.NONE);
      });
    }

    it("adds nothing for older versions, nor for partitions that do not exist", async () => {
      const me = await begin("older-offsets");
      assert.equal(await commit("older-offsets", me, 3), KAFKA_ERRORS.INVALID_TXN_STATE);
      assert.equal(await commit("older-offsets", me, 4), KAFKA_ERRORS.TRANSACTION_ABORTABLE);
      const unknown = KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION;
      assert.equal(await commit("older-offsets", me, 5, 9), unknown);
      assert.equal(await commit("", me, 5), KAFKA_ERRORS.INVALID_GROUP_ID);
      const state = gateway.broker.transactions.describe("older-offsets");
      assert.equal(typeof state !== "string" && state.state, "Empty");
    });
  });
});

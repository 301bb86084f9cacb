import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "mocha";
import { baseOffsetOf, batchLength } from "../../../../runtime/record/batch.ts";
import { crc32c } from "../../../../runtime/record/crc32c.ts";
import { buildBatch } from "../../../../runtime/record/build.ts";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import {
  ProduceRequest,
  ProduceResponse,
} from "../../../../runtime/wire/kafka/messages/00-produce.ts";
import { FetchRequest, FetchResponse } from "../../../../runtime/wire/kafka/messages/01-fetch.ts";
import {
  decodeResponse,
  RawClient,
  startGateway,
  type TestGateway,
} from "../../../support/kafka-gateway.ts";
import { batchOf, fetch, fetchRequest, produce, produceRequest } from "./support.ts";

describe("gateway: produce and fetch", () => {
  let gateway: TestGateway;
  let client: RawClient;
  let topics = 0;

  before(async () => {
    gateway = await startGateway();
    client = await RawClient.connect(gateway.server.port);
  });
  after(async () => {
    client.close();
    await gateway.stop();
  });

  async function newTopic(configs: Record<string, string> = {}, partitions = 1): Promise<string> {
    const name = `topic-${++topics}`;
    const outcome = await gateway.broker.createTopic({ name, configs, partitions });
    assert.equal(outcome.kind, "created");
    return name;
  }

  it("serves a batch as the bytes that came, with its offset stamped in", async () => {
    const topic = await newTopic();
    const batch = batchOf(["a", "b", "c"]);
    assert.deepEqual(
      { errorCode: 0, baseOffset: 0, logStartOffset: 0 },
      pick(await produce(client, topic, Buffer.from(batch))),
    );
    assert.equal((await produce(client, topic, Buffer.from(batch))).baseOffset, 3);
    const [partition] = await fetch(client, topic, { offset: 0 });
    const records = partition?.records ?? Buffer.alloc(0);
    assert.equal(partition?.highWatermark, 6);
    assert.equal(records.length, 2 * batch.length);
    // Base offset and leader epoch are the broker's, all else is the producer's.
    assert.deepEqual(records.subarray(16, batch.length), batch.subarray(16));
    assert.equal(baseOffsetOf(records, batch.length), 3);
  });

  it("answers an offset inside a batch with the whole batch", async () => {
    const topic = await newTopic();
    await produce(client, topic, batchOf(["a", "b", "c"]));
    await produce(client, topic, batchOf(["d"]));
    for (const offset of [0, 1, 2]) {
      const [partition] = await fetch(client, topic, { offset });
      assert.equal(baseOffsetOf(partition?.records ?? Buffer.alloc(8), 0), 0);
    }
    const [last] = await fetch(client, topic, { offset: 3 });
    assert.equal(baseOffsetOf(last?.records ?? Buffer.alloc(8), 0), 3);
  });

  it("returns one batch even over the limits, but only for the first partition that has any", async () => {
    const topic = await newTopic({}, 3);
    const batch = batchOf(["x".repeat(1000)]);
    for (const index of [1, 2]) await produce(client, topic, Buffer.from(batch), index);
    const answer = await fetch(client, topic, { offset: 0, maxBytes: 10, partitions: [0, 1, 2] });
    assert.deepEqual(
      answer.map(({ records }) => records?.length),
      [0, batch.length, 0],
    );
  });

  it("never cuts a batch", async () => {
    const topic = await newTopic();
    const batch = batchOf(["x".repeat(100)]);
    for (let i = 0; i < 10; i++) await produce(client, topic, Buffer.from(batch));
    const partitionMaxBytes = Math.floor(batch.length * 3.5);
    const [partition] = await fetch(client, topic, { offset: 2, partitionMaxBytes });
    const records = partition?.records ?? Buffer.alloc(0);
    assert.equal(records.length, 3 * batchLength(records, 0));
    assert.equal(baseOffsetOf(records, 0), 2);
  });

  it("refuses offsets outside the log at once, whatever the wait", async () => {
    const topic = await newTopic();
    await produce(client, topic, batchOf(["a"]));
    for (const offset of [-1, 2]) {
      const [partition] = await fetch(client, topic, { offset, maxWaitMs: 60_000 });
      assert.equal(partition?.errorCode, KAFKA_ERRORS.OFFSET_OUT_OF_RANGE);
    }
    const [missing] = await fetch(client, "no-such-topic", { offset: 0, maxWaitMs: 60_000 });
    assert.equal(missing?.errorCode, KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION);
  });

  it("wakes a waiting fetch when any of its partitions gets records", async () => {
    const topic = await newTopic({}, 2);
    const waiter = await RawClient.connect(gateway.server.port);
    const answer = fetch(waiter, topic, { offset: 0, maxWaitMs: 60_000, partitions: [0, 1] });
    await produce(client, topic, batchOf(["late"]), 1);
    assert.deepEqual(
      (await answer).map(({ records }) => (records?.length ?? 0) > 0),
      [false, true],
    );
    waiter.close();
  });

  it("waits for minBytes, counting what is there already", async () => {
    const topic = await newTopic();
    const batch = batchOf(["0123456789"]);
    await produce(client, topic, Buffer.from(batch));
    const waiter = await RawClient.connect(gateway.server.port);
    const minBytes = batch.length * 3;
    const answer = fetch(waiter, topic, { offset: 0, maxWaitMs: 60_000, minBytes });
    for (let i = 0; i < 2; i++) await produce(client, topic, Buffer.from(batch));
    assert.equal((await answer)[0]?.records?.length, minBytes);
    waiter.close();
  });

  it("ends a waiting fetch when its topic is deleted", async () => {
    const topic = await newTopic();
    const waiter = await RawClient.connect(gateway.server.port);
    const answer = fetch(waiter, topic, { offset: 0, maxWaitMs: 60_000 });
    await produce(client, await newTopic(), batchOf(["a"]));
    await gateway.broker.deleteTopic(topic);
    assert.equal((await answer)[0]?.errorCode, KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION);
    waiter.close();
  });

  it("answers a transactional consumer with an empty list of aborted transactions", async () => {
    const topic = await newTopic();
    const [committed] = await fetch(client, topic, { offset: 0, isolationLevel: 1 });
    const [uncommitted] = await fetch(client, topic, { offset: 0, isolationLevel: 0 });
    assert.deepEqual(committed?.abortedTransactions, []);
    assert.equal(uncommitted?.abortedTransactions, null);
  });

  it("tells what is wrong with a batch", async () => {
    const topic = await newTopic({ "max.message.bytes": "500" });
    const compacted = await newTopic({ "cleanup.policy": "compact" });
    const damaged = batchOf(["a"]);
    damaged.writeUInt8(damaged.readUInt8(65) ^ 1, 65);
    const two = Buffer.concat([batchOf(["a"]), batchOf(["b"])]);
    const future = batchOf(["a"], {}, Date.now() + 2 * 3_600_000);
    const keyless = batchOf(["a"]);
    const cases: [string, Buffer | null, number][] = [
      [topic, damaged, KAFKA_ERRORS.CORRUPT_MESSAGE],
      [topic, two, KAFKA_ERRORS.INVALID_RECORD],
      [topic, null, KAFKA_ERRORS.INVALID_RECORD],
      [topic, batchOf(["x".repeat(600)]), KAFKA_ERRORS.MESSAGE_TOO_LARGE],
      [topic, future, KAFKA_ERRORS.INVALID_TIMESTAMP],
      [compacted, keyless, KAFKA_ERRORS.NONE],
      ["missing", batchOf(["a"]), KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION],
    ];
    for (const [name, batch, expected] of cases) {
      assert.equal((await produce(client, name, batch)).errorCode, expected);
    }
  });

  it("names the records without a key that a compacted topic refuses", async () => {
    const topic = await newTopic({ "cleanup.policy": "compact" });
    const records = ["a", null, "c", null].map((key) => ({
      timestampMs: Date.now(),
      key: key === null ? null : Buffer.from(key),
      value: Buffer.from("v"),
      headers: [],
    }));
    const answer = await produce(client, topic, buildBatch(records));
    assert.equal(answer.errorCode, KAFKA_ERRORS.INVALID_RECORD);
    assert.deepEqual(
      answer.recordErrors.map(({ batchIndex }) => batchIndex),
      [1, 3],
    );
  });

  it("refuses records that do not unfold, where it has to look at them", async () => {
    const topic = await newTopic({ "cleanup.policy": "compact" });
    const batch = batchOf(["a"]);
    // Says gzip, is not, and has a sound CRC over that.
    batch.writeInt16BE(1, 21);
    batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
    assert.equal((await produce(client, topic, batch)).errorCode, KAFKA_ERRORS.CORRUPT_MESSAGE);
  });

  it("recognises what an idempotent producer sends again", async () => {
    const topic = await newTopic();
    const from = (baseSequence: number, epoch = 0) =>
      batchOf(["a", "b"], { producer: { id: 7, epoch, baseSequence } });
    assert.equal((await produce(client, topic, from(0))).baseOffset, 0);
    assert.equal((await produce(client, topic, from(2))).baseOffset, 2);
    assert.deepEqual(pick(await produce(client, topic, from(0))), {
      errorCode: 0,
      baseOffset: 0,
      logStartOffset: 0,
    });
    const gap = await produce(client, topic, from(9));
    assert.equal(gap.errorCode, KAFKA_ERRORS.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assert.equal((await produce(client, topic, from(0, 1))).baseOffset, 4);
    const fenced = await produce(client, topic, from(4));
    assert.equal(fenced.errorCode, KAFKA_ERRORS.INVALID_PRODUCER_EPOCH);
  });

  it("stamps the time of the append on topics that ask for it", async () => {
    const topic = await newTopic({ "message.timestamp.type": "LogAppendTime" });
    const answer = await produce(client, topic, batchOf(["a"], {}, 1_000));
    assert.ok(answer.logAppendTimeMs > Date.now() - 60_000);
    const hit = gateway.broker.partition(topic, 0)?.log.offsetForTime(answer.logAppendTimeMs);
    assert.deepEqual(hit, { offset: 0, timestampMs: answer.logAppendTimeMs });
  });

  it("answers in the order of the requests, also when a later one is ready first", async () => {
    const topic = await newTopic();
    const first = client.send(FetchRequest, 12, fetchRequest(topic, { offset: 0, maxWaitMs: 200 }));
    const second = client.send(ProduceRequest, 12, produceRequest(topic, batchOf(["a"])));
    const third = client.send(ProduceRequest, 12, produceRequest(topic, batchOf(["b"])));
    const frames = [await client.next(), await client.next(), await client.next()];
    assert.deepEqual(
      frames.map((frame) => frame.readInt32BE(0)),
      [first, second, third],
    );
    const offsets = frames.slice(1).map((frame) => {
      const { responses } = decodeResponse(frame, ProduceResponse, 12);
      return responses[0]?.partitionResponses[0]?.baseOffset;
    });
    assert.deepEqual(offsets, [0, 1]);
  });

  it("is silent on acks=0, and closes the connection when it fails", async () => {
    const topic = await newTopic();
    client.send(ProduceRequest, 12, produceRequest(topic, batchOf(["a"]), 0));
    const [partition] = await fetch(client, topic, { offset: 0, maxWaitMs: 5_000 });
    assert.equal(partition?.highWatermark, 1);
    const doomed = await RawClient.connect(gateway.server.port);
    doomed.send(ProduceRequest, 12, produceRequest("missing", batchOf(["a"]), 0));
    await once(doomed.socket, "close");
  });

  it("refuses a fetch session it never gave out", async () => {
    const topic = await newTopic();
    const request = { ...fetchRequest(topic, { offset: 0 }), sessionId: 5, sessionEpoch: 1 };
    const response = await client.ask(FetchRequest, FetchResponse, 12, request);
    assert.equal(response.errorCode, KAFKA_ERRORS.FETCH_SESSION_ID_NOT_FOUND);
  });
});

function pick({
  errorCode,
  baseOffset,
  logStartOffset,
}: {
  errorCode: number;
  baseOffset: number;
  logStartOffset: number;
}) {
  return { errorCode, baseOffset, logStartOffset };
}

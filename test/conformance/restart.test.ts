/** What a producer relies on across `kill -9`, asked with single requests so that the moment is exact. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { buildBatch } from "../../runtime/record/build.ts";
import { KAFKA_ERRORS } from "../../runtime/wire/kafka/errors.ts";
import { ProduceRequest, ProduceResponse } from "../../runtime/wire/kafka/messages/00-produce.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../runtime/wire/kafka/messages/22-init-producer-id.ts";
import { LabUnderTest } from "./lab-under-test.ts";
import { ask, createTopic, storedBatches } from "./wire-client.ts";

const TOPIC = "sequences";
/** Batches that the broker remembers of a producer. */
const REMEMBERED = 5;

describe("a lab killed and started again", () => {
  let lab: LabUnderTest;

  before(async () => {
    lab = await LabUnderTest.start();
    await createTopic(lab.bootstrap, TOPIC, 1);
  });
  after(() => lab?.dispose());

  const newProducerId = async (): Promise<number> => {
    const response = await ask(lab.bootstrap, InitProducerIdRequest, InitProducerIdResponse, 1, {
      transactionalId: null,
      transactionTimeoutMs: 60_000,
    });
    assert.equal(response.errorCode, KAFKA_ERRORS.NONE);
    return response.producerId;
  };

  /** One message as batch number `sequence`. */
  async function send(id: number, baseSequence: number, epoch = 0) {
    const records = buildBatch(
      [{ timestampMs: 1_000, key: null, value: Buffer.from(`${id}:${baseSequence}`), headers: [] }],
      { producer: { id, epoch, baseSequence } },
    );
    const { responses } = await ask(lab.bootstrap, ProduceRequest, ProduceResponse, 7, {
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name: TOPIC, partitionData: [{ index: 0, records }] }],
    });
    const partition = responses[0]?.partitionResponses[0];
    return { error: partition?.errorCode, offset: partition?.baseOffset };
  }

  it("knows a batch that is sent again, and one that is missing", async () => {
    const id = await newProducerId();
    const sent = [];
    for (let sequence = 0; sequence < REMEMBERED; sequence++) sent.push(await send(id, sequence));
    const batches = (await storedBatches(lab.bootstrap, TOPIC, 0)).length;

    await lab.kill();
    await lab.startAgain();

    for (const [sequence, outcome] of sent.entries()) {
      assert.deepEqual(await send(id, sequence), outcome, `batch ${sequence}`);
    }
    assert.equal((await storedBatches(lab.bootstrap, TOPIC, 0)).length, batches);
    assert.equal((await send(id, REMEMBERED + 1)).error, KAFKA_ERRORS.OUT_OF_ORDER_SEQUENCE_NUMBER);
    const next = await send(id, REMEMBERED);
    assert.deepEqual(next, { error: KAFKA_ERRORS.NONE, offset: (sent.at(-1)?.offset ?? NaN) + 1 });
  });

  it("still refuses the older epoch of a producer", async () => {
    const id = await newProducerId();
    await send(id, 0, 0);
    assert.equal((await send(id, 0, 1)).error, KAFKA_ERRORS.NONE);
    await lab.kill();
    await lab.startAgain();
    assert.equal((await send(id, 1, 0)).error, KAFKA_ERRORS.INVALID_PRODUCER_EPOCH);
  });

  it("gives no producer id twice", async () => {
    const ids = [await newProducerId(), await newProducerId()];
    for (let restart = 0; restart < 2; restart++) {
      await lab.kill();
      await lab.startAgain();
      ids.push(await newProducerId());
    }
    assert.equal(new Set(ids).size, ids.length);
  });
});

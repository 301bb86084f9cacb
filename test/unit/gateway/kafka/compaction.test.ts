import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { readBatchHeader } from "../../../../runtime/record/batch.ts";
import { readRecords } from "../../../../runtime/record/records.ts";
import { RawClient, startGateway, type TestGateway } from "../../../support/kafka-gateway.ts";
import { batchOf, fetch, produce } from "./support.ts";

const KEYS = ["a", "b", "c", "d", "e"];
const ROUNDS = 60;
const BEGIN_MS = Date.now() - 3_600_000;
/** Between two batches: five of them make a segment. */
const STEP_MS = 1_000;

describe("gateway: a compacted topic", () => {
  let gateway: TestGateway;
  let client: RawClient;

  before(async () => {
    gateway = await startGateway();
    await gateway.broker.createTopic({
      name: "t",
      partitions: 1,
      configs: {
        "cleanup.policy": "compact",
        "segment.ms": String(STEP_MS * 5),
        "min.cleanable.dirty.ratio": "0",
      },
    });
    client = await RawClient.connect(gateway.server.port);
    for (let i = 0; i < ROUNDS; i++) {
      const words = [`once ${i < 3 ? i : "more"}`, KEYS[i % KEYS.length] ?? ""];
      const batch = batchOf(words, i % 2 ? { codec: "gzip" } : {}, BEGIN_MS + i * STEP_MS);
      const answer = await produce(client, "t", batch);
      assert.equal(answer.errorCode, 0);
    }
    await gateway.logs.clean();
  });
  after(async () => {
    client.close();
    await gateway.stop();
  });

  /** What a consumer sees that begins at `offset`. */
  async function consume(offset: number, isolationLevel: number) {
    const seen: { offset: number; key: string }[] = [];
    for (let next = offset; ;) {
      const [partition] = await fetch(client, "t", {
        offset: next,
        maxBytes: 300,
        partitionMaxBytes: 300,
        isolationLevel,
      });
      assert.equal(partition?.errorCode, 0);
      const { records } = partition;
      if (records === null || records.length === 0) return { seen, next };
      for (let at = 0; at < records.length;) {
        const header = readBatchHeader(records, at);
        for (const { offset: found, key } of readRecords(records, at, 10_000)) {
          if (found >= offset) seen.push({ offset: found, key: key?.toString() ?? "" });
        }
        next = header.baseOffset + header.lastOffsetDelta + 1;
        at += header.lengthBytes;
      }
    }
  }

  it("is consumed from every offset on, those of removed records included", async () => {
    const { seen: all } = await consume(0, 0);
    assert.ok(all.length < ROUNDS, `${all.length} records are left`);
    const newest = new Map(all.map(({ key, offset }) => [key, offset]));
    const keys = [...KEYS, "once 0", "once 1", "once 2", "once more"];
    assert.deepEqual([...newest.keys()].sort(), keys.sort());
    assert.equal(newest.get("e"), 2 * ROUNDS - 1);
    for (let offset = 0; offset <= 2 * ROUNDS; offset++) {
      for (const isolationLevel of [0, 1]) {
        const { seen, next } = await consume(offset, isolationLevel);
        assert.deepEqual(
          seen,
          all.filter((record) => record.offset >= offset),
        );
        assert.equal(next, 2 * ROUNDS);
      }
    }
  });

  it("gets the same offsets for new records as one that is not", async () => {
    const answer = await produce(client, "t", batchOf(["new"]));
    assert.equal(answer.baseOffset, 2 * ROUNDS);
  });
});

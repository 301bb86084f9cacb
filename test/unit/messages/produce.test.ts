import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { NewMessage } from "../../../runtime/api/model.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { murmur2, partitionOfKey } from "../../../runtime/messages/murmur2.ts";
import { Producer } from "../../../runtime/messages/produce.ts";
import { readRecords } from "../../../runtime/record/records.ts";
import { MemoryCluster } from "../../support/memory-cluster.ts";

const message = (given: Partial<NewMessage> = {}): NewMessage => ({
  key: null,
  value: null,
  headers: [],
  partition: undefined,
  timestampMs: undefined,
  ...given,
});

function setUp(partitions: number) {
  const clock = new FakeClock();
  const cluster = new MemoryCluster(clock);
  cluster.add("t", partitions);
  return { clock, cluster, producer: new Producer(cluster, clock) };
}

describe("murmur2", () => {
  // The vectors of Apache Kafka's own UtilsTest.testMurmur2.
  const vectors: Record<string, number> = {
    "21": -973932308,
    foobar: -790332482,
    "a-little-bit-long-string": -985981536,
    "a-little-bit-longer-string": -1486304829,
    lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
    abc: 479470107,
  };
  for (const [text, hash] of Object.entries(vectors)) {
    it(`of ${text} is ${hash}`, () => {
      assert.equal(murmur2(Buffer.from(text)), hash);
      assert.equal(partitionOfKey(Buffer.from(text), 7), (hash & 0x7fffffff) % 7);
    });
  }
});

describe("producing messages", () => {
  it("places keys by hash, the rest in turn or where they ask, and tells where", async () => {
    const { cluster, producer } = setUp(3);
    const key = Buffer.from("foobar");
    const messages = [
      message({ key }),
      message(),
      message({ partition: 2 }),
      message({ key }),
      message(),
      message(),
      message(),
    ];
    const result = await producer.produce("t", messages);
    assert.ok(result.kind === "produced");
    const hashed = partitionOfKey(key, 3);
    assert.deepEqual(
      result.placements.map(({ partition }) => partition),
      [hashed, 0, 2, hashed, 1, 2, 0],
    );
    const next = [0, 0, 0];
    for (const { partition, offset } of result.placements) {
      assert.equal(offset, next[partition]);
      next[partition] = offset + 1;
    }
    assert.equal(cluster.partition("t", 0).endOffset, next[0]);
  });

  it("keeps bytes, headers and timestamps", async () => {
    const { clock, cluster, producer } = setUp(1);
    const headers = [
      { key: "a", value: Uint8Array.of(0, 255) },
      { key: "a", value: null },
    ];
    await producer.produce("t", [
      message({ key: Uint8Array.of(), value: Uint8Array.of(1), headers, timestampMs: 7 }),
      message(),
    ]);
    const batch = cluster.partition("t", 0).batches[0] ?? Buffer.alloc(0);
    const [first, second] = readRecords(batch, 0, 1e6);
    assert.deepEqual([...(first?.key ?? [9])], []);
    assert.deepEqual([...(first?.value ?? [])], [1]);
    assert.equal(first?.timestampMs, 7);
    assert.deepEqual(first?.headers[0]?.value?.toString("hex"), "00ff");
    assert.equal(first?.headers[1]?.value, null);
    assert.equal(second?.timestampMs, clock.nowMs());
    assert.equal(second?.value, null);
  });

  it("fills batches up to the topic's limit", async () => {
    const { cluster, producer } = setUp(1);
    cluster.maxBatchBytes = 10_000;
    const value = Buffer.alloc(990);
    const result = await producer.produce(
      "t",
      Array.from({ length: 100 }, () => message({ value })),
    );
    assert.equal(result.kind, "produced");
    const { batches } = cluster.partition("t", 0);
    assert.ok(batches.every((batch) => batch.length <= 10_000));
    assert.ok(batches.length <= 12);
  });

  it("refuses beforehand what can never be placed", async () => {
    const { cluster, producer } = setUp(2);
    cluster.add("__internal", 1);
    const cases: [topic: string, given: Partial<NewMessage>, code: string, text: RegExp][] = [
      ["nope", {}, "unknown-topic", /nope/],
      ["__internal", {}, "invalid-topic", /belongs to the broker/],
      ["t", { partition: 2 }, "unknown-partition", /partitions 0 to 1/],
      ["t", { value: Buffer.alloc(2_000_000) }, "too-large", /Message 2 .* Nothing was placed/],
    ];
    for (const [topic, given, code, text] of cases) {
      const result = await producer.produce(topic, [message(), message(given)]);
      assert.ok(result.kind === "failed");
      assert.equal(result.code, code);
      assert.match(result.message, text);
    }
    assert.equal(cluster.partition("t", 0).endOffset, 0);
  });

  it("tells beforehand which message it would refuse, and places none", async () => {
    const { cluster, producer } = setUp(2);
    const tooLarge = message({ value: Buffer.alloc(2_000_000) });
    assert.equal(await producer.check("t", [message(), message({ partition: 1 })]), undefined);
    assert.equal(await producer.check("t", []), undefined);
    const found = await producer.check("t", [message(), message({ partition: 2 }), tooLarge]);
    assert.deepEqual([found?.place, found?.code], [1, "unknown-partition"]);
    assert.equal((await producer.check("t", [message(), tooLarge]))?.code, "too-large");
    assert.equal((await producer.check("nope", []))?.code, "unknown-topic");
    assert.equal(cluster.partition("t", 0).endOffset, 0);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { collidingName, topicNameProblem } from "../../../extension/commands/topic-name.ts";
import { PRODUCE_TEMPLATE, topicOfFile } from "../../../extension/editors/produce-text.ts";
import {
  lossText,
  partitionDescription,
  partitionLabel,
  sizeText,
  topicDescription,
  topicLabel,
  type Wording,
} from "../../../extension/views/topic-text.ts";
import type { PartitionSummary, TopicSummary } from "../../../runtime/api/model.ts";
import { parseProduceDocument } from "../../../runtime/api/produce-document.ts";

const wording: Wording = {
  t: (sentence, ...values) =>
    sentence.replaceAll(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)])),
  locale: "en",
};

const part = (startOffset: number, endOffset: number, sizeBytes = 100): PartitionSummary => ({
  partition: 0,
  startOffset,
  endOffset,
  sizeBytes,
});

const topic = (...partitions: PartitionSummary[]): TopicSummary => ({
  name: "orders",
  id: "AAAAAAAAAAAAAAAAAAAAAA",
  internal: false,
  partitions: partitions.map((one, partition) => ({ ...one, partition })),
});

describe("topic texts", () => {
  it("says count and size of a topic", () => {
    const orders = topic(part(0, 1_000, 30_000), part(0, 204, 5_100), part(0, 0, 0));
    assert.equal(topicDescription(orders, wording), "1,204 messages · 35.1 kB");
    assert.equal(topicLabel(orders, wording), "orders, 3 partitions, 1,204 messages");
  });

  it("knows one and none", () => {
    assert.equal(topicLabel(topic(part(4, 5)), wording), "orders, 1 partition, 1 message");
    assert.equal(topicDescription(topic(part(0, 0, 0)), wording), "no messages");
  });

  it("says which offsets a partition holds", () => {
    assert.equal(partitionDescription(part(10, 1_210), wording), "offsets 10 – 1,209 · 100 bytes");
    assert.equal(partitionDescription(part(7, 8, 2_000), wording), "offset 7 · 2 kB");
    assert.equal(partitionDescription(part(0, 0, 0), wording), "empty");
    assert.equal(partitionDescription(part(90, 90, 0), wording), "empty, next offset 90");
    const label = partitionLabel(topic(part(0, 2)), part(0, 2), wording);
    assert.ok(label.startsWith("Partition 0 of orders, 2 messages"));
  });

  it("writes sizes with three digits", () => {
    assert.equal(sizeText(999, wording), "999 bytes");
    assert.equal(sizeText(1_000, wording), "1 kB");
    assert.equal(sizeText(158_123, wording), "158 kB");
    assert.equal(sizeText(999_999, wording), "1 MB");
    assert.equal(sizeText(3_456_000_000, wording), "3.46 GB");
  });

  it("names what is lost", () => {
    assert.equal(lossText([topic(part(0, 1_204))], wording), "1 topic with 1,204 messages");
    assert.equal(lossText([topic(), topic()], wording), "2 topics with no messages");
  });
});

describe("topic name", () => {
  it("follows Kafka's rules", () => {
    assert.equal(topicNameProblem("a.B_c-9"), undefined);
    assert.equal(topicNameProblem("x".repeat(249)), undefined);
    assert.equal(topicNameProblem("x".repeat(250)), "too-long");
    assert.equal(topicNameProblem(""), "empty");
    assert.equal(topicNameProblem("."), "dots");
    assert.equal(topicNameProblem(".."), "dots");
    for (const name of ["a b", "ä", "a/b", "a:b", " a"]) {
      assert.equal(topicNameProblem(name), "characters", name);
    }
  });

  it("finds names that differ only in periods and underscores", () => {
    assert.equal(collidingName("a.b", ["x", "a_b"]), "a_b");
    assert.equal(collidingName("a.b", ["a-b"]), undefined);
  });
});

describe("produce file", () => {
  it("has a template without a fault", () => {
    const { messages, faults } = parseProduceDocument(PRODUCE_TEMPLATE);
    assert.deepEqual(faults, []);
    assert.equal(messages.length, 2);
  });

  it("names its topic by its own name", () => {
    assert.equal(topicOfFile("/ws/orders.messages.jsonl"), "orders");
    assert.equal(topicOfFile("a.b.messages.jsonl"), "a.b");
    assert.equal(topicOfFile("/ws/.messages.jsonl"), undefined);
    assert.equal(topicOfFile("/ws/orders.jsonl"), undefined);
  });
});

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { MAX_PARTITIONS, MAX_PARTITIONS_PER_TOPIC } from "../../../runtime/broker/topic-changes.ts";
import { startGateway, type TestGateway } from "../../support/kafka-gateway.ts";

describe("the broker's topics", () => {
  let gateway: TestGateway;

  beforeEach(async () => (gateway = await startGateway()));
  afterEach(() => gateway.stop());

  const kinds = (outcomes: { kind: string }[]) => outcomes.map(({ kind }) => kind);

  it("creates a topic once, however many ask at the same time", async () => {
    const { broker } = gateway;
    const outcomes = await Promise.all([1, 2, 3].map(() => broker.createTopic({ name: "once" })));
    assert.deepEqual(kinds(outcomes), ["created", "exists", "exists"]);
  });

  it("lets only one of two colliding names win", async () => {
    const { broker } = gateway;
    const outcomes = await Promise.all(["a.b", "a_b"].map((name) => broker.createTopic({ name })));
    assert.deepEqual(kinds(outcomes), ["created", "invalid-name"]);
  });

  it("keeps growing and deleting at the same time apart", async () => {
    const { broker } = gateway;
    await broker.createTopic({ name: "t" });
    const outcomes = await Promise.all([
      broker.growTopic("t", 8, false),
      broker.growTopic("t", 4, false),
      broker.deleteTopic("t"),
      broker.growTopic("t", 16, false),
      broker.createTopic({ name: "t", partitions: 2 }),
    ]);
    const expected = ["grown", "invalid-partitions", "deleted", "unknown", "created"];
    assert.deepEqual(kinds(outcomes), expected);
    assert.equal(broker.topic("t")?.partitions.length, 2);
  });

  it("bounds the partitions of all topics together, also while they are being made", async () => {
    const { broker } = gateway;
    const full = MAX_PARTITIONS / MAX_PARTITIONS_PER_TOPIC;
    const names = Array.from({ length: full + 1 }, (_, i) => `t${i}`);
    const outcomes = await Promise.all(
      names.map((name) => broker.createTopic({ name, partitions: MAX_PARTITIONS_PER_TOPIC })),
    );
    assert.deepEqual(kinds(outcomes), [
      ...Array<string>(full).fill("created"),
      "invalid-partitions",
    ]);
    await broker.deleteTopic("t0");
    assert.equal((await broker.createTopic({ name: "small" })).kind, "created");
  }).timeout(60_000);
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { originOf, withoutError } from "../../../../runtime/messages/redrive/origin.ts";

const header = (key: string, value: string | Buffer | null) => ({
  key,
  value: value === null ? null : Buffer.from(value),
});
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

describe("the origin of a dead letter", () => {
  it("is read from the headers of Spring Kafka, Kafka Connect and Spring Cloud Stream", () => {
    const spring = [
      header("kafka_dlt-original-topic", "orders"),
      header("kafka_dlt-original-partition", int32(2)),
      header("kafka_dlt-original-offset", Buffer.alloc(8)),
    ];
    assert.deepEqual(originOf(spring, undefined), { topic: "orders", partition: 2 });
    const connect = [
      header("__connect.errors.partition", "3"),
      header("__connect.errors.topic", "payments"),
    ];
    assert.deepEqual(originOf(connect, undefined), { topic: "payments", partition: 3 });
    const cloud = [header("x-original-topic", "a"), header("x-original-partition", int32(0))];
    assert.deepEqual(originOf(cloud, undefined), { topic: "a", partition: 0 });
  });

  it("is the first one where a retry has added another", () => {
    const headers = ["orders", "orders-retry-0"].map((topic) =>
      header("kafka_dlt-original-topic", topic),
    );
    assert.equal(originOf(headers, undefined)?.topic, "orders");
  });

  it("is what a chosen header says, and nothing else", () => {
    const headers = [header("from", "a"), header("kafka_dlt-original-topic", "b")];
    assert.deepEqual(originOf(headers, "from"), { topic: "a", partition: undefined });
    assert.equal(originOf(headers, "other"), undefined);
  });

  it("has no partition where the header is not one, and is not there without a topic", () => {
    const odd = [
      header("kafka_dlt-original-topic", "a"),
      header("kafka_dlt-original-partition", "1"),
    ];
    assert.deepEqual(originOf(odd, undefined), { topic: "a", partition: undefined });
    const negative = [
      header("kafka_dlt-original-topic", "a"),
      header("kafka_dlt-original-partition", int32(-1)),
    ];
    assert.equal(originOf(negative, undefined)?.partition, undefined);
    for (const value of ["", null]) {
      assert.equal(originOf([header("kafka_dlt-original-topic", value)], undefined), undefined);
    }
    assert.equal(originOf([], undefined), undefined);
  });

  it("and the error are told by headers that can be taken away", () => {
    const keys = [
      ...["trace", "kafka_dlt-exception-stacktrace", "__connect.errors.exception.message"],
      ...["x-exception-message", "x-original-offset", "from", "x-own"],
    ];
    const left = withoutError(
      keys.map((key) => header(key, "v")),
      "from",
    );
    assert.deepEqual(
      left.map(({ key }) => key),
      ["trace", "x-own"],
    );
  });
});

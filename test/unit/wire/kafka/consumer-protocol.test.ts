import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  ConsumerAssignment,
  ConsumerSubscription,
  decodeVersioned,
  encodeVersioned,
} from "../../../../runtime/wire/kafka/messages/consumer-protocol.ts";
import { WireError } from "../../../../runtime/wire/kafka/wire-error.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("wire/kafka consumer protocol", () => {
  it("reads a subscription of its version", () => {
    assert.deepEqual(decodeVersioned(ConsumerSubscription, hex("0000 00000001 0001 74 ffffffff")), {
      topics: ["t"],
      userData: null,
      ownedPartitions: [],
      generationId: -1,
      rackId: null,
    });
  });

  it("reads a version newer than it knows as the newest it knows, and ignores the rest", () => {
    const data = hex("0009 00000000 ffffffff 00000000 00000007 0001 72 abcdef");
    const subscription = decodeVersioned(ConsumerSubscription, data);
    assert.equal(subscription.generationId, 7);
    assert.equal(subscription.rackId, "r");
  });

  it("writes what it reads", () => {
    const value = { assignedPartitions: [{ topic: "t", partitions: [0, 2] }] };
    const data = encodeVersioned(ConsumerAssignment, 1, value);
    assert.equal(data.toString("hex"), "000100000001000174000000020000000000000002ffffffff");
    assert.deepEqual(decodeVersioned(ConsumerAssignment, data), { ...value, userData: null });
  });

  it("refuses negative versions and data cut short", () => {
    assert.throws(() => decodeVersioned(ConsumerAssignment, hex("ffff 00000000")), WireError);
    assert.throws(() => decodeVersioned(ConsumerAssignment, hex("0000 0000")), WireError);
    assert.throws(() => decodeVersioned(ConsumerAssignment, hex("")), WireError);
  });
});

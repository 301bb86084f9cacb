import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { encodeConsumerRecord } from "../../../runtime/broker/coordinator/consumer/records.ts";
import { encodeGroup, encodeOffset } from "../../../runtime/broker/coordinator/records.ts";
import {
  encodeTransaction,
  transactionTombstone,
} from "../../../runtime/broker/transactions/transaction-records.ts";
import { readInternalRecord } from "../../../runtime/cluster/internal-records.ts";

const TIME_MS = Date.UTC(2026, 0, 31, 10);
const TIME = "2026-01-31T10:00:00.000Z";

interface Pair {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

function read(topic: string, { key, value }: Pair) {
  const record = readInternalRecord(topic, key, value);
  assert.ok(record?.kind === "record", JSON.stringify(record));
  return [record.key, record.value];
}

describe("records of Kafka's own topics", () => {
  it("say which offset a group has committed, with the names of Kafka's definitions", () => {
    const key = { groupId: "g", topic: "t", partition: 2 };
    const commit = { offset: 7, leaderEpoch: 1, metadata: "m", commitTimeMs: TIME_MS };
    const record = encodeOffset(key, { ...commit, expireTimeMs: null });
    assert.deepEqual(read("__consumer_offsets", record), [
      { type: "OffsetCommitKey", version: 1, group: "g", topic: "t", partition: 2 },
      {
        ...{ type: "OffsetCommitValue", version: 3, offset: 7, leaderEpoch: 1, metadata: "m" },
        commitTimestamp: TIME,
      },
    ]);
    assert.equal(read("__consumer_offsets", encodeOffset(key, null))[1], null);
    const expiring = encodeOffset(key, { ...commit, expireTimeMs: TIME_MS });
    assert.equal(read("__consumer_offsets", expiring)[1]?.["expireTimestamp"], TIME);
  });

  it("say who is in a group and what it was given", () => {
    // The consumer protocol: version 0, one topic t with the partitions 0 and 3, no user data.
    const assignment = Buffer.from(
      "0000" + "00000001" + "000174" + "00000002" + "00000000" + "00000003" + "ffffffff",
      "hex",
    );
    const record = encodeGroup("g", {
      ...{ protocolType: "consumer", generation: 4, protocol: "range", leader: "m" },
      stateSinceMs: TIME_MS,
      members: [
        {
          ...{ memberId: "m", instanceId: null, clientId: "c", clientHost: "/127.0.0.1" },
          ...{ rebalanceTimeoutMs: 1, sessionTimeoutMs: 2, subscription: Buffer.from([1]) },
          assignment,
        },
      ],
    });
    const [key, value] = read("__consumer_offsets", record);
    assert.deepEqual(key, { type: "GroupMetadataKey", version: 2, group: "g" });
    assert.deepEqual(value?.["members"], [
      {
        ...{ memberId: "m", groupInstanceId: null, clientId: "c", clientHost: "/127.0.0.1" },
        ...{ rebalanceTimeout: 1, sessionTimeout: 2, subscription: "01" },
        assignment: [{ topic: "t", partitions: [0, 3] }],
      },
    ]);
  });

  it("say where a member of a consumer group stands", () => {
    const topic = "AAAAAAAAAAAAAAAAAAAAAQ";
    const record = encodeConsumerRecord({
      ...{ groupId: "g", kind: "position", memberId: "m" },
      value: {
        ...{ epoch: 3, previousEpoch: 2, state: "Stable" },
        ...{ assigned: new Map([[topic, [0, 1]]]), revoking: new Map() },
      },
    });
    assert.deepEqual(read("__consumer_offsets", record), [
      {
        ...{ type: "ConsumerGroupCurrentMemberAssignmentKey", version: 8 },
        ...{ groupId: "g", memberId: "m" },
      },
      {
        ...{ type: "ConsumerGroupCurrentMemberAssignmentValue", version: 0 },
        ...{ memberEpoch: 3, previousMemberEpoch: 2, state: "Stable" },
        assignedPartitions: [{ topicId: topic, partitions: [0, 1] }],
        partitionsPendingRevocation: [],
      },
    ]);
  });

  it("say how a transaction stands", () => {
    const record = encodeTransaction({
      ...{ transactionalId: "x", producerId: 5, epoch: 1, lastEpoch: -1 },
      ...{ previousProducerId: -1, nextProducerId: -1, clientVersion: 2, timeoutMs: 60_000 },
      ...{ state: "Ongoing", startMs: TIME_MS, updateMs: TIME_MS },
      partitions: new Map([["t", new Set([0, 2])]]),
    });
    const [key, value] = read("__transaction_state", record);
    assert.deepEqual(key, { type: "TransactionLogKey", version: 0, transactionalId: "x" });
    assert.equal(value?.["transactionStatus"], "Ongoing");
    assert.deepEqual(value?.["transactionPartitions"], [{ topic: "t", partitionIds: [0, 2] }]);
    assert.equal(value?.["transactionStartTimestamp"], TIME);
    assert.equal(read("__transaction_state", transactionTombstone("x"))[1], null);
  });

  it("are read or not, and never thrown over, whatever their bytes", () => {
    let seed = 3;
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const bytes = (): Buffer => Buffer.from(Array.from({ length: next(40) }, () => next(256)));
    const kinds = new Set<string>();
    for (let round = 0; round < 3_000; round++) {
      const key = Buffer.concat([Buffer.from([0, next(18)]), bytes()]);
      for (const topic of ["__consumer_offsets", "__transaction_state"]) {
        kinds.add(readInternalRecord(topic, key, next(3) === 0 ? null : bytes())?.kind ?? "none");
      }
    }
    assert.ok(kinds.has("unreadable") && !kinds.has("none"));
    assert.equal(readInternalRecord("orders", Buffer.alloc(2), null), undefined);
    assert.equal(readInternalRecord("constructor", Buffer.alloc(2), null), undefined);
    const newer = readInternalRecord("__consumer_offsets", Buffer.from([0, 99]), null);
    assert.deepEqual(newer, { kind: "unreadable", reason: "keys of version 99 are not known" });
  });
});

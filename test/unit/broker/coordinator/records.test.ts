import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MalformedRecordError } from "../../../../runtime/broker/coordinator/byte-codec.ts";
import {
  decodeRecord,
  encodeGroup,
  encodeOffset,
  type CommittedOffset,
  type GroupMetadata,
} from "../../../../runtime/broker/coordinator/records.ts";

const key = { groupId: "g", topic: "t", partition: 3 };
const offset: CommittedOffset = {
  offset: 2 ** 40 + 5,
  leaderEpoch: 7,
  metadata: "mé",
  commitTimeMs: 1_700_000_000_000,
  expireTimeMs: null,
};
const group: GroupMetadata = {
  protocolType: "consumer",
  generation: 4,
  protocol: "range",
  leader: "m1",
  stateSinceMs: 1_700_000_000_001,
  members: [
    {
      memberId: "m1",
      instanceId: "i1",
      clientId: "c",
      clientHost: "/h",
      rebalanceTimeoutMs: 60_000,
      sessionTimeoutMs: 10_000,
      subscription: Buffer.from([1, 2]),
      assignment: Buffer.from([3]),
    },
  ],
};
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const offsetKey = hex("0001 0001 67 0001 74 00000003");
const groupKey = hex("0002 0001 67");

describe("records of __consumer_offsets", () => {
  it("writes an offset as key v1 and value v3", () => {
    const record = encodeOffset(key, offset);
    assert.deepEqual(record.key, offsetKey);
    const value = "0003 0000010000000005 00000007 0003 6dc3a9 0000018bcfe56800";
    assert.deepEqual(record.value, hex(value));
  });

  it("writes an offset with its own expiry as value v1, without the epoch", () => {
    const record = encodeOffset(key, { ...offset, expireTimeMs: 1_700_000_000_016 });
    const value = "0001 0000010000000005 0003 6dc3a9 0000018bcfe56800 0000018bcfe56810";
    assert.deepEqual(record.value, hex(value));
  });

  it("writes a group as key v2 and value v3", () => {
    const record = encodeGroup("g", group);
    assert.deepEqual(record.key, groupKey);
    const value =
      "0003 0008 636f6e73756d6572 00000004 0005 72616e6765 0002 6d31 0000018bcfe56801 00000001" +
      "0002 6d31 0002 6931 0001 63 0002 2f68 0000ea60 00002710 00000002 0102 00000001 03";
    assert.deepEqual(record.value, hex(value));
  });

  it("reads what it writes, tombstones and negative offsets too", () => {
    const read = (record: { key: Buffer; value: Buffer | null }) =>
      decodeRecord(record.key, record.value);
    assert.deepEqual(read(encodeOffset(key, offset)), { kind: "offset", key, value: offset });
    assert.deepEqual(read(encodeOffset(key, null)), { kind: "offset", key, value: null });
    const negative = { ...offset, offset: -1, leaderEpoch: -1 };
    assert.deepEqual(read(encodeOffset(key, negative)), { kind: "offset", key, value: negative });
    assert.deepEqual(read(encodeGroup("g", group)), { kind: "group", groupId: "g", value: group });
    assert.deepEqual(read(encodeGroup("g", null)), { kind: "group", groupId: "g", value: null });
    const empty = { ...group, protocol: null, leader: null, stateSinceMs: null, members: [] };
    assert.deepEqual(read(encodeGroup("g", empty)), { kind: "group", groupId: "g", value: empty });
  });

  const without = { ...offset, offset: 5, leaderEpoch: -1, metadata: "m", commitTimeMs: 9 };
  const offsetVersions: [string, CommittedOffset][] = [
    ["0000 0000000000000005 0001 6d 0000000000000009", without],
    [
      "0001 0000000000000005 0001 6d 0000000000000009 000000000000000a",
      { ...without, expireTimeMs: 10 },
    ],
    ["0001 0000000000000005 0001 6d 0000000000000009 ffffffffffffffff", without],
    ["0002 0000000000000005 0001 6d 0000000000000009", without],
    ["0003 0000000000000005 00000002 0001 6d 0000000000000009", { ...without, leaderEpoch: 2 }],
    ["0004 0000000000000005 00000002 02 6d 0000000000000009 00", { ...without, leaderEpoch: 2 }],
    [
      "0004 0000000000000005 00000002 02 6d 0000000000000009 01 00 02 abcd",
      { ...without, leaderEpoch: 2 },
    ],
  ];
  for (const [bytes, value] of offsetVersions) {
    it(`reads the offset value ${bytes.slice(0, 4)} (${bytes.length} digits)`, () => {
      assert.deepEqual(decodeRecord(offsetKey, hex(bytes)), { kind: "offset", key, value });
    });
  }

  // The bytes below were written by Kafka 4.0.2's own OffsetCommitValue and GroupMetadataValue.
  it("reads offsets as Kafka writes them in versions 0 to 4", () => {
    const versions = [
      "0000000001000000000500036dc3a90000018bcfe56800",
      "0001000001000000000500036dc3a90000018bcfe56800ffffffffffffffff",
      "0002000001000000000500036dc3a90000018bcfe56800",
      "000300000100000000050000000700036dc3a90000018bcfe56800",
      "0004000001000000000500000007046dc3a90000018bcfe5680000",
    ];
    for (const [version, bytes] of versions.entries()) {
      const value = { ...offset, leaderEpoch: version >= 3 ? 7 : -1 };
      assert.deepEqual(decodeRecord(offsetKey, hex(bytes)), { kind: "offset", key, value });
    }
    assert.deepEqual(encodeOffset(key, offset).value, hex(versions[3] ?? ""));
  });

  it("reads groups as Kafka writes them in versions 0 to 4", () => {
    const versions = [
      "00000008636f6e73756d657200000004000572616e676500026d310000000100026d3100016300022f68000027100000000201020000000103",
      "00010008636f6e73756d657200000004000572616e676500026d310000000100026d3100016300022f680000ea60000027100000000201020000000103",
      "00020008636f6e73756d657200000004000572616e676500026d310000018bcfe568010000000100026d3100016300022f680000ea60000027100000000201020000000103",
      "00030008636f6e73756d657200000004000572616e676500026d310000018bcfe568010000000100026d310002693100016300022f680000ea60000027100000000201020000000103",
      "000409636f6e73756d6572000000040672616e6765036d310000018bcfe5680102036d310369310263032f680000ea600000271003010202030000",
    ];
    const [member] = group.members;
    assert.ok(member);
    for (const [version, bytes] of versions.entries()) {
      const instanceId = version >= 3 ? "i1" : null;
      const rebalanceTimeoutMs = version >= 1 ? 60_000 : member.sessionTimeoutMs;
      const stateSinceMs = version >= 2 ? group.stateSinceMs : null;
      const members: GroupMetadata["members"] = [{ ...member, instanceId, rebalanceTimeoutMs }];
      const value: GroupMetadata = { ...group, stateSinceMs, members };
      assert.deepEqual(decodeRecord(groupKey, hex(bytes)), { kind: "group", groupId: "g", value });
    }
    assert.deepEqual(encodeGroup("g", group).value, hex(versions[3] ?? ""));
  });

  it("leaves key versions it does not know to newer brokers", () => {
    assert.deepEqual(decodeRecord(hex("000a 0001 67"), hex("0000")), {
      kind: "unknown",
      keyVersion: 10,
    });
  });

  it("refuses bytes that end early, at every length", () => {
    for (const { key: keyBytes, value } of [encodeOffset(key, offset), encodeGroup("g", group)]) {
      assert.ok(value);
      for (let length = 0; length < keyBytes.length; length++) {
        const cut = keyBytes.subarray(0, length);
        assert.throws(() => decodeRecord(cut, value), MalformedRecordError);
      }
      for (let length = 0; length < value.length; length++) {
        const cut = value.subarray(0, length);
        assert.throws(() => decodeRecord(keyBytes, cut), MalformedRecordError);
      }
    }
    assert.throws(() => decodeRecord(offsetKey, hex("0005")), MalformedRecordError);
  });

  it("does not allocate for an array length that cannot be", () => {
    const value = hex("0003 0001 63 00000004 ffff ffff 0000018bcfe56801 7fffffff");
    assert.throws(() => decodeRecord(groupKey, value), MalformedRecordError);
  });

  it("copies bytes out of the buffer it reads", () => {
    const { value } = encodeGroup("g", group);
    assert.ok(value);
    const read = decodeRecord(groupKey, value);
    value.fill(0);
    assert.ok(read.kind === "group");
    assert.deepEqual(read.value?.members[0]?.subscription, Buffer.from([1, 2]));
  });
});

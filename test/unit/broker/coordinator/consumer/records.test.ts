import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MalformedRecordError } from "../../../../../runtime/broker/coordinator/byte-codec.ts";
import {
  encodeConsumerRecord,
  type ConsumerRecord,
} from "../../../../../runtime/broker/coordinator/consumer/records.ts";
import { decodeRecord } from "../../../../../runtime/broker/coordinator/records.ts";

const topicId = Buffer.from("00112233445566778899aabbccddeeff", "hex").toString("base64url");
const some = new Map([[topicId, [0, 1, 200]]]);
const none = new Map<string, number[]>();
const groupId = "g";
const memberId = "m";
const timeMs = 1_700_000_000_000;
const idHex = "00112233445566778899aabbccddeeff";

/** Each with its key and value as the codecs of Kafka 4.3.1's group coordinator read and write them. */
const RECORDS: [ConsumerRecord, key: string, value: string][] = [
  [
    { kind: "group", groupId, value: { epoch: 3, metadataHash: 2 ** 48 - 1 } },
    "0003 000167",
    "0000 00000003 0100080000ffffffffffff",
  ],
  [
    { kind: "group", groupId, value: { epoch: 3, metadataHash: 0 } },
    "0003 000167",
    "0000 00000003 00",
  ],
  [
    {
      kind: "member",
      groupId,
      memberId,
      value: {
        instanceId: "i",
        rackId: null,
        clientId: "c",
        clientHost: "/h",
        topics: ["a", "b"],
        regex: "x.*",
        rebalanceTimeoutMs: 60_000,
        assignor: "range",
      },
    },
    "0005 000167 00016d",
    "0000 0269 00 0263 032f68 0302610262 04782e2a 0000ea60 0672616e6765 00",
  ],
  [
    { kind: "targets", groupId, value: { epoch: 4, madeAtMs: timeMs } },
    "0006 000167",
    "0000 00000004 0100080000018bcfe56800",
  ],
  [
    { kind: "target", groupId, memberId, value: some },
    "0007 000167 00016d",
    `0000 02 ${idHex} 040000000000000001000000c8 00 00`,
  ],
  [
    {
      kind: "position",
      groupId,
      memberId,
      value: {
        epoch: -2,
        previousEpoch: 1,
        state: "UnreleasedPartitions",
        assigned: some,
        revoking: none,
      },
    },
    "0008 000167 00016d",
    `0000 fffffffe 00000001 02 02 ${idHex} 040000000000000001000000c8 00 01 00`,
  ],
  [
    {
      kind: "regex",
      groupId,
      pattern: "x.*",
      value: { topics: ["xa"], version: 7, timestampMs: timeMs },
    },
    "0010 000167 0003782e2a",
    "0000 02037861 0000000000000007 0000018bcfe56800 00",
  ],
];

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("consumer group records", () => {
  it("are Kafka's own, both ways", () => {
    for (const [record, key, value] of RECORDS) {
      assert.deepEqual(encodeConsumerRecord(record), { key: hex(key), value: hex(value) });
      assert.deepEqual(decodeRecord(hex(key), hex(value)), { kind: "consumer", record });
    }
  });

  it("have tombstones", () => {
    for (const [record, key] of RECORDS) {
      const tombstone = { ...record, value: null };
      assert.deepEqual(encodeConsumerRecord(tombstone), { key: hex(key), value: null });
      assert.deepEqual(decodeRecord(hex(key), null), { kind: "consumer", record: tombstone });
    }
  });

  it("are refused when they end early, at every length", () => {
    for (const [, key, value] of RECORDS) {
      // The tagged fields at the end of most are not needed.
      for (let length = 0; length < hex(value).length - 11; length++) {
        const cut = hex(value).subarray(0, length);
        assert.throws(() => decodeRecord(hex(key), cut), MalformedRecordError);
      }
    }
  });
});

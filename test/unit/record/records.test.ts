import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { readBatchHeader } from "../../../runtime/record/batch.ts";
import { buildBatch, type NewRecord } from "../../../runtime/record/build.ts";
import {
  RecordFormatError,
  readRecords,
  type RecordView,
} from "../../../runtime/record/records.ts";
import { checkBatch, checkProduced } from "../../../runtime/record/validate.ts";
import { canCompressZstd } from "../../../runtime/record/zstd.ts";
import { Random, seedOfRun } from "../../fault/wire/random.ts";
import { skip } from "../../support/skip.ts";

const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
type Codec = (typeof CODECS)[number];
const MAX_BYTES = 1_000_000;

const golden: { readonly batches: Readonly<Record<Codec, string>> } = JSON.parse(
  readFileSync("test/fixtures/record/kafka-batches.json", "utf8"),
);

function kafkaBatch(codec: Codec): Buffer {
  return Buffer.from(golden.batches[codec], "hex");
}

/** What the fixture was made from. */
function kafkaRecords(): RecordView[] {
  return Array.from({ length: 12 }, (_, i) => ({
    offset: 1000 + i,
    timestampMs: 1_700_000_000_000 + ((i * 7919) % 13) - 5,
    key: i === 3 ? null : Buffer.from(`key-${i}`),
    value: i === 4 ? null : Buffer.from(`value ${"abc".repeat(20)}${i}`),
    headers:
      i % 5 === 0
        ? [
            { key: "h", value: Buffer.from([1, 2, i]) },
            { key: "ü", value: null },
          ]
        : [],
  }));
}

function record(value: Buffer, rest: Partial<NewRecord> = {}): NewRecord {
  return { timestampMs: 5, key: null, value, headers: [], ...rest };
}

function read(batch: Buffer): RecordView[] {
  return [...readRecords(batch, 0, MAX_BYTES)];
}

describe("records of a batch", () => {
  for (const codec of CODECS) {
    it(`are read as Apache Kafka wrote them, ${codec}`, () => {
      const batch = kafkaBatch(codec);
      assert.equal(checkBatch(batch, 0, batch.length, true), undefined);
      assert.equal(checkProduced(batch), undefined);
      assert.deepEqual(read(batch), kafkaRecords());
    });

    it(`come back as they were built, ${codec}`, function () {
      if (codec === "zstd" && !canCompressZstd) skip(this, "this Node.js has no zstd");
      const records = kafkaRecords();
      const batch = buildBatch(records, { codec });
      assert.equal(checkProduced(batch), undefined);
      assert.equal(readBatchHeader(batch, 0).codec, codec);
      const expected = records.map((one, i) => ({ ...one, offset: i }));
      assert.deepEqual(read(batch), expected);
    });

    it(`never end in anything but records or RecordFormatError, ${codec}`, () => {
      const seed = seedOfRun();
      const random = new Random(seed);
      for (let run = 0; run < 300; run++) {
        const batch = kafkaBatch(codec);
        for (let left = random.below(3); left >= 0; left--) {
          batch.writeUInt8(random.below(256), 57 + random.below(batch.length - 57));
        }
        const cut = random.below(4) === 0 ? 61 + random.below(batch.length - 61) : batch.length;
        try {
          read(batch.subarray(0, cut));
        } catch (error) {
          assert.ok(error instanceof RecordFormatError, `SEED=${seed}: ${String(error)}`);
        }
      }
    });
  }

  it("are written byte for byte as Apache Kafka writes them", () => {
    const batch = buildBatch(kafkaRecords(), {
      producer: { id: 4711, epoch: 3, baseSequence: 2_147_483_640 },
    });
    const theirs = kafkaBatch("none");
    assert.deepEqual(batch.subarray(21), theirs.subarray(21));
    assert.deepEqual(batch.subarray(16, 21), theirs.subarray(16, 21));
  });

  it("may have no bytes, and times before 1970", () => {
    const records = [
      record(Buffer.alloc(0), { key: Buffer.alloc(0), timestampMs: -1 }),
      record(Buffer.alloc(70_000, 1), { timestampMs: -1_000_000_000_000 }),
      record(Buffer.from("x"), { timestampMs: 2 ** 45 }),
    ];
    const back = read(buildBatch(records));
    assert.deepEqual(
      back.map(({ offset: _, ...rest }) => rest),
      records,
    );
  });

  it("are refused when the batch is cut off at any byte", () => {
    const batch = kafkaBatch("none");
    for (let end = 61; end < batch.length; end++) {
      assert.throws(() => read(batch.subarray(0, end)), RecordFormatError, `at ${end}`);
    }
  });

  for (const [name, damage] of [
    ["more records than there are", (batch: Buffer) => batch.writeInt32BE(13, 57)],
    ["fewer records than there are", (batch: Buffer) => batch.writeInt32BE(11, 57)],
    ["2^31-1 records", (batch: Buffer) => batch.writeInt32BE(2 ** 31 - 1, 57)],
    ["a negative number of records", (batch: Buffer) => batch.writeInt32BE(-1, 57)],
    ["an unknown codec", (batch: Buffer) => batch.writeInt16BE(6, 21)],
    ["an offset beyond its last", (batch: Buffer) => batch.writeInt32BE(10, 23)],
  ] as const) {
    it(`are refused when the batch claims ${name}`, () => {
      const batch = kafkaBatch("none");
      damage(batch);
      assert.throws(() => read(batch), RecordFormatError);
    });
  }

  it("are refused when they unfold to more than allowed", function () {
    for (const codec of CODECS) {
      if (codec === "zstd" && !canCompressZstd) continue;
      const batch = buildBatch([record(Buffer.alloc(100_000))], { codec });
      assert.throws(() => [...readRecords(batch, 0, 99_999)], RecordFormatError, codec);
      assert.equal([...readRecords(batch, 0, 100_100)].length, 1, codec);
    }
  });
});

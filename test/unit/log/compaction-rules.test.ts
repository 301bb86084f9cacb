import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type BatchFate, BatchRules } from "../../../runtime/log/cleaner/batch-rules.ts";
import { groupSegments, planCleaning } from "../../../runtime/log/cleaner/clean-plan.ts";
import { Slice } from "../../../runtime/log/cleaner/clean-step.ts";
import {
  compactBatch,
  type KeyRules,
  staysInLog,
} from "../../../runtime/log/cleaner/compact-batch.ts";
import { OffsetMap } from "../../../runtime/log/cleaner/offset-map.ts";
import {
  type BatchHeader,
  type Codec,
  computeCrc,
  patchBatch,
  readBatchHeader,
} from "../../../runtime/record/batch.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { buildEndMarker } from "../../../runtime/record/control.ts";
import { readRecords } from "../../../runtime/record/records.ts";
import { seeded } from "../wire/kafka/values.ts";

const NOW = 10_000;
const key = Buffer.from("k");

function rules(newest: number, knownUpTo = 100) {
  return { newest: () => newest, knownUpTo, nowMs: NOW, deleteRetentionMs: 500 };
}

/** What becomes of a batch, all turns taken at once. */
function compacted(...args: [Buffer, BatchHeader, BatchFate, KeyRules]): Buffer | undefined {
  const work = compactBatch(...args, new Slice());
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

describe("compaction: which records stay", () => {
  // [what, offset, has a key, has a value, newest offset of the key, delete horizon, stays]
  const cases = [
    ["the newest value", 5, true, true, 5, undefined, true],
    ["a value that has been replaced", 5, true, true, 6, undefined, false],
    ["a value of a key that was not seen again", 5, true, true, -1, undefined, true],
    ["a value in a batch past its horizon", 5, true, true, 5, NOW - 1, true],
    ["a new tombstone", 5, true, false, 5, undefined, true],
    ["a tombstone before its horizon", 5, true, false, -1, NOW + 1, true],
    ["a tombstone at its horizon", 5, true, false, -1, NOW, false],
    ["a tombstone that has been replaced", 5, true, false, 6, undefined, false],
    ["a record without a key", 5, false, true, -1, undefined, false],
    ["a record beyond what is known", 100, true, true, -1, undefined, true],
    ["one without a key beyond what is known", 100, false, true, -1, undefined, true],
  ] as const;
  for (const [what, offset, hasKey, hasValue, newest, horizon, stays] of cases) {
    it(`${what} ${stays ? "stays" : "goes"}`, () => {
      const record = { offset, key: hasKey ? key : null, hasValue };
      assert.equal(staysInLog(record, horizon, rules(newest)), stays);
    });
  }
});

describe("compaction: batches", () => {
  const fate = { discard: false, keepEmpty: false, isLoneMarker: false };
  const record = (word: string, value: string | null, timestampMs: number) => ({
    timestampMs,
    key: Buffer.from(word),
    value: value === null ? null : Buffer.from(value),
    headers: [{ key: "h", value: Buffer.from([255]) }],
  });

  function batchAt(offset: number, codec: Codec = "none"): Buffer {
    const records = [record("a", "1", 1_000), record("b", "2", 3_000), record("c", null, 2_000)];
    const batch = buildBatch(records, { codec, producer: { id: 7, epoch: 1, baseSequence: 4 } });
    patchBatch(batch, 0, offset, 0);
    return batch;
  }

  for (const codec of ["none", "gzip", "snappy", "lz4"] as const) {
    it(`keep offsets, times, producer and compression (${codec})`, () => {
      const batch = batchAt(40, codec);
      const header = readBatchHeader(batch, 0);
      const newest = (one: Buffer) => (one.toString() === "b" ? 50 : -1);
      const left = compacted(batch, header, fate, { ...rules(0), newest });
      assert.ok(left);
      const after = readBatchHeader(left, 0);
      assert.equal(after.crc, computeCrc(left, 0));
      assert.equal(after.lengthBytes, left.length);
      const { baseOffset, lastOffsetDelta, producerId, producerEpoch, baseSequence } = after;
      assert.deepEqual(
        { baseOffset, lastOffsetDelta, producerId, producerEpoch, baseSequence },
        { baseOffset: 40, lastOffsetDelta: 2, producerId: 7, producerEpoch: 1, baseSequence: 4 },
      );
      assert.equal(after.codec, codec);
      assert.equal(after.recordCount, 2);
      assert.equal(after.maxTimestampMs, 2_000);
      assert.equal(after.deleteHorizonMs, NOW + 500);
      const [a, c] = [...readRecords(left, 0, 1_000)];
      assert.deepEqual([a?.offset, a?.timestampMs, a?.value?.toString()], [40, 1_000, "1"]);
      assert.deepEqual([c?.offset, c?.timestampMs, c?.value], [42, 2_000, null]);
      assert.deepEqual(c?.headers, [{ key: "h", value: Buffer.from([255]) }]);
      // The next pass changes nothing, and one past the horizon takes the tombstone.
      const again = compacted(left, after, fate, rules(-1));
      assert.equal(again, left);
      const past = { ...rules(-1), nowMs: NOW + 500 };
      const last = compacted(left, after, fate, past);
      assert.ok(last);
      assert.deepEqual(
        [...readRecords(last, 0, 1_000)].map(({ offset, timestampMs }) => [offset, timestampMs]),
        [[40, 1_000]],
      );
    });
  }

  it("go, or stay without a record, when nothing of them is left", () => {
    const batch = batchAt(40, "gzip");
    const header = readBatchHeader(batch, 0);
    assert.equal(compacted(batch, header, fate, rules(99)), undefined);
    const left = compacted(batch, header, { ...fate, keepEmpty: true }, rules(99));
    assert.ok(left);
    const after = readBatchHeader(left, 0);
    assert.equal(left.length, 61);
    assert.equal(after.crc, computeCrc(left, 0));
    assert.deepEqual([after.baseOffset, after.lastOffsetDelta, after.recordCount], [40, 2, 0]);
    assert.deepEqual([after.producerId, after.baseSequence, after.codec], [7, 4, "none"]);
    assert.deepEqual([...readRecords(left, 0, 1_000)], []);
    assert.equal(compacted(left, after, { ...fate, keepEmpty: true }, rules(99)), left);
  });

  it("that cannot be read stay", () => {
    const batch = batchAt(40);
    batch.fill(0xff, 61);
    assert.equal(compacted(batch, readBatchHeader(batch, 0), fate, rules(99)), batch);
  });

  it("that are markers stay until nothing is left of their transaction, and for a time after", () => {
    const data = buildBatch([record("a", "1", 1)], {
      producer: { id: 7, epoch: 0, baseSequence: 0 },
      transactional: true,
    });
    const marker = buildEndMarker({ producerId: 7, producerEpoch: 0, result: "abort" }, 1);
    patchBatch(marker, 0, 1, 0);
    const aborted = [{ producerId: 7, firstOffset: 0, lastOffset: 1, lastStableOffset: 2 }];
    const first = new BatchRules(aborted, new Map(), NOW);
    assert.equal(first.decide(readBatchHeader(data, 0)).discard, true);
    assert.equal(first.decide(readBatchHeader(marker, 0)).isLoneMarker, false);

    const lone = new BatchRules([], new Map(), NOW).decide(readBatchHeader(marker, 0));
    assert.deepEqual(lone, { discard: false, keepEmpty: false, isLoneMarker: true });
    const waiting = compacted(marker, readBatchHeader(marker, 0), lone, rules(-1));
    assert.ok(waiting);
    const header = readBatchHeader(waiting, 0);
    assert.equal(header.deleteHorizonMs, NOW + 500);
    assert.equal(header.isControl, true);
    const past = new BatchRules([], new Map(), NOW + 500).decide(header);
    assert.equal(past.discard, true);
    assert.equal(compacted(waiting, header, past, rules(-1)), undefined);
  });
});

describe("compaction: when and what", () => {
  const LAGS = {
    minCleanableDirtyRatio: 0.5,
    minCompactionLagMs: 0,
    maxCompactionLagMs: Infinity,
    deleteRetentionMs: 0,
  };
  const sealed = [0, 10, 20, 30].map((baseOffset) => ({
    baseOffset,
    nextOffset: baseOffset + 10,
    sizeBytes: 100,
    maxTimestampMs: baseOffset * 100,
  }));

  it("goes from the checkpoint to the end of the sealed segments", () => {
    assert.deepEqual(planCleaning(sealed, 30, LAGS, NOW), { firstDirty: 30, end: 40, ratio: 0.25 });
    assert.deepEqual(planCleaning(sealed, 25, LAGS, NOW), { firstDirty: 25, end: 40, ratio: 0.5 });
    assert.equal(planCleaning(sealed, 40, LAGS, NOW), undefined);
    assert.equal(planCleaning([], 0, LAGS, NOW), undefined);
  });

  it("begins again when the checkpoint is of another log", () => {
    assert.equal(planCleaning(sealed, 41, LAGS, NOW)?.firstDirty, 0);
    assert.equal(planCleaning(sealed.slice(1), 5, LAGS, NOW)?.firstDirty, 10);
  });

  it("leaves young segments alone", () => {
    const config = { ...LAGS, minCompactionLagMs: 500 };
    assert.equal(planCleaning(sealed, 0, config, 2_499)?.end, 20);
    assert.equal(planCleaning(sealed, 0, config, 2_500)?.end, 30);
    assert.equal(planCleaning(sealed, 0, config, 400), undefined);
  });

  it("makes one segment of as many as fit", () => {
    const bases = (bytes: number) =>
      groupSegments(sealed, bytes).map((group) => group.map(({ baseOffset }) => baseOffset));
    assert.deepEqual(bases(200), [
      [0, 10],
      [20, 30],
    ]);
    assert.deepEqual(bases(99), [[0], [10], [20], [30]]);
    const far = [
      { baseOffset: 0, nextOffset: 10, sizeBytes: 1, maxTimestampMs: 0 },
      { baseOffset: 10, nextOffset: 2 ** 31, sizeBytes: 1, maxTimestampMs: 0 },
    ];
    assert.equal(groupSegments(far, 100).length, 2);
  });
});

describe("compaction: newest offsets of keys", () => {
  it("are those of a map, up to its capacity", () => {
    const random = seeded(1);
    const map = new OffsetMap(1_000_000, 24 * 1_000);
    const model = new Map<string, number>();
    assert.equal(map.capacity, 750);
    for (let offset = 0; !map.isFull; offset++) {
      const word = `key ${Math.floor(random() * 1_000)}`;
      map.put(Buffer.from(word), offset);
      model.set(word, offset);
    }
    assert.equal(model.size, 750);
    for (let i = 0; i < 1_000; i++) {
      assert.equal(map.get(Buffer.from(`key ${i}`)), model.get(`key ${i}`) ?? -1);
    }
  });
});

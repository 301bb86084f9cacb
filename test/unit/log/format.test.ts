import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { MemoryFileSystem } from "../../../runtime/log/memory-fs.ts";
import { encodeProducers } from "../../../runtime/log/producer-snapshot.ts";
import { ProducerState } from "../../../runtime/log/producer-state.ts";
import { patchBatch, readBatchHeader } from "../../../runtime/record/batch.ts";
import { OpenTransactions } from "../../../runtime/log/transactions.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { append, batchOf, openLog, START_MS } from "../../support/log-files.ts";

const PAGE = readFileSync("runtime/log/FORMAT.md", "utf8");

/** The examples of the page in order: lines of a place, bytes, and words. */
function examples(): Buffer[] {
  const blocks = PAGE.split("```").filter((_, i) => i % 2 === 1);
  return blocks
    .filter((block) => /^\n00 {2}/.test(block))
    .map((block) => {
      const lines = block.trim().split("\n");
      const bytes = lines.map(
        (line) => /^\w\w {2}((?:\w\w {1,2})*\w\w)(?: {3,}|$)/.exec(line)?.[1],
      );
      return Buffer.from(bytes.join("").replaceAll(" ", ""), "hex");
    });
}

function exampleBatch(): Buffer {
  const key = Buffer.from("k");
  const value = Buffer.from("hello");
  const batch = buildBatch([{ timestampMs: START_MS, key, value, headers: [] }], {
    producer: { id: 7, epoch: 0, baseSequence: 0 },
  });
  patchBatch(batch, 0, 42, 0);
  return batch;
}

describe("FORMAT.md", () => {
  it("shows a record batch as it is", () => {
    assert.deepEqual(examples()[0], exampleBatch());
  });

  it("shows a producer snapshot as it is", () => {
    const state = new ProducerState();
    state.add(readBatchHeader(exampleBatch(), 0), 42);
    state.commit();
    const transactions = new OpenTransactions();
    assert.deepEqual(examples()[1], encodeProducers({ producers: state, transactions }));
  });

  it("is right about the indexes: last offset and position, largest time and its last offset", () => {
    const fs = new MemoryFileSystem();
    const log = openLog(fs, { segmentBytes: 1000, indexIntervalBytes: 0 });
    const times = [5, 9, 7];
    const batches = times.map((delta) => batchOf({ count: 2, timestampMs: START_MS + delta }));
    for (const batch of batches) append(log, batch);
    append(log, batchOf({ valueBytes: 1000 }));
    const [first, second] = batches.map(({ length }) => length);
    assert.ok(first !== undefined && second !== undefined);
    const index = fs.peek("/data/t-0/00000000000000000000.index");
    const offsets = Buffer.alloc(16);
    [3, first, 5, first + second].forEach((value, i) => offsets.writeInt32BE(value, i * 4));
    assert.deepEqual(index, offsets);
    const timeIndex = fs.peek("/data/t-0/00000000000000000000.timeindex");
    const entry = Buffer.alloc(12);
    entry.writeBigInt64BE(BigInt(START_MS + 10), 0);
    entry.writeInt32BE(3, 8);
    assert.deepEqual(timeIndex, entry);
  });
});

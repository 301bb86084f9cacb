/** Holds one partition of a lab against its history. */
import assert from "node:assert/strict";
import { readEndMarker } from "../../../runtime/record/control.ts";
import type { Random } from "../wire/random.ts";
import { fetch, offsetAt } from "./calls.ts";
import { type Entry, type PartitionHistory, recordsOf, type Visible } from "./history.ts";
import type { ModelledLab } from "./lab.ts";
import type { Ledger } from "./ledger.ts";
import { answersFrom, type StoredBatch, type StoredRecord, withoutAborted } from "./stored.ts";

const LATEST = -1;
const EARLIEST = -2;
const ALL_BYTES = 1_000_000;

/**
 * Takes note of what the log holds beyond what was known of it. Every batch must be one that was sent,
 * where its producer was told that it is; every marker must say what became of the transaction. After
 * a restart what had no answer may be there or not, and what was refused may have been left by a disk
 * that did not even take it back.
 */
export async function catchUp(
  lab: ModelledLab,
  history: PartitionHistory,
  ledger: Ledger,
  afterRestart = false,
): Promise<void> {
  const options = { committed: false, maxBytes: ALL_BYTES };
  for await (const { batches } of answersFrom(lab, history, history.endOffset, options)) {
    for (const batch of batches) {
      history.add(
        batch.header.isControl
          ? markerEntry(lab, history, batch, ledger)
          : dataEntry(lab, history, batch, ledger, afterRestart),
      );
    }
  }
  for (const sent of history.pending) {
    assert.notEqual(sent.fate, "acked", `${history.name}: acknowledged batch ${sent.id} is lost`);
    if (!afterRestart) continue;
    sent.fate = "gone";
    history.pending.delete(sent);
  }
}

function markerEntry(
  lab: ModelledLab,
  history: PartitionHistory,
  { header, bytes, lastOffset }: StoredBatch,
  ledger: Ledger,
): Entry {
  const result = readEndMarker(bytes, 0);
  assert.ok(result !== undefined, `${history.name}: a marker that says nothing`);
  const tx = history.open().get(header.producerId)?.sent?.tx;
  if (tx !== undefined) {
    if (!tx.isForgotten)
      assert.equal(result, tx.outcome, `${history.name}: the marker at ${lastOffset} is wrong`);
  } else {
    assert.ok(
      ledger.mayEnd(header.producerId, history, result),
      `${history.name}: the ${result} marker at ${lastOffset} ends nothing`,
    );
  }
  const { baseOffset } = header;
  const seenMs = lab.nowMs();
  return { baseOffset, lastOffset, bytes, header, sent: undefined, result, seenMs };
}

function dataEntry(
  lab: ModelledLab,
  history: PartitionHistory,
  { header, bytes, lastOffset, records }: StoredBatch,
  ledger: Ledger,
  afterRestart: boolean,
): Entry {
  const { baseOffset } = header;
  const where = `${history.name}: the batch at ${baseOffset}`;
  const sent = ledger.sent.get(records[0]?.batchId ?? "");
  assert.ok(sent !== undefined && sent.to === history, `${where} was not sent here`);
  assert.notEqual(sent.fate, "stored", `${where} is stored twice`);
  assert.notEqual(sent.fate, "gone", `${where} was not there before`);
  if (!afterRestart) assert.notEqual(sent.fate, "refused", `${where} was refused`);
  if (sent.fate === "acked") assert.equal(baseOffset, sent.baseOffset, `${where} is elsewhere`);
  assert.deepEqual(
    records.map(({ offset, key, value, timestampMs }) => ({ offset, key, value, timestampMs })),
    sent.records.map((record, i) => ({ offset: baseOffset + i, ...record })),
  );
  assert.equal(header.isTransactional, sent.tx !== undefined);
  assert.equal(header.producerId, sent.producer?.id ?? -1);
  const seenMs = lab.nowMs();
  return { baseOffset, lastOffset, bytes, header, sent, result: undefined, seenMs };
}

/** Compares everything that clients can see of a partition that has been caught up with. */
export async function verify(
  lab: ModelledLab,
  history: PartitionHistory,
  random: Random,
): Promise<void> {
  const end = await fetch(lab, history, history.endOffset, { committed: false, maxBytes: 0 });
  assert.equal(end.error, 0, `${history.name}: its end is not ${history.endOffset}`);
  checkStart(lab, history, end.startOffset);
  const stable = history.lastStableOffset();
  const bounds = [
    end.endOffset,
    end.lastStableOffset,
    (await offsetAt(lab, history, EARLIEST, false)).offset,
    (await offsetAt(lab, history, LATEST, false)).offset,
    (await offsetAt(lab, history, LATEST, true)).offset,
  ];
  const { startOffset, endOffset } = history;
  const expected = [endOffset, stable, startOffset, endOffset, stable];
  assert.deepEqual(bounds, expected, `${history.name}: end, stable, start, latest, latest stable`);
  await verifyStored(lab, history, random);
  await verifyCommitted(lab, history, startOffset, random);
  const from = startOffset + random.below(endOffset - startOffset + 1);
  await verifyCommitted(lab, history, from, random);
}

async function verifyStored(
  lab: ModelledLab,
  history: PartitionHistory,
  random: Random,
): Promise<void> {
  const found: StoredBatch[] = [];
  const options = { committed: false, maxBytes: 100 + random.below(4_000) };
  for await (const { batches } of answersFrom(lab, history, history.startOffset, options)) {
    found.push(...batches);
  }
  const expected = history.entries.filter(({ lastOffset }) => lastOffset >= history.startOffset);
  if (!history.rules.compacted) {
    assert.equal(found.length, expected.length, `${history.name}: another number of batches`);
    expected.forEach(({ bytes, baseOffset }, i) =>
      assert.ok(found[i]?.bytes.equals(bytes), `${history.name}: the batch at ${baseOffset}`),
    );
    return;
  }
  // What may belong to an open transaction has never been compacted.
  const exactFrom = Math.max(history.lastStableOffset(), history.exactFrom);
  const byOffset = new Map(found.map((batch) => [batch.header.baseOffset, batch]));
  for (const entry of expected) {
    const batch = byOffset.get(entry.baseOffset);
    if (entry.baseOffset < exactFrom) continue;
    assert.ok(
      batch?.bytes.equals(entry.bytes),
      `${history.name}: the batch at ${entry.baseOffset}`,
    );
  }
  const sent = new Map(expected.flatMap(recordsOf).map((record) => [record.offset, record]));
  for (const record of found.flatMap(({ records }) => records)) {
    assertSame(history, record, sent.get(record.offset));
  }
}

function assertSame(history: PartitionHistory, found: StoredRecord, sent?: Visible): void {
  const shape = (one: StoredRecord | Visible | undefined) => [
    one?.key,
    one?.value,
    one?.timestampMs,
  ];
  assert.deepEqual(shape(found), shape(sent), `${history.name}: the record at ${found.offset}`);
}

/** What a reader of committed records gets from an offset on, and which transactions it is told to leave out. */
async function verifyCommitted(
  lab: ModelledLab,
  history: PartitionHistory,
  from: number,
  random: Random,
): Promise<void> {
  const found: StoredRecord[] = [];
  const options = { committed: true, maxBytes: 100 + random.below(4_000) };
  for await (const answer of answersFrom(lab, history, from, options)) {
    if (!history.rules.compacted) {
      const expected = history.abortedWithin(answer.from, answer.next);
      assert.deepEqual(answer.aborted, expected, `${history.name}: aborted transactions`);
    }
    found.push(...withoutAborted(answer));
  }
  const all = history.committed(history.lastStableOffset());
  const expected = all.filter(({ offset }) => offset >= from);
  if (!history.rules.compacted) {
    assert.deepEqual(
      found.map(({ offset }) => offset),
      expected.map(({ offset }) => offset),
      `${history.name}: committed records from ${from}`,
    );
  }
  const sent = new Map(expected.map((record) => [record.offset, record]));
  for (const record of found) assertSame(history, record, sent.get(record.offset));
  const there = new Set(found.map(({ offset }) => offset));
  const newest = new Map(
    history.committed(history.endOffset).map(({ key, offset }) => [key, offset]),
  );
  for (const { offset, key, value, entry } of expected) {
    const isOld = (newest.get(key) ?? -1) > offset;
    const mayBeGone =
      value === null && lab.nowMs() >= entry.seenMs + history.rules.deleteRetentionMs;
    assert.ok(
      there.has(offset) || isOld || mayBeGone,
      `${history.name}: the newest record of ${key}, at ${offset}, is lost`,
    );
  }
}

/** The start moves for a reason only, and never back. */
function checkStart(lab: ModelledLab, history: PartitionHistory, found: number): void {
  const { startOffset, mayStart, rules, entries } = history;
  history.mayStart = [];
  if (found === startOffset) return;
  assert.ok(found > startOffset, `${history.name}: the start went back to ${found}`);
  history.startOffset = found;
  if (mayStart.includes(found)) return;
  assert.ok(rules.deletes, `${history.name}: the start moved to ${found}`);
  const keptBytes = sum(entries.filter(({ lastOffset }) => lastOffset >= found));
  const isTooMuch = rules.retentionBytes >= 0 && keptBytes >= rules.retentionBytes;
  for (const { header, lastOffset } of entries) {
    if (lastOffset >= found || lastOffset < startOffset) continue;
    const ageMs = lab.nowMs() - header.maxTimestampMs;
    const isPast = rules.retentionMs >= 0 && ageMs > rules.retentionMs;
    assert.ok(isPast || isTooMuch, `${history.name}: the batch up to ${lastOffset} was deleted`);
  }
}

function sum(entries: readonly Entry[]): number {
  return entries.reduce((bytes, entry) => bytes + entry.bytes.length, 0);
}

/** After a pass of retention the oldest segment that does not grow is one that may stay. */
export function checkRetained(lab: ModelledLab, history: PartitionHistory): void {
  const { rules, topic, partition, entries } = history;
  if (!rules.deletes || rules.compacted) return;
  const bases = lab.segments(topic, partition);
  const [oldest, next] = bases;
  if (oldest === undefined || next === undefined) return;
  const held = entries.filter(({ baseOffset }) => baseOffset >= oldest && baseOffset < next);
  const newestMs = Math.max(...held.map(({ header }) => header.maxTimestampMs));
  const isPast = rules.retentionMs >= 0 && lab.nowMs() - newestMs > rules.retentionMs;
  assert.ok(!isPast, `${history.name}: the segment at ${oldest} is past its time`);
  const bytes = sum(entries.filter(({ baseOffset }) => baseOffset >= next));
  const isTooMuch = rules.retentionBytes >= 0 && bytes >= rules.retentionBytes;
  assert.ok(!isTooMuch, `${history.name}: the segment at ${oldest} is too much`);
}

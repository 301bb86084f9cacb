import assert from "node:assert/strict";
import { readEndMarker } from "../../../runtime/record/control.ts";
import { offsetAt } from "./calls.ts";
import type { Entry, PartitionHistory } from "./history.ts";
import type { ModelledLab } from "./lab.ts";
import type { Ledger } from "./ledger.ts";
import { answersFrom, type StoredBatch } from "./stored.ts";

const EARLIEST = -2;
const LATEST = -1;

/**
 * What a power cut may leave: the log up to some batch, and then only what had no answer or was
 * refused, and markers that end what the coordinator does not know any more. Its start may be where it
 * was before.
 */
export async function adoptAfterPowerCut(
  lab: ModelledLab,
  history: PartitionHistory,
  ledger: Ledger,
): Promise<void> {
  const start = (await offsetAt(lab, history, EARLIEST, false)).offset;
  const end = (await offsetAt(lab, history, LATEST, false)).offset;
  const stored: StoredBatch[] = [];
  for await (const { batches } of answersFrom(lab, history, start, {
    committed: false,
    maxBytes: 1_000_000,
  })) {
    stored.push(...batches);
  }
  const isKnown = (batch: StoredBatch): boolean => {
    const entry = history.entries.find(({ baseOffset }) => baseOffset === batch.header.baseOffset);
    if (entry === undefined) return false;
    if (batch.bytes.equals(entry.bytes)) return true;
    return history.rules.compacted && isPartOf(batch, entry);
  };
  const firstStranger = stored.findIndex((batch) => !isKnown(batch));
  const strangers = firstStranger < 0 ? [] : stored.slice(firstStranger);
  const firstNew = strangers[0]?.header.baseOffset ?? end;
  history.truncate(history.entries.filter(({ lastOffset }) => lastOffset < firstNew).length);
  for (const { header, bytes, lastOffset, records } of strangers) {
    const { baseOffset } = header;
    const sent = header.isControl ? undefined : ledger.sent.get(records[0]?.batchId ?? "");
    if (!header.isControl) {
      const where = `${history.name}: the batch at ${baseOffset}`;
      assert.ok(sent?.to === history, `${where} was not sent here`);
      assert.ok(!["stored", "gone"].includes(sent.fate), `${where} is ${sent.fate}`);
    }
    const result = header.isControl ? readEndMarker(bytes, 0) : undefined;
    history.add({ baseOffset, lastOffset, bytes, header, sent, result, seenMs: lab.nowMs() });
  }
  assert.equal(history.endOffset, end, `${history.name}: does not end with a batch`);
  for (const sent of history.pending) sent.fate = "gone";
  history.pending.clear();
  history.startOffset = start;
  history.mayStart = [];
  history.exactFrom = end;
}

/** The batch after compaction: some of the records, or none. */
function isPartOf({ header, bytes, records }: StoredBatch, entry: Entry): boolean {
  const { sent, baseOffset } = entry;
  const { isControl, producerId, producerEpoch } = entry.header;
  const isSame = header.producerId === producerId && header.producerEpoch === producerEpoch;
  if (header.isControl !== isControl || !isSame) return false;
  if (isControl && header.recordCount > 0 && readEndMarker(bytes, 0) !== entry.result) return false;
  return records.every(({ offset, key, value }) => {
    const record = sent?.records[offset - baseOffset];
    return record?.key === key && record.value === value;
  });
}

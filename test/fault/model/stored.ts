/** What a lab answers with, batch by batch and record by record. */
import assert from "node:assert/strict";
import { type BatchHeader, readBatchHeader } from "../../../runtime/record/batch.ts";
import { readEndMarker } from "../../../runtime/record/control.ts";
import { readRecords } from "../../../runtime/record/records.ts";
import { checkBatch } from "../../../runtime/record/validate.ts";
import { fetch, type Place } from "./calls.ts";
import type { ModelledLab } from "./lab.ts";
import { ID_HEADER, type SentRecord } from "./sent.ts";

const MAX_UNFOLDED_BYTES = 10_000_000;

export interface StoredRecord extends SentRecord {
  readonly offset: number;
  readonly batchId: string | undefined;
}

export interface StoredBatch {
  readonly header: BatchHeader;
  readonly bytes: Buffer;
  readonly lastOffset: number;
  readonly records: readonly StoredRecord[];
}

/** One answer to a fetch. */
export interface Answer {
  readonly from: number;
  /** The offset after its last batch. */
  readonly next: number;
  readonly batches: readonly StoredBatch[];
  readonly aborted: readonly { readonly producerId: number; readonly firstOffset: number }[] | null;
}

function batchesOf(bytes: Buffer): StoredBatch[] {
  const batches: StoredBatch[] = [];
  for (let at = 0; at < bytes.length;) {
    assert.equal(checkBatch(bytes, at, bytes.length, true), undefined, "a batch is damaged");
    const header = readBatchHeader(bytes, at);
    batches.push({
      header,
      bytes: Buffer.from(bytes.subarray(at, at + header.lengthBytes)),
      lastOffset: header.baseOffset + header.lastOffsetDelta,
      records: header.isControl ? [] : recordsAt(bytes, at),
    });
    at += header.lengthBytes;
  }
  return batches;
}

function recordsAt(bytes: Buffer, at: number): StoredRecord[] {
  return Array.from(readRecords(bytes, at, MAX_UNFOLDED_BYTES), (record) => ({
    offset: record.offset,
    key: record.key?.toString() ?? "",
    value: record.value?.toString() ?? null,
    timestampMs: record.timestampMs,
    batchId: record.headers.find(({ key }) => key === ID_HEADER)?.value?.toString(),
  }));
}

/** Reads on and on from an offset to where the log ends for such a reader. */
export async function* answersFrom(
  lab: ModelledLab,
  place: Place,
  from: number,
  options: { readonly committed: boolean; readonly maxBytes: number },
): AsyncGenerator<Answer, void, void> {
  for (let offset = from; ;) {
    const answer = await fetch(lab, place, offset, options);
    assert.equal(answer.error, 0, `${place.topic}-${place.partition}: error at offset ${offset}`);
    const end = options.committed ? answer.lastStableOffset : answer.endOffset;
    if (offset >= end) return;
    const batches = batchesOf(answer.bytes);
    const next = (batches.at(-1)?.lastOffset ?? -1) + 1;
    assert.ok(next > offset, `${place.topic}-${place.partition}: nothing at ${offset} of ${end}`);
    yield { from: offset, next, batches, aborted: answer.aborted };
    offset = next;
  }
}

/** What an application sees of an answer to a reader of committed records: Kafka's consumer does the same. */
export function withoutAborted({ from, batches, aborted }: Answer): StoredRecord[] {
  const coming = [...(aborted ?? [])];
  const abortedNow = new Set<number>();
  return batches.flatMap(({ header, bytes, lastOffset, records }) => {
    while (coming[0] !== undefined && coming[0].firstOffset <= lastOffset) {
      abortedNow.add(coming[0].producerId);
      coming.shift();
    }
    if (header.isControl) {
      if (readEndMarker(bytes, 0) === "abort") abortedNow.delete(header.producerId);
      return [];
    }
    if (header.isTransactional && abortedNow.has(header.producerId)) return [];
    return records.filter(({ offset }) => offset >= from);
  });
}

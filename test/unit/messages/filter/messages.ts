/** Messages as a filter sees them, made by hand. */
import { BATCH_HEADER_BYTES, readBatchHeader } from "../../../../runtime/record/batch.ts";
import { buildBatch, type NewRecord } from "../../../../runtime/record/build.ts";
import { RecordCursor } from "../../../../runtime/record/record-cursor.ts";
import type { MessageFilter } from "../../../../runtime/api/model.ts";
import { compileFilter } from "../../../../runtime/messages/filter/filter.ts";

export interface Sample {
  readonly key?: string | null;
  readonly value?: string | Uint8Array | null;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly timestampMs?: number;
}

function record({ key = null, value = null, headers = {}, timestampMs = 0 }: Sample): NewRecord {
  const bytes = (part: string | Uint8Array | null): Uint8Array | null =>
    typeof part === "string" ? Buffer.from(part) : part;
  return {
    timestampMs,
    key: bytes(key),
    value: bytes(value),
    headers: Object.entries(headers).map(([name, text]) => ({ key: name, value: bytes(text) })),
  };
}

/** Begins `cursor` with a batch of these messages. */
export function begin(cursor: RecordCursor, samples: readonly Sample[]): Buffer {
  const batch = buildBatch(samples.map(record));
  const { baseOffset, baseTimestampMs, recordCount } = readBatchHeader(batch, 0);
  const records = batch.subarray(BATCH_HEADER_BYTES);
  cursor.begin(records, { baseOffset, baseTimestampMs, recordCount, appendTimeMs: undefined });
  return records;
}

/** Offsets of the messages that a filter wants, in partition 3. Throws with the diagnostic where it is invalid. */
export function wanted(filter: MessageFilter, samples: readonly Sample[]): number[] {
  const cursor = new RecordCursor();
  const compiled = compileFilter(filter, cursor);
  if (compiled.kind === "invalid") throw new Error(JSON.stringify(compiled.diagnostics));
  const records = begin(cursor, samples);
  const found: number[] = [];
  while (cursor.next()) if (compiled.filter.matches(3)) found.push(cursor.offset);
  if (found.length > 0 && !compiled.filter.mayMatch(records)) throw new Error("passed over");
  return found;
}

import type { BatchHeader } from "../../record/batch.ts";
import {
  type RawRecord,
  rawRecords,
  withoutRecords,
  withRecords,
} from "../../record/raw-records.ts";
import { RecordFormatError } from "../../record/varint.ts";
import type { BatchFate } from "./batch-rules.ts";
import { type CleanStep, type Slice, TURN } from "./clean-step.ts";

/** Most bytes a batch may unfold to; one that unfolds to more is kept as it is. */
export const MAX_UNFOLDED_BYTES = 256 * 1024 * 1024;

/** What is known of keys, and the time by which tombstones are judged. */
export interface KeyRules {
  /** The newest offset of the key among what was read, or -1. */
  readonly newest: (key: Buffer) => number;
  /** Nothing is known of records from here on, and they stay. */
  readonly knownUpTo: number;
  readonly nowMs: number;
  readonly deleteRetentionMs: number;
}

/** Whether a record of a batch that is not discarded stays. */
export function staysInLog(
  record: Pick<RawRecord, "offset" | "key" | "hasValue">,
  deleteHorizonMs: number | undefined,
  rules: KeyRules,
): boolean {
  if (record.offset >= rules.knownUpTo) return true;
  if (record.key === null || record.offset < rules.newest(record.key)) return false;
  return record.hasValue || deleteHorizonMs === undefined || rules.nowMs < deleteHorizonMs;
}

/** What becomes of a batch: the same buffer when nothing changes, undefined when nothing is left. */
export function* compactBatch(
  batch: Buffer,
  header: BatchHeader,
  fate: BatchFate,
  rules: KeyRules,
  slice: Slice,
): Generator<CleanStep, Buffer | undefined, void> {
  const nothing = () => (fate.keepEmpty ? emptied(batch, header) : undefined);
  if (fate.discard || header.recordCount === 0) return nothing();
  if (header.isControl && !fate.isLoneMarker) return batch;
  const records = recordsOf(batch, header);
  if (records === undefined) return batch;
  const kept: RawRecord[] = [];
  for (const record of records) {
    if (header.isControl || staysInLog(record, header.deleteHorizonMs, rules)) kept.push(record);
    if (slice.isOver(1, 0)) yield TURN;
  }
  if (kept.length === 0) return nothing();
  const waits = fate.isLoneMarker || kept.some(({ hasValue }) => !hasValue);
  const startsNow = waits && header.deleteHorizonMs === undefined;
  if (kept.length === records.length && !startsNow) return batch;
  const horizonMs = startsNow ? rules.nowMs + rules.deleteRetentionMs : undefined;
  return withRecords(batch, header, kept, horizonMs);
}

function emptied(batch: Buffer, header: BatchHeader): Buffer {
  return header.recordCount === 0 ? batch : withoutRecords(batch, header);
}

/** Undefined for what a producer sealed although it makes no sense. */
export function recordsOf(batch: Buffer, header: BatchHeader): RawRecord[] | undefined {
  try {
    return rawRecords(batch, header, MAX_UNFOLDED_BYTES);
  } catch (error) {
    if (!(error instanceof RecordFormatError)) throw error;
    return undefined;
  }
}

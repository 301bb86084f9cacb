import type { BatchHeader } from "../record/batch.ts";
import { CURRENT_MAGIC, magicOf, readBatchHeader, setLogAppendTime } from "../record/batch.ts";
import { readRecords, RecordFormatError, type RecordView } from "../record/records.ts";
import { type BatchFault, checkProduced } from "../record/validate.ts";
import type { TopicSettings } from "./topic-config.ts";

/** Why a batch was not appended. The gateway of each protocol turns a reason into its own code. */
export type AppendRefusal =
  | "corrupt"
  | "invalid-record"
  | "too-large"
  | "invalid-timestamp"
  | "unsupported-compression"
  | "out-of-order-sequence"
  | "producer-fenced"
  | "invalid-transaction"
  | "unknown-partition"
  | "disk";

export type AppendResult =
  | {
      readonly kind: "appended";
      readonly baseOffset: number;
      /** -1 unless the topic stamps records with the time of their append. */
      readonly logAppendTimeMs: number;
      readonly startOffset: number;
    }
  | {
      readonly kind: "refused";
      readonly reason: AppendRefusal;
      readonly message: string;
      /** The records at fault, by their place in the batch, when it is not the batch as a whole (KIP-467). */
      readonly records?: readonly RefusedRecord[];
    };

export interface RefusedRecord {
  readonly index: number;
  readonly message: string;
}

export function refused(reason: AppendRefusal, message: string): AppendResult {
  return { kind: "refused", reason, message };
}

/** Most bytes one batch may unfold to when its records have to be looked at. */
export const MAX_DECOMPRESSED_BATCH_BYTES = 256 * 1024 * 1024;

/**
 * Checks a batch as a producer sent it against the record format and the topic's settings, in the
 * order of Kafka's LogValidator. Records themselves are looked at only on compacted topics.
 */
export function admit(
  batch: Buffer,
  settings: TopicSettings,
  nowMs: number,
): BatchHeader | AppendResult {
  if (batch.length > settings.log.maxMessageBytes) {
    return refused(
      "too-large",
      `The batch has ${batch.length} bytes and the topic's max.message.bytes is ${settings.log.maxMessageBytes}.`,
    );
  }
  const fault = checkProduced(batch);
  if (fault !== undefined) {
    const reason = isCorrupt(fault, batch) ? "corrupt" : "invalid-record";
    return refused(reason, `The record batch is not acceptable: ${fault}.`);
  }
  const header = readBatchHeader(batch, 0);
  if (settings.logAppendTime) {
    setLogAppendTime(batch, 0, nowMs);
    return settings.compacted ? (keylessFault(batch) ?? header) : header;
  }
  const latestMs = nowMs + settings.timestampAfterMaxMs;
  const earliestMs = nowMs - settings.timestampBeforeMaxMs;
  if (header.maxTimestampMs > latestMs || header.maxTimestampMs < earliestMs) {
    return untimely(batch, earliestMs, latestMs);
  }
  return settings.compacted ? (keylessFault(batch) ?? header) : header;
}

/** Kafka takes a batch that is not whole for none at all, and one of a format to come for damaged. */
function isCorrupt(fault: BatchFault, batch: Buffer): boolean {
  if (fault === "bad-magic") return magicOf(batch, 0) > CURRENT_MAGIC;
  return fault === "bad-crc" || fault === "bad-length";
}

/** Most records at fault that are named one by one. */
const MAX_REFUSED_RECORDS = 1_000;

function keylessFault(batch: Buffer): AppendResult | undefined {
  const found = faultyRecords(batch, ({ key }) =>
    key === null ? "Compacted topic cannot accept message without key." : undefined,
  );
  if (!Array.isArray(found)) return found;
  if (found.length === 0) return undefined;
  const message = "One or more records have been rejected: give every record a key.";
  return { kind: "refused", reason: "invalid-record", message, records: found };
}

function untimely(batch: Buffer, earliestMs: number, latestMs: number): AppendResult {
  const found = faultyRecords(batch, ({ timestampMs }) =>
    timestampMs > latestMs
      ? `Timestamp ${timestampMs} is more than message.timestamp.after.max.ms ahead of the broker's clock.`
      : timestampMs < earliestMs
        ? `Timestamp ${timestampMs} is more than message.timestamp.before.max.ms behind the broker's clock.`
        : undefined,
  );
  if (!Array.isArray(found)) return found;
  const message = "One or more records have been rejected due to invalid timestamp.";
  return { kind: "refused", reason: "invalid-timestamp", message, records: found };
}

/** The records that `faultOf` finds something wrong with; a refusal when they cannot be read. */
function faultyRecords(
  batch: Buffer,
  faultOf: (record: RecordView) => string | undefined,
): RefusedRecord[] | AppendResult {
  const records: RefusedRecord[] = [];
  let index = 0;
  try {
    for (const record of readRecords(batch, 0, MAX_DECOMPRESSED_BATCH_BYTES)) {
      const message = records.length < MAX_REFUSED_RECORDS ? faultOf(record) : undefined;
      if (message !== undefined) records.push({ index, message });
      index++;
    }
  } catch (error) {
    if (!(error instanceof RecordFormatError)) throw error;
    return refused("corrupt", `The records of the batch cannot be read: ${error.message}.`);
  }
  return records;
}

import type { BatchHeader } from "../record/batch.ts";
import { readBatchHeader, setLogAppendTime } from "../record/batch.ts";
import { readRecords, RecordFormatError } from "../record/records.ts";
import { checkProduced } from "../record/validate.ts";
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
    const reason =
      fault === "bad-crc" || fault === "truncated" || fault === "bad-length"
        ? "corrupt"
        : "invalid-record";
    return refused(reason, `The record batch is not acceptable: ${fault}.`);
  }
  const header = readBatchHeader(batch, 0);
  if (settings.logAppendTime) {
    setLogAppendTime(batch, 0, nowMs);
  } else if (header.maxTimestampMs > nowMs + settings.timestampAfterMaxMs) {
    return refused(
      "invalid-timestamp",
      `Timestamp ${header.maxTimestampMs} is more than message.timestamp.after.max.ms ahead of the broker's clock.`,
    );
  } else if (nowMs - header.maxTimestampMs > settings.timestampBeforeMaxMs) {
    return refused(
      "invalid-timestamp",
      `Timestamp ${header.maxTimestampMs} is more than message.timestamp.before.max.ms behind the broker's clock.`,
    );
  }
  return settings.compacted ? (keylessFault(batch) ?? header) : header;
}

/** Most records at fault that are named one by one. */
const MAX_REFUSED_RECORDS = 1_000;

function keylessFault(batch: Buffer): AppendResult | undefined {
  const records: RefusedRecord[] = [];
  let index = 0;
  try {
    for (const record of readRecords(batch, 0, MAX_DECOMPRESSED_BATCH_BYTES)) {
      if (record.key === null && records.length < MAX_REFUSED_RECORDS) {
        records.push({ index, message: "Compacted topic cannot accept message without key." });
      }
      index++;
    }
  } catch (error) {
    if (!(error instanceof RecordFormatError)) throw error;
    return refused("corrupt", `The records of the batch cannot be read: ${error.message}.`);
  }
  if (records.length === 0) return undefined;
  const message = "One or more records have been rejected: give every record a key.";
  return { kind: "refused", reason: "invalid-record", message, records };
}

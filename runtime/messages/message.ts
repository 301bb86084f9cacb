import type { FieldBytes, Message } from "../api/model.ts";
import type { RecordView } from "../record/records.ts";

/** Most bytes of a key or value that a message carries; the rest is only counted. */
export interface FieldLimit {
  readonly keyBytes: number;
  readonly valueBytes: number;
}

/** Nothing is cut. */
export const WHOLE: FieldLimit = { keyBytes: Infinity, valueBytes: Infinity };

/** A record as a message. Its bytes are views of the record's, cut to the limit. */
export function messageOf(
  record: RecordView,
  partition: number,
  timestampType: Message["timestampType"],
  limit: FieldLimit,
): Message {
  return {
    partition,
    offset: record.offset,
    timestampMs: record.timestampMs,
    timestampType,
    key: fieldOf(record.key, limit.keyBytes),
    value: fieldOf(record.value, limit.valueBytes),
    headers: record.headers,
  };
}

/** Bytes that a message takes in memory and in a page, about. */
export function sizeOf(message: Message): number {
  let sizeBytes = 64 + (message.key?.bytes.length ?? 0) + (message.value?.bytes.length ?? 0);
  for (const { key, value } of message.headers) sizeBytes += 8 + key.length + (value?.length ?? 0);
  return sizeBytes;
}

/** Key or value, cut to a limit. */
export function fieldOf(bytes: Uint8Array | null, maxBytes: number): FieldBytes | null {
  return bytes === null ? null : { bytes: bytes.subarray(0, maxBytes), sizeBytes: bytes.length };
}

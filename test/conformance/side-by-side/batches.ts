import {
  BATCH_HEADER_BYTES,
  batchLength,
  lastOffsetOf,
  readBatchHeader,
} from "../../../runtime/record/batch.ts";
import { readRecords } from "../../../runtime/record/records.ts";

const MAX_BATCH_BYTES = 64 * 1024 * 1024;

/**
 * The whole batches of a fetch as values. Control batches are the broker's own, so their times are left
 * out. What is left of a last one that did not fit, which Kafka may send, is not there.
 */
export function batchesOf(bytes: Buffer): ReturnType<typeof batchOf>[] {
  const batches: ReturnType<typeof batchOf>[] = [];
  let at = 0;
  while (at + BATCH_HEADER_BYTES <= bytes.length && at + batchLength(bytes, at) <= bytes.length) {
    batches.push(batchOf(bytes, at));
    at += batchLength(bytes, at);
  }
  return batches;
}

function batchOf(bytes: Buffer, at: number) {
  const header = readBatchHeader(bytes, at);
  const { isControl, timestampType } = header;
  const timed = !isControl && timestampType === "create";
  return {
    baseOffset: header.baseOffset,
    lastOffset: lastOffsetOf(bytes, at),
    leaderEpoch: header.partitionLeaderEpoch,
    attributes: header.attributes,
    maxTimestampMs: timed ? header.maxTimestampMs : undefined,
    producerId: header.producerId,
    producerEpoch: header.producerEpoch,
    baseSequence: header.baseSequence,
    records: Array.from(readRecords(bytes, at, MAX_BATCH_BYTES), (record) => ({
      ...record,
      timestampMs: timed ? record.timestampMs : undefined,
      key: record.key === null ? null : record.key.toString("latin1"),
      value: record.value === null ? null : record.value.toString(isControl ? "hex" : "latin1"),
    })),
  };
}

import { FakeClock } from "../../../runtime/core/clock.ts";
import { silentLogger } from "../../../runtime/core/logger.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import type { MemoryFileSystem } from "../../../runtime/log/memory-fs.ts";
import type { PartitionLog } from "../../../runtime/log/partition-log.ts";
import { type Codec, readBatchHeader } from "../../../runtime/record/batch.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { buildEndMarker, type TransactionResult } from "../../../runtime/record/control.ts";
import { readRecords } from "../../../runtime/record/records.ts";

export const DELETE_RETENTION_MS = 1_000;

export const CONFIG = {
  segmentBytes: 700,
  segmentMs: Infinity,
  retentionMs: -1,
  retentionBytes: -1,
  indexIntervalBytes: 100,
  maxMessageBytes: 1_000,
  compaction: {
    minCleanableDirtyRatio: 0,
    minCompactionLagMs: 0,
    maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
    deleteRetentionMs: DELETE_RETENTION_MS,
  },
};

export interface Opened {
  readonly logs: LogManager;
  readonly log: PartitionLog;
}

export function open(fs: MemoryFileSystem, clock = new FakeClock(), maxMapBytes = 1 << 20): Opened {
  const logs = LogManager.open({
    dataFolder: "/data",
    fs,
    clock,
    logger: silentLogger,
    giveWay: () => Promise.resolve(),
    maxMapBytes,
  });
  return { logs, log: logs.partition("t", 0, CONFIG) };
}

export interface SeenRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
}

interface ModelBatch {
  readonly producerId: number;
  records: SeenRecord[];
  isAborted: boolean;
  horizonMs?: number;
}

/** Everything that was ever appended, and what should be left of it, found the slow way. */
export class CompactionModel {
  readonly batches: ModelBatch[] = [];
  readonly open = new Map<number, ModelBatch[]>();

  append(log: PartitionLog, records: Omit<SeenRecord, "offset">[], producerId: number): void {
    const offset = log.endOffset;
    const seen = records.map((record, i) => ({ ...record, offset: offset + i }));
    const batch = { producerId, records: seen, isAborted: false };
    this.batches.push(batch);
    if (producerId >= 0) this.open.set(producerId, [...(this.open.get(producerId) ?? []), batch]);
  }

  finish(producerId: number, result: TransactionResult): void {
    for (const batch of this.open.get(producerId) ?? []) batch.isAborted = result === "abort";
    this.open.delete(producerId);
  }

  compact(end: number, nowMs: number): void {
    const newest = new Map<string, number>();
    for (const { records, isAborted } of this.batches) {
      for (const { key, offset } of isAborted ? [] : records) {
        if (key !== null && offset < end) newest.set(key, offset);
      }
    }
    for (const batch of this.batches) {
      if ((batch.records[0]?.offset ?? Infinity) >= end) continue;
      const { horizonMs = Infinity } = batch;
      batch.records = batch.records.filter(
        ({ key, value, offset }) =>
          !batch.isAborted &&
          key !== null &&
          newest.get(key) === offset &&
          (value !== null || nowMs < horizonMs),
      );
      const waits = batch.records.some(({ value }) => value === null);
      if (waits) batch.horizonMs ??= nowMs + DELETE_RETENTION_MS;
    }
  }

  records(): SeenRecord[] {
    return this.batches.flatMap(({ records }) => records);
  }
}

/** Every record from `from` up to `end` that a reader gets, the broker's own left out. */
export function readFrom(
  log: PartitionLog,
  from: number,
  maxBytes: number,
  end = log.endOffset,
): SeenRecord[] {
  const seen: SeenRecord[] = [];
  const limits = { maxBytes, atLeastOne: true, end };
  let offset = from;
  while (offset < end) {
    const read = log.read(offset, limits, (bytes) => Buffer.allocUnsafe(bytes));
    if (read.kind !== "data") throw new Error(`${read.kind} at ${offset} of ${end}`);
    for (let at = 0; at < read.bytes.length;) {
      const header = readBatchHeader(read.bytes, at);
      for (const record of readRecords(read.bytes, at, 1 << 20)) {
        const { key, value } = record;
        if (header.isControl || record.offset < from) continue;
        seen.push({
          offset: record.offset,
          key: key?.toString() ?? null,
          value: value?.toString() ?? null,
        });
      }
      const next = header.baseOffset + header.lastOffsetDelta + 1;
      if (next <= offset) throw new Error(`the read at ${offset} does not get on`);
      offset = next;
      at += header.lengthBytes;
    }
  }
  return seen;
}

const CODECS: readonly Codec[] = ["none", "gzip", "snappy", "lz4"];
const PLAIN = -1;

/** Appends to a log and its model what a stream of random numbers says. */
export class RandomWriter {
  readonly #below: (limit: number) => number;
  readonly #clock: FakeClock;
  readonly #sequences = new Map<number, number>();

  constructor(below: (limit: number) => number, clock: FakeClock) {
    this.#below = below;
    this.#clock = clock;
  }

  step(log: PartitionLog, model: CompactionModel): void {
    const producerId = this.#below(3) === 0 ? this.#below(3) : PLAIN;
    if (producerId !== PLAIN && this.#below(3) === 0) {
      const result = this.#below(2) === 0 ? "commit" : "abort";
      const marker = { producerId, producerEpoch: 0, result } as const;
      log.stage(buildEndMarker(marker, this.#clock.nowMs()));
      model.finish(producerId, result);
    } else this.#data(log, model, producerId);
    log.flush();
  }

  #data(log: PartitionLog, model: CompactionModel, producerId: number): void {
    const records = Array.from({ length: 1 + this.#below(4) }, () => ({
      key: this.#below(15) === 0 ? null : `key ${this.#below(12)}`,
      value: this.#below(4) === 0 ? null : `value ${this.#below(1_000)}`,
    }));
    model.append(log, records, producerId);
    const baseSequence = this.#sequences.get(producerId) ?? 0;
    this.#sequences.set(producerId, baseSequence + records.length);
    const timestampMs = this.#clock.nowMs();
    const bytes = (text: string | null) => (text === null ? null : Buffer.from(text));
    const batch = buildBatch(
      records.map(({ key, value }, i) => ({
        timestampMs: timestampMs + i,
        key: bytes(key),
        value: bytes(value),
        headers: [{ key: "h", value: Buffer.from([i]) }],
      })),
      {
        codec: CODECS[this.#below(CODECS.length)] ?? "none",
        ...(producerId !== PLAIN && {
          producer: { id: producerId, epoch: 0, baseSequence },
          transactional: true,
        }),
      },
    );
    log.stage(batch);
  }
}

/** Logs for tests: small settings, batches with little in them, and what a log holds. */
import type { Logger } from "../../runtime/core/logger.ts";
import { silentLogger } from "../../runtime/core/logger.ts";
import type { FileSystem } from "../../runtime/log/fs.ts";
import { IndexCache } from "../../runtime/log/index-cache.ts";
import { OpenFiles } from "../../runtime/log/open-files.ts";
import { type LogConfig, type LogDeps, PartitionLog } from "../../runtime/log/partition-log.ts";
import { batchLength, type Codec, lastOffsetOf } from "../../runtime/record/batch.ts";
import { buildBatch, type BuildOptions } from "../../runtime/record/build.ts";

export const START_MS = 1_700_000_000_000;

export const SMALL: LogConfig = {
  segmentBytes: 1000,
  segmentMs: 1_000_000,
  retentionMs: -1,
  retentionBytes: -1,
  indexIntervalBytes: 200,
  maxMessageBytes: 1_000_000,
};

export interface BatchSpec {
  readonly count?: number;
  readonly timestampMs?: number;
  /** Bytes of each value. */
  readonly valueBytes?: number;
  readonly codec?: Codec;
  readonly producer?: NonNullable<BuildOptions["producer"]>;
}

/** A batch whose records are one millisecond apart. */
export function batchOf(spec: BatchSpec = {}): Buffer {
  const { count = 1, timestampMs = START_MS, valueBytes = 20, codec, producer } = spec;
  const records = Array.from({ length: count }, (_, i) => ({
    timestampMs: timestampMs + i,
    key: null,
    value: Buffer.alloc(valueBytes, `${i}.`),
    headers: [],
  }));
  return buildBatch(records, {
    ...(codec !== undefined && { codec }),
    ...(producer !== undefined && { producer }),
  });
}

export function logDeps(fs: FileSystem, logger: Logger = silentLogger, loaded = 2): LogDeps {
  return {
    fs,
    files: new OpenFiles(fs, 3),
    indexes: new IndexCache(loaded),
    logger,
    onSealed: () => undefined,
  };
}

export function openLog(fs: FileSystem, config: Partial<LogConfig> = {}): PartitionLog {
  return PartitionLog.open("/data/t-0", logDeps(fs), { ...SMALL, ...config });
}

/** Stages and writes batches at once; returns the offset of the first. */
export function append(log: PartitionLog, ...batches: Buffer[]): number {
  const offsets = batches.map((batch) => log.stage(batch));
  log.flush();
  return offsets[0] ?? log.endOffset;
}

/** Every batch from `from` on, as a reader that goes on and on gets them. */
export function readAll(log: PartitionLog, from = log.startOffset, maxBytes = 500): Buffer[] {
  const batches: Buffer[] = [];
  for (let offset = from; offset < log.endOffset;) {
    const read = log.read(offset, { maxBytes, atLeastOne: true }, (bytes) =>
      Buffer.allocUnsafe(bytes),
    );
    if (read.kind !== "data") throw new Error(`${read.kind} at ${offset} before ${log.endOffset}`);
    for (let at = 0; at < read.bytes.length;) {
      const length = batchLength(read.bytes, at);
      batches.push(Buffer.from(read.bytes.subarray(at, at + length)));
      offset = lastOffsetOf(read.bytes, at) + 1;
      at += length;
    }
  }
  return batches;
}

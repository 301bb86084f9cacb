import path from "node:path";
import type { BatchHeader } from "../record/batch.ts";
import type { FileSystem } from "./fs.ts";
import {
  decodeOffsetIndex,
  decodeTimeIndex,
  emptyIndexes,
  encodeOffsetIndex,
  encodeTimeIndex,
  type SegmentIndexes,
} from "./index-files.ts";
import type { IndexCache } from "./index-cache.ts";
import type { OpenFiles } from "./open-files.ts";
import { scanBatches } from "./scan.ts";

const NAME_DIGITS = 20;
const LOG_SUFFIX = ".log";

/** The file name of what belongs to the segment or state that begins at `offset`. */
export function nameAt(offset: number, suffix: string): string {
  return String(offset).padStart(NAME_DIGITS, "0") + suffix;
}

/** The offset in a name made by `nameAt`, or undefined for another file. */
export function offsetInName(name: string, suffix: string): number | undefined {
  if (!name.endsWith(suffix)) return undefined;
  const digits = name.slice(0, -suffix.length);
  return /^\d{20}$/.test(digits) ? Number(digits) : undefined;
}

export const SEGMENT_SUFFIX = LOG_SUFFIX;

export interface SegmentDeps {
  readonly fs: FileSystem;
  readonly files: OpenFiles;
  readonly indexes: IndexCache;
}

/** A file of record batches back to back, with its two sparse indexes. Only the last one of a log grows. */
export class Segment {
  readonly baseOffset: number;
  readonly path: string;
  readonly #deps: SegmentDeps;
  readonly #stem: string;
  #sizeBytes: number;
  #nextOffset: number;
  #maxTimestampMs = -1;
  #firstTimestampMs: number | undefined;
  #indexes: SegmentIndexes | undefined;
  #bytesSinceEntry = 0;

  /** A segment that holds `sizeBytes` of sound batches up to `nextOffset`, or an empty one. */
  constructor(
    folder: string,
    baseOffset: number,
    deps: SegmentDeps,
    extent: { readonly sizeBytes: number; readonly nextOffset: number } = {
      sizeBytes: 0,
      nextOffset: baseOffset,
    },
  ) {
    this.baseOffset = baseOffset;
    this.#stem = path.join(folder, nameAt(baseOffset, ""));
    this.path = this.#stem + LOG_SUFFIX;
    this.#deps = deps;
    this.#sizeBytes = extent.sizeBytes;
    this.#nextOffset = extent.nextOffset;
    if (extent.sizeBytes === 0) this.#indexes = emptyIndexes();
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The offset after the segment's last record. */
  get nextOffset(): number {
    return this.#nextOffset;
  }

  /** Timestamp of the first batch ever added, for rolling by age. Undefined while the segment is empty. */
  get firstTimestampMs(): number | undefined {
    return this.#firstTimestampMs;
  }

  /** Largest timestamp of any record; -1 when none has one. Loads the index of a sealed segment. */
  get maxTimestampMs(): number {
    const { times } = this.indexes();
    return Math.max(this.#maxTimestampMs, times.length > 0 ? times.keyAt(times.length - 1) : -1);
  }

  /** The indexes, read from their files, or made anew from the segment when those do not fit. */
  indexes(): SegmentIndexes {
    const loaded = this.#indexes ?? this.#load() ?? this.#rebuild();
    this.#indexes = loaded;
    return loaded;
  }

  /** Drops the indexes from memory; the next use reads them again. For sealed segments. */
  unload(): void {
    this.#indexes = undefined;
  }

  /** Takes note of a batch that has been written at `position`. */
  add(header: BatchHeader, position: number, intervalBytes: number): void {
    const indexes = this.indexes();
    const lastOffset = header.baseOffset + header.lastOffsetDelta;
    this.#firstTimestampMs ??= header.maxTimestampMs;
    if (header.maxTimestampMs > this.#maxTimestampMs) {
      this.#maxTimestampMs = header.maxTimestampMs;
      this.#pendingTime = { timestampMs: header.maxTimestampMs, offset: lastOffset };
    }
    if (this.#bytesSinceEntry > intervalBytes) {
      indexes.offsets.append(lastOffset, position);
      this.#addTime(indexes);
      this.#bytesSinceEntry = 0;
    }
    this.#bytesSinceEntry += header.lengthBytes;
    this.#sizeBytes = position + header.lengthBytes;
    this.#nextOffset = lastOffset + 1;
  }

  #pendingTime: { readonly timestampMs: number; readonly offset: number } | undefined;

  #addTime({ times }: SegmentIndexes): void {
    if (this.#pendingTime === undefined) return;
    times.append(this.#pendingTime.timestampMs, this.#pendingTime.offset);
    this.#pendingTime = undefined;
  }

  /** Position at or before the batch that contains `offset`. */
  positionBefore(offset: number): number {
    const { offsets } = this.indexes();
    const i = offsets.floor(offset, true);
    this.#deps.indexes.touch(this);
    return i < 0 ? 0 : offsets.valueAt(i);
  }

  /** An offset of which nothing before it has a timestamp at or after `timestampMs`. */
  offsetBefore(timestampMs: number): number {
    const { times } = this.indexes();
    const i = times.floor(timestampMs, false);
    this.#deps.indexes.touch(this);
    return i < 0 ? this.baseOffset : times.valueAt(i);
  }

  /** Writes the index files of a segment that will not grow any more, or at the end of the process. */
  writeIndexes(): void {
    const indexes = this.indexes();
    this.#addTime(indexes);
    this.#deps.fs.writeFile(
      this.#stem + ".index",
      encodeOffsetIndex(indexes.offsets, this.baseOffset),
    );
    this.#deps.fs.writeFile(
      this.#stem + ".timeindex",
      encodeTimeIndex(indexes.times, this.baseOffset),
    );
  }

  /** Deletes the segment's files. */
  remove(): void {
    this.#deps.files.close(this.path);
    for (const suffix of [LOG_SUFFIX, ".index", ".timeindex", ".snapshot"]) {
      this.#deps.fs.remove(this.#stem + suffix);
    }
  }

  #load(): SegmentIndexes | undefined {
    const offsetBytes = this.#deps.fs.readFile(this.#stem + ".index");
    const timeBytes = this.#deps.fs.readFile(this.#stem + ".timeindex");
    if (offsetBytes === undefined || timeBytes === undefined) return undefined;
    const offsets = decodeOffsetIndex(offsetBytes, this.baseOffset, this.#sizeBytes);
    const times = decodeTimeIndex(timeBytes, this.baseOffset);
    return offsets === undefined || times === undefined ? undefined : { offsets, times };
  }

  #rebuild(): SegmentIndexes {
    const { sizeBytes } = this;
    const indexes = emptyIndexes();
    this.#indexes = indexes;
    this.#bytesSinceEntry = 0;
    this.#maxTimestampMs = -1;
    scanBatches(this.#deps.files.use(this.path), {
      from: 0,
      to: sizeBytes,
      crcFrom: Infinity,
      visit: (header, position) => {
        this.add(header, position, REBUILD_INTERVAL_BYTES);
        return true;
      },
    });
    this.#addTime(indexes);
    return indexes;
  }
}

/** How densely a lost index is made anew; Kafka's index.interval.bytes. */
const REBUILD_INTERVAL_BYTES = 4096;

import path from "node:path";
import type { BatchHeader } from "../record/batch.ts";
import type { FileSystem } from "./fs.ts";
import { IndexBuilder } from "./index-builder.ts";
import type { IndexCache } from "./index-cache.ts";
import {
  decodeOffsetIndex,
  decodeTimeIndex,
  encodeOffsetIndex,
  encodeTimeIndex,
  type SegmentIndexes,
} from "./index-files.ts";
import type { OpenFiles } from "./open-files.ts";
import { scanBatches } from "./scan.ts";
import { decodeAborted, encodeAborted } from "./transaction-index.ts";
import type { AbortedTransaction } from "./transactions.ts";

const NAME_DIGITS = 20;
/** How densely a lost index is made anew; Kafka's index.interval.bytes. */
const REBUILD_INTERVAL_BYTES = 4096;

export const SEGMENT_SUFFIX = ".log";
export const OFFSET_INDEX_SUFFIX = ".index";
export const TIME_INDEX_SUFFIX = ".timeindex";
export const TRANSACTION_INDEX_SUFFIX = ".txnindex";
export const SNAPSHOT_SUFFIX = ".snapshot";
/** Of every file that stands beside a segment and means nothing without it. */
export const COMPANION_SUFFIXES = [
  OFFSET_INDEX_SUFFIX,
  TIME_INDEX_SUFFIX,
  TRANSACTION_INDEX_SUFFIX,
  SNAPSHOT_SUFFIX,
] as const;

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

export interface SegmentDeps {
  readonly fs: FileSystem;
  readonly files: OpenFiles;
  readonly indexes: IndexCache;
}

/** A file of record batches back to back, with its two sparse indexes. Only the last one of a log grows. */
export class Segment {
  readonly baseOffset: number;
  readonly #deps: SegmentDeps;
  readonly #stem: string;
  #suffix: string;
  #sizeBytes: number;
  #nextOffset: number;
  #firstTimestampMs: number | undefined;
  /** Undefined until the time index of a segment found on disk has been read. */
  #maxTimestampMs: number | undefined;
  /** Of a segment that is read from its beginning or grows. */
  #builder: IndexBuilder | undefined;
  #loaded: SegmentIndexes | undefined;
  /** Transactions aborted in this segment, in the order of their markers; read when they are asked for. */
  #aborted: AbortedTransaction[] | undefined;

  /**
   * A segment that holds `sizeBytes` of sound batches up to `nextOffset`, or an empty one. `suffix` is
   * another one while the segment has not taken its place yet.
   */
  constructor(
    folder: string,
    baseOffset: number,
    deps: SegmentDeps,
    extent: { readonly sizeBytes: number; readonly nextOffset: number } = {
      sizeBytes: 0,
      nextOffset: baseOffset,
    },
    suffix = SEGMENT_SUFFIX,
  ) {
    this.baseOffset = baseOffset;
    this.#stem = path.join(folder, nameAt(baseOffset, ""));
    this.#suffix = suffix;
    this.#deps = deps;
    this.#sizeBytes = extent.sizeBytes;
    this.#nextOffset = extent.nextOffset;
    if (extent.sizeBytes > 0) return;
    this.#builder = new IndexBuilder(this.baseOffset);
    this.#aborted = [];
  }

  get path(): string {
    return this.#stem + this.#suffix;
  }

  /** The file has the name of a segment; compaction gives it another one at first. */
  get isInPlace(): boolean {
    return this.#suffix === SEGMENT_SUFFIX;
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

  /** Largest timestamp of any record; -1 when none has one. */
  get maxTimestampMs(): number {
    if (this.#maxTimestampMs === undefined) this.#indexes();
    return this.#maxTimestampMs ?? -1;
  }

  /** Every file that may belong to the segment. */
  get files(): readonly string[] {
    return [SEGMENT_SUFFIX, ...COMPANION_SUFFIXES].map((suffix) => this.#stem + suffix);
  }

  /** Takes note of a batch that has been written at `position`, at the end of a growing segment. */
  add(header: BatchHeader, position: number, intervalBytes: number): void {
    if (this.#builder === undefined) throw new Error(`${this.path} is sealed`);
    this.#builder.add(header, position, intervalBytes);
    this.#maxTimestampMs = this.#builder.maxTimestampMs;
    this.#firstTimestampMs ??= header.maxTimestampMs;
    this.#sizeBytes = position + header.lengthBytes;
    this.#nextOffset = header.baseOffset + header.lastOffsetDelta + 1;
  }

  /** Takes note of a transaction whose marker has been added to a growing segment. */
  addAborted(transaction: AbortedTransaction): void {
    this.#aborted?.push(transaction);
  }

  /** Transactions whose abort markers lie in this segment, in the order of the markers. */
  get aborted(): readonly AbortedTransaction[] {
    this.#aborted ??= this.#loadAborted();
    // Having none is remembered for good: readers ask every segment, and most have none.
    if (this.#aborted.length > 0) this.#deps.indexes.touch(this);
    return this.#aborted;
  }

  /** Position at or before the batch that contains `offset`. */
  positionBefore(offset: number): number {
    const { offsets } = this.#indexes();
    const i = offsets.floor(offset, true);
    return i < 0 ? 0 : offsets.valueAt(i);
  }

  /** An offset of which nothing before it has a timestamp at or after `timestampMs`. */
  offsetBefore(timestampMs: number): number {
    const { times } = this.#indexes();
    const i = times.floor(timestampMs, false);
    return i < 0 ? this.baseOffset : times.valueAt(i);
  }

  /**
   * Writes the index files, with `suffix` behind their names. From then on the indexes may be unloaded,
   * and the segment must not grow.
   */
  writeIndexes(suffix = ""): void {
    const { offsets, times } = this.#builder?.complete() ?? this.#indexes();
    const { fs } = this.#deps;
    const file = (kind: string) => this.#stem + kind + suffix;
    fs.writeFile(file(OFFSET_INDEX_SUFFIX), encodeOffsetIndex(offsets, this.baseOffset));
    fs.writeFile(file(TIME_INDEX_SUFFIX), encodeTimeIndex(times, this.baseOffset));
    // Most segments have none, and then no file.
    const transactions = file(TRANSACTION_INDEX_SUFFIX);
    if (this.aborted.length > 0) fs.writeFile(transactions, encodeAborted(this.aborted));
    else fs.remove(transactions);
  }

  /** Writes what is known of producers before the segment, which recovery begins with. */
  writeSnapshot(bytes: Buffer): void {
    this.#deps.fs.writeFile(this.#stem + SNAPSHOT_SUFFIX, bytes);
  }

  /** Gives the file of records another suffix, in place of what may have that name. */
  renameTo(suffix: string): void {
    const { files, fs } = this.#deps;
    files.close(this.path);
    files.close(this.#stem + suffix);
    fs.rename(this.path, this.#stem + suffix);
    this.#suffix = suffix;
  }

  /** Drops the indexes from memory; the next use reads them again. For sealed segments. */
  unload(): void {
    this.#builder = undefined;
    this.#loaded = undefined;
    if (this.#aborted?.length !== 0) this.#aborted = undefined;
  }

  /**
   * Deletes records and the indexes that can be made anew from them. The records go last: when it fails
   * or the process dies in the middle, the segment is still one.
   */
  remove(): void {
    const { fs, files } = this.#deps;
    fs.remove(this.#stem + TIME_INDEX_SUFFIX);
    fs.remove(this.#stem + OFFSET_INDEX_SUFFIX);
    files.close(this.path);
    fs.remove(this.path);
  }

  /** Deletes what else there is of a segment whose records are gone. Recovery does it otherwise. */
  removeRemains(): void {
    this.#deps.fs.remove(this.#stem + TRANSACTION_INDEX_SUFFIX);
    this.#deps.fs.remove(this.#stem + SNAPSHOT_SUFFIX);
  }

  /** The indexes, read from their files, or made anew from the segment when those do not fit. */
  #indexes(): SegmentIndexes {
    this.#deps.indexes.touch(this);
    if (this.#builder !== undefined) return this.#builder.indexes;
    this.#loaded ??= this.#load() ?? this.#rebuild();
    const { times } = this.#loaded;
    this.#maxTimestampMs = times.length > 0 ? times.keyAt(times.length - 1) : -1;
    return this.#loaded;
  }

  #load(): SegmentIndexes | undefined {
    const offsetBytes = this.#deps.fs.readFile(this.#stem + OFFSET_INDEX_SUFFIX);
    const timeBytes = this.#deps.fs.readFile(this.#stem + TIME_INDEX_SUFFIX);
    // No times at all is rare, and cheap to make sure of compared with never finding a record by time.
    if (offsetBytes === undefined || timeBytes === undefined || timeBytes.length === 0) {
      return undefined;
    }
    const offsets = decodeOffsetIndex(offsetBytes, this.baseOffset, this.#sizeBytes);
    const times = decodeTimeIndex(timeBytes, this.baseOffset);
    return offsets === undefined || times === undefined ? undefined : { offsets, times };
  }

  #loadAborted(): AbortedTransaction[] {
    const bytes = this.#deps.fs.readFile(this.#stem + TRANSACTION_INDEX_SUFFIX);
    return (bytes && decodeAborted(bytes, this.baseOffset)) ?? [];
  }

  #rebuild(): SegmentIndexes {
    const builder = new IndexBuilder(this.baseOffset);
    scanBatches(this.#deps.files.use(this.path), {
      from: 0,
      to: this.#sizeBytes,
      crcFrom: Infinity,
      visit: (header, position) => {
        builder.add(header, position, REBUILD_INTERVAL_BYTES);
        return true;
      },
    });
    return builder.complete();
  }
}

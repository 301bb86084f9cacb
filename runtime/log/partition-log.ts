import type { Logger } from "../core/logger.ts";
import { type BatchHeader, patchBatch, readBatchHeader } from "../record/batch.ts";
import { readEndMarker } from "../record/control.ts";
import type { LogConfig } from "./log-config.ts";
import { type EpochEnd, type LeaderEpochs, leaderEpochsFile } from "./leader-epochs.ts";
import {
  type Allocate,
  findTimestamp,
  hasRecords,
  type ReadLimits,
  readSegment,
  type SegmentRead,
} from "./log-reader.ts";
import { encodeProducers } from "./producer-snapshot.ts";
import type { ProducerState } from "./producer-state.ts";
import { type RecoveryPoint, recoverLog } from "./recovery.ts";
import { Segment, type SegmentDeps } from "./segment.ts";
import {
  readStartOffset,
  START_OFFSET_FILE,
  startOffsetFile,
  writeStartOffset,
} from "./start-offset.ts";
import { StorageError } from "./storage-error.ts";
import type { AbortedTransaction, OpenTransactions } from "./transactions.ts";

export type { LogConfig } from "./log-config.ts";

/** Positions in the offset index are 32-bit. */
const MAX_SEGMENT_BYTES = 2 ** 31 - 1;
/** Ends of recent reads, remembered so that a reader that goes on needs no search. */
const MAX_READ_ENDS = 32;

export type LogRead =
  | { readonly kind: "data"; readonly bytes: Buffer }
  | { readonly kind: "empty" }
  | { readonly kind: "out-of-range" };

export interface LogDeps extends SegmentDeps {
  readonly logger: Logger;
  /** Called when a segment has been sealed, which is a good time to bring it to the device. */
  readonly onSealed: () => void;
}

export interface TimestampHit {
  readonly offset: number;
  readonly timestampMs: number;
}

/**
 * One partition on disk. Batches are staged, which assigns their offsets, and written together by
 * `flush`; readers see only what has been written. See FORMAT.md for the files.
 */
export class PartitionLog {
  readonly folder: string;
  readonly producers: ProducerState;
  /** Of what has been written; what is staged is not part of it. */
  readonly transactions: OpenTransactions;
  readonly #deps: LogDeps;
  readonly #segments: Segment[];
  readonly #epochs: LeaderEpochs;
  readonly #readEnds = new Map<number, { readonly segment: Segment; readonly position: number }>();
  #config: LogConfig;
  /** Where DeleteRecords moved the start to; retention may be further on. */
  #movedStart: number;
  /** What is staged: the batches, and in the same order their headers. */
  #batches: Buffer[] = [];
  #headers: BatchHeader[] = [];
  #stagedEnd: number;
  #sizeBytes: number;
  #tornTail = false;

  private constructor(folder: string, deps: LogDeps, config: LogConfig, known?: RecoveryPoint) {
    const recovered = recoverLog(folder, deps, config.indexIntervalBytes, known);
    const { segments, names, producers, transactions, epochs } = recovered;
    this.folder = folder;
    this.producers = producers;
    this.transactions = transactions;
    this.#deps = deps;
    this.#segments = segments;
    this.#epochs = epochs;
    this.#config = config;
    this.#stagedEnd = this.endOffset;
    this.#sizeBytes = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    deps.indexes.pin(this.#active);
    const hasMoved = names.includes(START_OFFSET_FILE);
    const moved = hasMoved ? readStartOffset(deps.fs, folder, deps.logger) : 0;
    this.#movedStart = Math.min(moved, this.endOffset);
    // A power cut took the end of the log: what is written now must not be deleted with it.
    if (this.#movedStart < moved) writeStartOffset(deps.fs, folder, this.#movedStart);
  }

  /** Opens the log in `folder`, which need not exist yet, and recovers it if need be. Throws StorageError. */
  static open(
    folder: string,
    deps: LogDeps,
    config: LogConfig,
    known?: RecoveryPoint,
  ): PartitionLog {
    return new PartitionLog(folder, deps, config, known);
  }

  /** The first offset that is still there. */
  get startOffset(): number {
    return Math.max(this.#segments[0]?.baseOffset ?? 0, this.#movedStart);
  }

  /** The offset the next written record gets; everything before it can be read. */
  get endOffset(): number {
    return this.#active.nextOffset;
  }

  /** Everything before it belongs to no open transaction: where readers of committed records end. */
  get lastStableOffset(): number {
    return Math.max(this.startOffset, this.transactions.firstOffset ?? this.endOffset);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The epoch of the leader that writes now. */
  get leaderEpoch(): number {
    return this.#epochs.latest;
  }

  /** What is written from now on is of this leader epoch, unless there was a later one. Flush before. */
  startLeaderEpoch(epoch: number): void {
    if (this.#batches.length > 0) throw new Error(`${this.folder} has batches of the epoch before`);
    this.#epochs.assign(epoch, this.endOffset);
  }

  /** The largest leader epoch at or below `epoch`, and the offset at which it ended. */
  endOfLeaderEpoch(epoch: number): EpochEnd {
    return this.#epochs.endOf(epoch, this);
  }

  /** The leader epoch of the record at `offset`. */
  leaderEpochAt(offset: number): number {
    return this.#epochs.at(offset);
  }

  get config(): LogConfig {
    return this.#config;
  }

  setConfig(config: LogConfig): void {
    this.#config = config;
  }

  get #active(): Segment {
    const last = this.#segments.at(-1);
    if (last === undefined) throw new Error(`${this.folder} has no segment`);
    return last;
  }

  /**
   * Gives a checked batch its offset, in place, and keeps it for the next flush. Until then the bytes
   * must stay as they are. Returns the base offset.
   */
  stage(batch: Buffer): number {
    const baseOffset = this.#stagedEnd;
    patchBatch(batch, 0, baseOffset, this.#epochs.latest);
    const header = readBatchHeader(batch, 0);
    this.producers.add(header, baseOffset);
    this.#batches.push(batch);
    this.#headers.push(header);
    this.#stagedEnd = baseOffset + header.lastOffsetDelta + 1;
    return baseOffset;
  }

  /**
   * Writes what is staged with one call to the disk. When that fails nothing of it remains, offsets
   * and producer state included, and the StorageError is thrown.
   */
  flush(): void {
    if (this.#batches.length === 0) return;
    const [batches, headers] = [this.#batches, this.#headers];
    this.#batches = [];
    this.#headers = [];
    try {
      this.#write(batches, headers);
    } catch (error) {
      this.#stagedEnd = this.endOffset;
      this.producers.rollback();
      throw error;
    }
    this.producers.commit();
  }

  #write(batches: readonly Buffer[], headers: readonly BatchHeader[]): void {
    const bytes = headers.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
    this.#cutTail();
    if (this.#isFullFor(bytes, headers)) this.#roll();
    const active = this.#active;
    if (active.sizeBytes === 0) this.#deps.fs.makeFolder(this.folder);
    if (!this.#epochs.saved) this.#epochs.save(this.#deps.fs, this.folder);
    const file = this.#deps.files.use(active.path, true);
    try {
      this.#tornTail = true;
      file.writeAt(batches, active.sizeBytes);
      this.#tornTail = false;
    } catch (error) {
      this.#tryToCutTail();
      throw error;
    }
    for (const [i, header] of headers.entries()) {
      active.add(header, active.sizeBytes, this.#config.indexIntervalBytes);
      const batch = header.isControl ? batches[i] : undefined;
      const marker = batch && readEndMarker(batch, 0);
      const aborted = this.transactions.add(header, marker);
      if (aborted !== undefined) active.addAborted(aborted);
    }
    this.#sizeBytes += bytes;
  }

  /** Cuts off what a failed write left at the end of the last segment, where records may follow. */
  #cutTail(): void {
    if (!this.#tornTail) return;
    const { path: file, sizeBytes } = this.#active;
    this.#deps.files.use(file).truncate(sizeBytes);
    this.#tornTail = false;
  }

  /** A disk that refuses even that is asked again before the next write, and recovery does it otherwise. */
  #tryToCutTail(): void {
    try {
      this.#cutTail();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#deps.logger.warn(error.message);
    }
  }

  #isFullFor(bytes: number, headers: readonly BatchHeader[]): boolean {
    const { sizeBytes, baseOffset, firstTimestampMs } = this.#active;
    if (sizeBytes === 0) return false;
    const { segmentBytes, segmentMs } = this.#config;
    const newest = headers.reduce((max, { maxTimestampMs }) => Math.max(max, maxTimestampMs), -1);
    return (
      sizeBytes + bytes > Math.min(segmentBytes, MAX_SEGMENT_BYTES) ||
      (firstTimestampMs !== undefined && newest - firstTimestampMs > segmentMs) ||
      this.#stagedEnd - baseOffset > MAX_SEGMENT_BYTES
    );
  }

  /** Seals the last segment and begins another at the end of the log. */
  #roll(): void {
    this.#cutTail();
    const sealed = this.#active;
    const next = new Segment(this.folder, this.endOffset, this.#deps);
    sealed.writeIndexes();
    next.writeSnapshot(encodeProducers(this));
    this.#segments.push(next);
    this.#deps.indexes.pin(next);
    this.#deps.indexes.unpin(sealed);
    this.#deps.onSealed();
  }

  /**
   * Reads whole batches from `offset` on into a buffer from `allocate`; the first one contains
   * `offset` and may begin before it. One read stays within one segment.
   */
  read(offset: number, limits: ReadLimits, allocate: Allocate): LogRead {
    if (offset < this.startOffset || offset > this.endOffset) return { kind: "out-of-range" };
    let place = this.#placeOf(offset);
    let from = offset;
    let hollow: LogRead = { kind: "empty" };
    while (place !== undefined) {
      const { segment, position }: { segment: Segment; position: number } = place;
      const read = readSegment(this.#deps.files, segment, position, from, limits, allocate);
      if (read.bytes.length > 0) {
        const data: LogRead = { kind: "data", bytes: read.bytes };
        if (hasRecords(read.bytes)) {
          this.#rememberEnd(segment, read);
          return data;
        }
        // Some clients do not get past batches that compaction has emptied unless others follow.
        hollow = data;
        from = read.nextOffset;
        place = { segment, position: read.end };
        continue;
      }
      if (read.end < segment.sizeBytes) return hollow;
      // The segment has nothing from this offset on; the next one has the rest.
      const next = this.#segments[this.#segments.indexOf(segment) + 1];
      place = next === undefined ? undefined : { segment: next, position: 0 };
    }
    return hollow;
  }

  #placeOf(offset: number): { readonly segment: Segment; readonly position: number } | undefined {
    if (offset === this.endOffset) return undefined;
    const segment = this.#segmentOf(offset);
    const end = this.#readEnds.get(offset);
    // The segment may have been deleted since, or sealed right where the reader stopped.
    if (end !== undefined && end.segment === segment) return end;
    return segment && { segment, position: segment.positionBefore(offset) };
  }

  #segmentOf(offset: number): Segment | undefined {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#segments[middle]?.baseOffset ?? Infinity) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low];
  }

  /** The reader that got these bytes will probably ask for what follows them. */
  #rememberEnd(segment: Segment, { end, nextOffset }: SegmentRead): void {
    if (end >= segment.sizeBytes && segment !== this.#active) return;
    this.#readEnds.delete(nextOffset);
    this.#readEnds.set(nextOffset, { segment, position: end });
    const oldest = this.#readEnds.keys().next();
    if (this.#readEnds.size > MAX_READ_ENDS && oldest.done !== true) {
      this.#readEnds.delete(oldest.value);
    }
  }

  /** Aborted transactions with records from `from` up to `to`, in the order of their first offsets. */
  abortedTransactions(from: number, to: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    const first = this.#segmentOf(from);
    for (let i = first ? this.#segments.indexOf(first) : 0; i < this.#segments.length; i++) {
      for (const aborted of this.#segments[i]?.aborted ?? []) {
        if (aborted.lastOffset >= from && aborted.firstOffset < to) found.push(aborted);
        // Whatever ended later began at or after this offset.
        if (aborted.lastStableOffset >= to) return found.sort(byFirstOffset);
      }
    }
    return found.sort(byFirstOffset);
  }

  /** Bytes stored from the batch that contains `offset` to the end; a few kilobytes too many at most. */
  bytesFrom(offset: number): number {
    const place = this.#placeOf(Math.max(offset, this.startOffset));
    if (place === undefined) return 0;
    let bytes = -place.position;
    for (let i = this.#segments.length - 1; i >= 0; i--) {
      const segment = this.#segments[i];
      bytes += segment?.sizeBytes ?? 0;
      if (segment === place.segment) break;
    }
    return bytes;
  }

  /** The first record whose timestamp is at or after `timestampMs`, also inside a compressed batch. */
  offsetForTime(timestampMs: number): TimestampHit | undefined {
    for (const segment of this.#segments) {
      if (segment.sizeBytes === 0 || segment.maxTimestampMs < timestampMs) continue;
      const from = Math.max(segment.offsetBefore(timestampMs), this.startOffset);
      const position = segment.positionBefore(from);
      const least = { timestampMs, offset: this.startOffset };
      const hit = findTimestamp(this.#deps.files, segment, position, least);
      if (hit !== undefined) return hit;
    }
    return undefined;
  }

  /**
   * The first record that has the largest timestamp of all; undefined when none has a timestamp. Where
   * compaction has emptied the batch that had it, a record of the next largest of another segment.
   */
  maxTimestamp(): TimestampHit | undefined {
    const largest = this.#segments.map(({ maxTimestampMs }) => maxTimestampMs);
    for (const timestampMs of largest.sort((a, b) => b - a)) {
      const hit = timestampMs < 0 ? undefined : this.offsetForTime(timestampMs);
      if (hit !== undefined) return hit;
    }
    return undefined;
  }

  /**
   * Deletes oldest segments that are past their time or more than the size allows, and returns how
   * many. When everything is past its time the last segment is sealed first, so that offsets go on.
   */
  applyRetention(nowMs: number): number {
    this.producers.expire(nowMs, this.transactions.entries);
    const { retentionMs, retentionBytes } = this.#config;
    const isPast = (segment: Segment) =>
      retentionMs >= 0 &&
      segment.sizeBytes > 0 &&
      segment.maxTimestampMs >= 0 &&
      nowMs - segment.maxTimestampMs > retentionMs;
    if (this.#hasReplacement) return 0;
    if (this.#batches.length === 0 && this.#segments.every(isPast)) this.#roll();
    let deleted = 0;
    for (;;) {
      const [oldest] = this.#segments;
      if (oldest === undefined || oldest === this.#active) return deleted;
      const isTooMuch = retentionBytes >= 0 && this.#sizeBytes - oldest.sizeBytes >= retentionBytes;
      if (!isPast(oldest) && !isTooMuch) return deleted;
      this.#dropOldest(oldest);
      deleted++;
    }
  }

  /** A segment that cannot be removed stays, and so do those after it: a log has no holes. */
  #dropOldest(oldest: Segment): void {
    oldest.remove();
    this.#segments.shift();
    this.#sizeBytes -= oldest.sizeBytes;
    this.#deps.indexes.forget(oldest);
    oldest.removeRemains();
  }

  /**
   * Moves the start to `offset`, which is not beyond the end, and deletes the segments before it. It
   * never moves back. Throws StorageError; some of it may be done all the same.
   */
  deleteBefore(offset: number): void {
    if (offset <= this.startOffset) return;
    writeStartOffset(this.#deps.fs, this.folder, offset);
    this.#movedStart = offset;
    if (this.#hasReplacement) return;
    if (offset === this.endOffset && this.#batches.length === 0 && this.#active.sizeBytes > 0) {
      this.#roll();
    }
    for (;;) {
      const [oldest, next] = this.#segments;
      if (oldest === undefined || next === undefined || next.baseOffset > offset) return;
      this.#dropOldest(oldest);
    }
  }

  /** One that the disk did not let be finished: it would bring back segments that are deleted now. */
  get #hasReplacement(): boolean {
    return this.#segments.some(({ isInPlace }) => !isInPlace);
  }

  /** Segments that do not grow any more and hold nothing of an open transaction, from the oldest on. */
  get stable(): readonly Segment[] {
    const end = this.lastStableOffset;
    return this.#segments.slice(0, -1).filter(({ nextOffset }) => nextOffset <= end);
  }

  /** Puts what compaction made of some segments in a row in their place. Their files are left alone. */
  replaceSegments(old: readonly Segment[], by: Segment): void {
    const at = this.#segments.findIndex((segment) => segment === old[0]);
    if (at < 0) throw new Error(`${by.path} replaces what is not there`);
    for (const segment of this.#segments.splice(at, old.length, by)) {
      this.#deps.files.close(segment.path);
      this.#deps.indexes.forget(segment);
      this.#sizeBytes -= segment.sizeBytes;
    }
    this.#sizeBytes += by.sizeBytes;
    this.#readEnds.clear();
  }

  /** Up to where the log is written now; sound once a `sync` begun after it has ended. */
  get recoveryPoint(): RecoveryPoint {
    return { segmentOffset: this.#active.baseOffset, position: this.#active.sizeBytes };
  }

  /** Files whose contents a sync of everything since `since` has to reach; not all of them exist. */
  filesSince(since: RecoveryPoint | undefined): string[] {
    const from = since?.segmentOffset ?? 0;
    const files = this.#segments
      .filter(({ baseOffset }) => baseOffset >= from)
      .flatMap((segment) => segment.files);
    const isMoved = this.#movedStart > 0;
    const hasEpochs = this.#epochs.latest > 0;
    return [
      ...files,
      ...(isMoved ? [startOffsetFile(this.folder)] : []),
      ...(hasEpochs ? [leaderEpochsFile(this.folder)] : []),
    ];
  }

  /** Files that hold records from `offset` on; the last one may not be there yet. */
  recordFilesFrom(offset: number): string[] {
    return this.#segments.filter(({ nextOffset }) => nextOffset > offset).map((one) => one.path);
  }

  /** Gives up the files. What is staged is lost; flush first. */
  close(): void {
    for (const segment of this.#segments) {
      this.#deps.files.close(segment.path);
      this.#deps.indexes.forget(segment);
    }
  }
}

function byFirstOffset(a: AbortedTransaction, b: AbortedTransaction): number {
  return a.firstOffset - b.firstOffset;
}

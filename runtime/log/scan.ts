import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  batchLength,
  readBatchHeader,
} from "../record/batch.ts";
import { type BatchFault, checkBatch } from "../record/validate.ts";
import type { OpenFile } from "./fs.ts";

/** Read at once while every byte is checked. */
const WINDOW_BYTES = 256 * 1024;
/**
 * Read at once while hopping from header to header: little where batches are large, and more and more
 * while they are small.
 */
const MIN_HOP_BYTES = 2 * 1024;
const MAX_HOP_BYTES = 64 * 1024;

/** A stretch of a file in memory that moves along as the scan goes on. */
class Window {
  readonly #file: OpenFile;
  readonly #end: number;
  #memory = Buffer.alloc(0);
  #bytes = this.#memory;
  #start = 0;

  constructor(file: OpenFile, end: number) {
    this.#file = file;
    this.#end = end;
  }

  /** At least `bytes` bytes from `position` on, or fewer at the end of the scan. Reads `ahead` bytes if need be. */
  at(position: number, bytes: number, ahead: number): Buffer {
    const wanted = Math.min(bytes, this.#end - position);
    const offset = position - this.#start;
    if (offset < 0 || offset + wanted > this.#bytes.length) {
      const length = Math.min(this.#end - position, Math.max(wanted, ahead));
      if (length > this.#memory.length) this.#memory = Buffer.allocUnsafe(length);
      const target = this.#memory.subarray(0, length);
      this.#bytes = target.subarray(0, this.#file.readAt(target, position));
      this.#start = position;
    }
    return this.#bytes.subarray(position - this.#start);
  }
}

export interface ScanOptions {
  readonly from: number;
  /** The scan ends here at the latest. */
  readonly to: number;
  /** Batches from this position on have their CRC checked. */
  readonly crcFrom: number;
  /** Called for each sound batch in turn; false ends the scan before it. */
  readonly visit: (header: BatchHeader, position: number) => boolean;
}

export interface ScanResult {
  /** Where the sound batches end. */
  readonly end: number;
  /** Why they end there, when it is not the end of the scan. */
  readonly fault: BatchFault | undefined;
}

/** Goes from batch to batch of a segment file. Bytes between headers are read only to check their CRC. */
export function scanBatches(file: OpenFile, options: ScanOptions): ScanResult {
  const { to, crcFrom, visit } = options;
  const window = new Window(file, to);
  let position = options.from;
  let hopBytes = MIN_HOP_BYTES;
  while (position < to) {
    const withCrc = position >= crcFrom;
    const ahead = withCrc ? WINDOW_BYTES : hopBytes;
    const head = window.at(position, BATCH_HEADER_BYTES, ahead);
    if (head.length < BATCH_HEADER_BYTES) return { end: position, fault: "truncated" };
    const length = batchLength(head, 0);
    const end = to - position;
    const sizeFault = length < BATCH_HEADER_BYTES || length > end;
    const bytes = withCrc && !sizeFault ? window.at(position, length, ahead) : head;
    const fault = checkBatch(bytes, 0, withCrc ? bytes.length : end, withCrc);
    if (fault !== undefined) return { end: position, fault };
    if (!visit(readBatchHeader(bytes, 0), position)) return { end: position, fault: undefined };
    position += length;
    hopBytes = length < hopBytes ? Math.min(2 * hopBytes, MAX_HOP_BYTES) : MIN_HOP_BYTES;
  }
  return { end: position, fault: undefined };
}

import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  batchLength,
  readBatchHeader,
} from "../../record/batch.ts";
import type { OpenFiles } from "../open-files.ts";
import type { Segment } from "../segment.ts";
import { storageError } from "../storage-error.ts";

/** Read or written at once. */
const WINDOW_BYTES = 256 * 1024;

export interface StoredBatch {
  /** A view that is valid until the next batch is asked for. */
  readonly bytes: Buffer;
  readonly header: BatchHeader;
  /** Nothing follows it in its segment. */
  readonly isLast: boolean;
}

/** Reads a sealed segment batch by batch, as far as it is asked to. Throws StorageError. */
export function* batchesOf(files: OpenFiles, segment: Segment): Generator<StoredBatch, void, void> {
  let memory = Buffer.allocUnsafe(WINDOW_BYTES);
  let window = memory.subarray(0, 0);
  let start = 0;
  const need = (position: number, bytes: number): Buffer => {
    const at = position - start;
    if (at + bytes <= window.length) return window.subarray(at);
    if (bytes > memory.length) memory = Buffer.allocUnsafe(bytes);
    window = memory.subarray(0, files.use(segment.path).readAt(memory, position));
    start = position;
    return window;
  };
  for (let position = 0; position < segment.sizeBytes;) {
    const head = need(position, BATCH_HEADER_BYTES);
    const length = head.length < BATCH_HEADER_BYTES ? 0 : batchLength(head, 0);
    const end = position + length;
    const bytes =
      length >= BATCH_HEADER_BYTES && end <= segment.sizeBytes ? need(position, length) : head;
    if (length < BATCH_HEADER_BYTES || bytes.length < length) {
      throw storageError("read", segment.path, new Error(`there is no batch at byte ${position}`));
    }
    const isLast = end === segment.sizeBytes;
    yield { bytes: bytes.subarray(0, length), header: readBatchHeader(bytes, 0), isLast };
    position = end;
  }
}

/** Writes batches to a growing segment, many at a time. */
export class SegmentWriter {
  readonly #files: OpenFiles;
  readonly #segment: Segment;
  readonly #indexIntervalBytes: number;
  readonly #memory = Buffer.allocUnsafe(WINDOW_BYTES);
  #filled = 0;
  #position = 0;

  /** Begins with an empty file, whatever there may be under its name. */
  constructor(files: OpenFiles, segment: Segment, indexIntervalBytes: number) {
    this.#files = files;
    this.#segment = segment;
    this.#indexIntervalBytes = indexIntervalBytes;
    files.use(segment.path, true).truncate(0);
  }

  add(batch: Buffer): void {
    const position = this.#position + this.#filled;
    if (this.#filled + batch.length > this.#memory.length) this.flush();
    if (batch.length > this.#memory.length) this.#write(batch);
    else this.#filled += batch.copy(this.#memory, this.#filled);
    this.#segment.add(readBatchHeader(batch, 0), position, this.#indexIntervalBytes);
  }

  flush(): void {
    if (this.#filled > 0) this.#write(this.#memory.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #write(bytes: Buffer): void {
    this.#files.use(this.#segment.path).writeAt([bytes], this.#position);
    this.#position += bytes.length;
  }
}

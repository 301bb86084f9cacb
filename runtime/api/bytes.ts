/** UTF-8 that keeps a byte order mark, so that text to bytes and back is exact. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of `bytes`, with U+FFFD where they are not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** The text of `bytes`, or undefined when they are not UTF-8. */
export function exactTextOf(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Appends big-endian numbers and bytes to a buffer that grows. */
export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(1_024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  u8(value: number): void {
    this.#grow(1);
    this.#view.setUint8(this.#length, value);
    this.#length += 1;
  }

  i32(value: number): void {
    this.#grow(4);
    this.#view.setInt32(this.#length, value);
    this.#length += 4;
  }

  f64(value: number): void {
    this.#grow(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
  }

  /** An i32 length, -1 for null, and the bytes. */
  sized(bytes: Uint8Array | null): void {
    this.i32(bytes === null ? -1 : bytes.length);
    if (bytes === null) return;
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was written. It shares memory with the writer, which must not be used any more. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** The bytes do not have the form that their reader expects. */
export class MalformedBytes extends Error {
  override readonly name = "MalformedBytes";
}

/** Reads what a ByteWriter wrote. Every read is checked against the end and throws MalformedBytes past it. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  /** An integer of magnitude below 2^53. */
  integer(): number {
    const value = this.#view.getFloat64(this.#take(8));
    if (!Number.isSafeInteger(value)) throw new MalformedBytes("a number is not an integer");
    return value;
  }

  /** A finite number, whole or not: a 64-bit timestamp beyond 2^53 arrives rounded. */
  number(): number {
    const value = this.#view.getFloat64(this.#take(8));
    if (!Number.isFinite(value)) throw new MalformedBytes("a number is not finite");
    return value;
  }

  /** A view of the bytes, not a copy; null for length -1. */
  sized(): Uint8Array | null {
    const length = this.i32();
    if (length === -1) return null;
    if (length < 0) throw new MalformedBytes(`a length is ${length}`);
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A number of things that take at least `leastBytes` each, so that garbage cannot ask for much memory. */
  count(leastBytes: number): number {
    const count = this.i32();
    if (count < 0 || count * leastBytes > this.remaining) {
      throw new MalformedBytes(`${count} items do not fit in ${this.remaining} bytes`);
    }
    return count;
  }

  /** Throws unless everything was read. */
  end(): void {
    if (this.remaining !== 0) throw new MalformedBytes(`${this.remaining} bytes are left over`);
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (bytes > this.remaining) throw new MalformedBytes("the end comes too early");
    this.#at += bytes;
    return at;
  }
}

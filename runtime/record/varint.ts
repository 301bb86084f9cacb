/** Records are made of zigzag varints, as in Protocol Buffers; a 64-bit one has at most ten bytes. */

/** Bytes of a claimed structure that are not there or make no sense. */
export class RecordFormatError extends Error {
  override readonly name = "RecordFormatError";
}

/** Reads record fields from a buffer, checking every length against the bytes that are left. */
export class RecordReader {
  readonly #buffer: Buffer;
  #at: number;

  constructor(buffer: Buffer, at: number) {
    this.#buffer = buffer;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  int8(): number {
    this.#need(1);
    return this.#buffer.readInt8(this.#at++);
  }

  /** A zigzag varint of up to 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      this.#need(1);
      const byte = this.#buffer.readUInt8(this.#at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw new RecordFormatError(`a varint at byte ${this.#at} has more than five bytes`);
  }

  /** A zigzag varint of up to 64 bits; exact up to 2^53. */
  varlong(): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      this.#need(1);
      const byte = this.#buffer.readUInt8(this.#at++);
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new RecordFormatError(`a varint at byte ${this.#at} has more than ten bytes`);
  }

  /** Bytes with their length before them; null for the length -1. The result is a view. */
  bytes(): Buffer | null {
    const length = this.varint();
    if (length === -1) return null;
    if (length < 0) throw new RecordFormatError(`a length of ${length} at byte ${this.#at}`);
    this.#need(length);
    this.#at += length;
    return this.#buffer.subarray(this.#at - length, this.#at);
  }

  /** Goes on at `at`, which is not before here. */
  skipTo(at: number): void {
    this.#need(at - this.#at);
    this.#at = at;
  }

  #need(bytes: number): void {
    if (this.#at + bytes > this.#buffer.length) {
      throw new RecordFormatError(`a record ends beyond its batch at byte ${this.#buffer.length}`);
    }
  }
}

/** Appends record fields to a buffer that grows. */
export class RecordWriter {
  #buffer = Buffer.allocUnsafe(1024);
  #at = 0;

  int8(value: number): void {
    this.#reserve(1);
    this.#at = this.#buffer.writeInt8(value, this.#at);
  }

  /** A zigzag varint; exact for integers up to 2^52. */
  varint(value: number): void {
    this.#reserve(10);
    let rest = value >= 0 ? value * 2 : -value * 2 - 1;
    while (rest >= 0x80) {
      this.#buffer[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#at++] = rest;
  }

  bytes(value: Uint8Array | null): void {
    if (value === null) {
      this.varint(-1);
      return;
    }
    this.varint(value.length);
    this.raw(value);
  }

  /** Bytes without their length. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#at);
    this.#at += value.length;
  }

  /** Starts again and keeps the memory. */
  clear(): void {
    this.#at = 0;
  }

  /** What has been written, as a view that the next write may change. */
  view(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}

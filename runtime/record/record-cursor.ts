import { RecordFormatError, RecordReader } from "./varint.ts";

/**
 * Walks over the records of a batch without making anything of them: where key, value and headers lie
 * is said in numbers, which hold until the next step. For who looks at millions of records to find a few.
 */
export class RecordCursor {
  /** The records of the batch, unfolded. */
  bytes: Buffer = Buffer.alloc(0);
  offset = 0;
  /** Milliseconds since the Unix epoch; -1 when the record has none. */
  timestampMs = 0;
  /** Where the key begins; -1 for a null key, and then its end means nothing. The same for the value. */
  keyStart = 0;
  keyEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  /** The headers as they are stored, their count first. */
  headersStart = 0;
  recordStart = 0;
  recordEnd = 0;
  #baseOffset = 0;
  #baseTimestampMs = 0;
  #appendTimeMs: number | undefined;
  #left = 0;
  #at = 0;

  /** Begins with the records of another batch. `appendTimeMs` is the time of all of them where the broker gave it. */
  begin(
    bytes: Buffer,
    batch: {
      readonly baseOffset: number;
      readonly baseTimestampMs: number;
      readonly recordCount: number;
      readonly appendTimeMs: number | undefined;
    },
  ): void {
    this.bytes = bytes;
    this.#baseOffset = batch.baseOffset;
    this.#baseTimestampMs = batch.baseTimestampMs;
    this.#appendTimeMs = batch.appendTimeMs;
    this.#left = batch.recordCount;
    this.#at = 0;
  }

  /** Steps to the next record; false after the last. Throws RecordFormatError where one makes no sense. */
  next(): boolean {
    if (this.#left <= 0) return false;
    this.#left--;
    this.recordStart = this.#at;
    const length = this.#varint();
    const end = this.#at + length;
    if (length < 0 || end > this.bytes.length) throw this.#malformed();
    this.#at++;
    const timestampDelta = this.#varlong();
    this.timestampMs = this.#appendTimeMs ?? this.#baseTimestampMs + timestampDelta;
    this.offset = this.#baseOffset + this.#varint();
    const keyBytes = this.#varint();
    this.keyStart = keyBytes < 0 ? -1 : this.#at;
    if (keyBytes > 0) this.#at += keyBytes;
    this.keyEnd = this.#at;
    const valueBytes = this.#varint();
    this.valueStart = valueBytes < 0 ? -1 : this.#at;
    if (valueBytes > 0) this.#at += valueBytes;
    this.valueEnd = this.#at;
    if (this.#at >= end) throw this.#malformed();
    this.headersStart = this.#at;
    this.recordEnd = end;
    this.#at = end;
    return true;
  }

  /** The headers of the present record, in their order. */
  *headers(): Generator<{ readonly key: Buffer; readonly value: Buffer | null }, void, void> {
    const reader = new RecordReader(this.bytes, this.headersStart);
    for (let left = reader.varint(); left > 0; left--) {
      const key = reader.bytes();
      if (key === null || reader.at > this.recordEnd) throw this.#malformed();
      yield { key, value: reader.bytes() };
    }
  }

  /** A zigzag varint of up to 32 bits. Nearly all are of one byte or of two. */
  #varint(): number {
    const { bytes } = this;
    const at = this.#at;
    if (at + 1 < bytes.length) {
      const first = bytes[at] ?? 0;
      if (first < 0x80) {
        this.#at = at + 1;
        return (first >>> 1) ^ -(first & 1);
      }
      const second = bytes[at + 1] ?? 0;
      if (second < 0x80) {
        this.#at = at + 2;
        return (((second << 7) | (first & 0x7f)) >>> 1) ^ -(first & 1);
      }
    }
    return this.#longVarint();
  }

  #longVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.#at++];
      if (byte === undefined) throw this.#malformed();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw this.#malformed();
  }

  /** A zigzag varint of up to 64 bits, exact up to 2^53. */
  #varlong(): number {
    const first = this.bytes[this.#at];
    const second = this.bytes[this.#at + 1];
    if (first !== undefined && second !== undefined && (first < 0x80 || second < 0x80)) {
      return this.#varint();
    }
    let value = 0;
    for (let scale = 1, bytes = 0; bytes < 10; bytes++, scale *= 128) {
      const byte = this.bytes[this.#at++];
      if (byte === undefined) throw this.#malformed();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw this.#malformed();
  }

  #malformed(): RecordFormatError {
    return new RecordFormatError(`a record at byte ${this.#at} does not fit its batch`);
  }
}

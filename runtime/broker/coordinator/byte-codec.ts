/** Longest string of the fixed-width encoding, in UTF-8 bytes. */
export const MAX_STRING_BYTES = 32_767;

/** Thrown by {@link ByteReader} when bytes end early or a length makes no sense. */
export class MalformedRecordError extends Error {
  override readonly name = "MalformedRecordError";
}

const UUID_BYTES = 16;

/**
 * Builds the bytes of a record key or value in Kafka's fixed-width encoding: big-endian numbers,
 * strings with a 16-bit and bytes with a 32-bit length, -1 for null; or in the flexible (KIP-482) one.
 */
export class ByteWriter {
  readonly #parts: Buffer[] = [];
  /** Compact lengths and tagged fields, as a message's flexible versions have them. */
  flexible = false;

  int8(value: number): this {
    const part = Buffer.allocUnsafe(1);
    part.writeInt8(value);
    return this.#push(part);
  }

  int16(value: number): this {
    const part = Buffer.allocUnsafe(2);
    part.writeInt16BE(value);
    return this.#push(part);
  }

  int32(value: number): this {
    const part = Buffer.allocUnsafe(4);
    part.writeInt32BE(value);
    return this.#push(part);
  }

  /** Writes an integer within ±2^53. */
  int64(value: number): this {
    const part = Buffer.allocUnsafe(8);
    part.writeInt32BE(Math.floor(value / 2 ** 32), 0);
    part.writeUInt32BE(value - Math.floor(value / 2 ** 32) * 2 ** 32, 4);
    return this.#push(part);
  }

  /** Throws a RangeError for more than 32,767 UTF-8 bytes; callers check what comes from outside. */
  string(value: string | null): this {
    if (value === null) return this.flexible ? this.#uvarint(0) : this.int16(-1);
    const part = Buffer.from(value, "utf8");
    if (part.length > MAX_STRING_BYTES) throw new RangeError("string longer than 32,767 bytes");
    if (this.flexible) return this.#uvarint(part.length + 1).#push(part);
    return this.int16(part.length).#push(part);
  }

  /** A Kafka uuid from its base64url form. */
  uuid(value: string): this {
    const part = Buffer.from(value, "base64url");
    if (part.length !== UUID_BYTES) throw new RangeError(`${value} is no uuid`);
    return this.#push(part);
  }

  /** The number of elements of a flexible array; -1 stands for null. */
  arrayLength(length: number): this {
    return this.#uvarint(length + 1);
  }

  /** Ends a flexible structure that has no tagged fields. */
  noTags(): this {
    return this.#uvarint(0);
  }

  /** Ends a flexible structure whose only tagged field, number 0, is an int64; 0 is its default. */
  taggedInt64(value: number): this {
    return this.tags(value === 0 ? [] : [[0, new ByteWriter().int64(value)]]);
  }

  /** Ends a flexible structure with these tagged fields, in the order of their numbers. */
  tags(fields: readonly (readonly [tag: number, value: ByteWriter])[]): this {
    this.#uvarint(fields.length);
    for (const [tag, value] of fields) {
      const bytes = value.finish();
      this.#uvarint(tag).#uvarint(bytes.length).#push(bytes);
    }
    return this;
  }

  bytes(value: Buffer): this {
    return this.int32(value.length).#push(value);
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #uvarint(value: number): this {
    const part: number[] = [];
    let left = value;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) part.push((left % 0x80) | 0x80);
    return this.#push(Buffer.from([...part, left]));
  }

  #push(part: Buffer): this {
    this.#parts.push(part);
    return this;
  }
}

/** Reads what {@link ByteWriter} writes, and the flexible (KIP-482) form of the same types. */
export class ByteReader {
  readonly #bytes: Buffer;
  /** Compact lengths and tagged fields, as a message's flexible versions have them. */
  flexible = false;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** Exact within ±2^53. */
  int64(): number {
    const at = this.#take(8);
    return this.#bytes.readInt32BE(at) * 2 ** 32 + this.#bytes.readUInt32BE(at + 4);
  }

  nullableString(): string | null {
    const length = this.flexible ? this.#uvarint() - 1 : this.int16();
    if (length === -1) return null;
    const at = this.#take(length);
    return this.#bytes.toString("utf8", at, at + length);
  }

  string(): string {
    const value = this.nullableString();
    if (value === null) throw new MalformedRecordError("null where a string is required");
    return value;
  }

  /** A copy, so that a small field does not keep a large fetch alive. */
  bytes(): Buffer {
    const length = this.flexible ? this.#uvarint() - 1 : this.int32();
    const at = this.#take(length);
    return Buffer.from(this.#bytes.subarray(at, at + length));
  }

  /** A Kafka uuid in its base64url form. */
  uuid(): string {
    const at = this.#take(UUID_BYTES);
    return this.#bytes.toString("base64url", at, at + UUID_BYTES);
  }

  /** Number of elements; never more than the bytes that are left, as each needs at least one. */
  arrayLength(): number {
    const length = this.nullableArrayLength();
    if (length < 0) throw new MalformedRecordError("null where an array is required");
    return length;
  }

  /** Like {@link arrayLength}, or -1 for null. */
  nullableArrayLength(): number {
    const length = this.flexible ? this.#uvarint() - 1 : this.int32();
    if (length < -1 || length > this.#bytes.length - this.#at) {
      throw new MalformedRecordError(`array length ${length} does not fit`);
    }
    return length;
  }

  /** Skips the tagged fields at the end of a flexible structure. */
  skipTags(): void {
    this.tags();
  }

  /** The tagged fields at the end of a flexible structure, by number. */
  tags(): ReadonlyMap<number, ByteReader> {
    const fields = new Map<number, ByteReader>();
    if (!this.flexible) return fields;
    for (let left = this.#uvarint(); left > 0; left--) {
      const tag = this.#uvarint();
      const length = this.#uvarint();
      const at = this.#take(length);
      fields.set(tag, new ByteReader(this.#bytes.subarray(at, at + length)));
    }
    return fields;
  }

  /**
   * The int64 of tag `wanted` from the tagged fields at the end of a flexible structure, 0 without
   * one. Whatever does not fit a number reads as 0: it is another broker's hash.
   */
  taggedInt64(wanted: number): number {
    const value = this.tags().get(wanted)?.int64() ?? 0;
    return Number.isSafeInteger(value) ? value : 0;
  }

  #uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#take(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new MalformedRecordError("varint longer than 5 bytes");
  }

  #take(length: number): number {
    const at = this.#at;
    if (length < 0 || at + length > this.#bytes.length) {
      throw new MalformedRecordError(`${length} bytes wanted at ${at} of ${this.#bytes.length}`);
    }
    this.#at = at + length;
    return at;
  }
}

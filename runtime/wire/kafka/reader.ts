import { WireError } from "./wire-error.ts";

/** The longest array accepted, in elements. */
export const MAX_ARRAY_ELEMENTS = 1_000_000;
/** The most elements all arrays of one message may hold together; bounds memory per frame byte. */
export const MAX_MESSAGE_ELEMENTS = 4_000_000;
/** The most tagged fields accepted in one struct. */
export const MAX_TAGGED_FIELDS = 10_000;
/** The longest string in bytes of UTF-8, as in Apache Kafka's generated codecs. */
export const MAX_STRING_BYTES = 32_767;

/**
 * A bounds-checked cursor over one frame. Every read that would pass the end of the frame, and every
 * length or count that the remaining bytes cannot hold, throws a WireError before anything is allocated.
 */
export class Reader {
  readonly #frame: Buffer;
  #end: number;
  #elementsLeft = MAX_MESSAGE_ELEMENTS;
  at: number;

  constructor(frame: Buffer, at = 0) {
    if (at < 0 || at > frame.length) throw new WireError("truncated", frame.length);
    this.#frame = frame;
    this.#end = frame.length;
    this.at = at;
  }

  get bytesLeft(): number {
    return this.#end - this.at;
  }

  fail(code: WireError["code"]): never {
    throw new WireError(code, this.at);
  }

  /** Advances by `count` bytes and returns the position before them. */
  #take(count: number): number {
    const at = this.at;
    const next = at + count;
    if (next > this.#end) this.fail("truncated");
    this.at = next;
    return at;
  }

  int8(): number {
    return this.#frame.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#frame.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#frame.readInt32BE(this.#take(4));
  }

  float64(): number {
    return this.#frame.readDoubleBE(this.#take(8));
  }

  /** Values outside the safe integers (2^53 - 1) are refused: no offset or time reaches them. */
  int64(): number {
    const value = this.#int64();
    if (!Number.isSafeInteger(value)) this.fail("int64-range");
    return value;
  }

  /** As int64, but a value outside the safe integers reads as the nearest safe one. */
  int64Clamped(): number {
    const value = this.#int64();
    return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value));
  }

  #int64(): number {
    const at = this.#take(8);
    return this.#frame.readInt32BE(at) * 0x1_0000_0000 + this.#frame.readUInt32BE(at + 4);
  }

  /** An unsigned varint of at most five bytes and at most 2^31 - 1: lengths, counts, tags. */
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#frame.readUInt8(this.#take(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0x7fff_ffff) this.fail("bad-varint");
        return value;
      }
    }
    return this.fail("bad-varint");
  }

  /** `length` bytes as UTF-8; ill-formed sequences become U+FFFD, as in Java. */
  utf8(length: number): string {
    if (length > MAX_STRING_BYTES) this.fail("bad-length");
    const at = this.#take(length);
    return length === 0 ? "" : this.#frame.toString("utf8", at, at + length);
  }

  /** `length` bytes as a view into the frame, not a copy. */
  bytes(length: number): Buffer {
    const at = this.#take(length);
    return this.#frame.subarray(at, at + length);
  }

  /** Sixteen bytes in Kafka's text form: base64url of 22 characters. */
  uuid(): string {
    const at = this.#take(16);
    return this.#frame.toString("base64url", at, at + 16);
  }

  /** Checks a claimed element count against the limits and the bytes left. */
  admit(count: number, minBytesPerElement: number): void {
    if (count > MAX_ARRAY_ELEMENTS || count > this.#elementsLeft) this.fail("too-many-elements");
    if (count * minBytesPerElement > this.bytesLeft) this.fail("truncated");
    this.#elementsLeft -= count;
  }

  skip(count: number): void {
    this.#take(count);
  }

  /** Runs `read` on exactly the next `length` bytes; anything it leaves or oversteps is refused. */
  within<T>(length: number, read: () => T): T {
    const outerEnd = this.#end;
    const innerEnd = this.at + length;
    if (innerEnd > outerEnd) this.fail("truncated");
    this.#end = innerEnd;
    const value = read();
    if (this.at !== innerEnd) this.fail("bad-length");
    this.#end = outerEnd;
    return value;
  }
}

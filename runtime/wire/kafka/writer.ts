/** Buffers from this size on are handed out as they are; smaller ones are copied. */
const SHARE_FROM_BYTES = 4_096;
/** A run of small values longer than this is closed as a chunk instead of being copied to grow. */
const MAX_COPIED_BYTES = 65_536;

/**
 * Collects one message as a list of chunks. Small values go into a growing buffer; a large Buffer
 * becomes a chunk of its own and is not copied, so log bytes reach the socket as they were read.
 * A shared Buffer must not change until the chunks have been sent.
 */
export class Writer {
  #buf: Buffer;
  #start = 0;
  #at = 0;
  #closedBytes = 0;
  readonly #chunks: Buffer[] = [];

  constructor(sizeHintBytes = 512) {
    this.#buf = Buffer.allocUnsafe(sizeHintBytes);
  }

  /** Bytes written so far, over all chunks. */
  get byteLength(): number {
    return this.#closedBytes + this.#at - this.#start;
  }

  int8(value: number): void {
    this.#room(1);
    this.#at = this.#buf.writeInt8(value, this.#at);
  }

  int16(value: number): void {
    this.#room(2);
    this.#at = this.#buf.writeInt16BE(value, this.#at);
  }

  int32(value: number): void {
    this.#room(4);
    this.#at = this.#buf.writeInt32BE(value, this.#at);
  }

  /** A safe integer as two's complement of eight bytes; anything else is a bug of the caller. */
  int64(value: number): void {
    if (!Number.isSafeInteger(value)) throw new TypeError(`not a safe integer: ${value}`);
    this.#room(8);
    const high = Math.floor(value / 0x1_0000_0000);
    this.#buf.writeInt32BE(high, this.#at);
    this.#at = this.#buf.writeUInt32BE(value - high * 0x1_0000_0000, this.#at + 4);
  }

  float64(value: number): void {
    this.#room(8);
    this.#at = this.#buf.writeDoubleBE(value, this.#at);
  }

  uvarint(value: number): void {
    this.#room(5);
    let rest = value;
    while (rest > 0x7f) {
      this.#buf[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buf[this.#at++] = rest;
  }

  /** The text as UTF-8, without a length; `bytes` is its Buffer.byteLength. */
  utf8(text: string, bytes: number): void {
    this.#room(bytes);
    this.#at += this.#buf.write(text, this.#at, bytes, "utf8");
  }

  /** A uuid in its base64url form of 22 characters. */
  uuid(text: string): void {
    this.#room(16);
    const written = text.length === 22 ? this.#buf.write(text, this.#at, 16, "base64url") : 0;
    if (written !== 16) throw new TypeError(`not a uuid of 22 base64url characters: ${text}`);
    this.#at += 16;
  }

  bytes(data: Buffer): void {
    if (data.length >= SHARE_FROM_BYTES) {
      this.#share(data);
      return;
    }
    this.#room(data.length);
    data.copy(this.#buf, this.#at);
    this.#at += data.length;
  }

  /** The chunks in order. The writer must not be used afterwards. */
  finish(): Buffer[] {
    this.#close();
    return this.#chunks;
  }

  /** As finish, for a message that began with int32(0): that prefix becomes the size of the rest. */
  finishFrame(): Buffer[] {
    const total = this.byteLength;
    const chunks = this.finish();
    const first = chunks[0];
    if (first === undefined) throw new Error("a frame begins with its size prefix");
    first.writeInt32BE(total - 4, 0);
    return chunks;
  }

  #share(data: Buffer): void {
    this.#close();
    this.#chunks.push(data);
    this.#closedBytes += data.length;
  }

  #close(): void {
    if (this.#at === this.#start) return;
    this.#chunks.push(this.#buf.subarray(this.#start, this.#at));
    this.#closedBytes += this.#at - this.#start;
    this.#start = this.#at;
  }

  #room(bytes: number): void {
    if (this.#at + bytes > this.#buf.length) this.#grow(bytes);
  }

  #grow(bytes: number): void {
    if (this.#at - this.#start > MAX_COPIED_BYTES) this.#close();
    const open = this.#buf.subarray(this.#start, this.#at);
    const next = Buffer.allocUnsafe(Math.max(this.#buf.length * 2, open.length + bytes));
    open.copy(next);
    this.#buf = next;
    this.#start = 0;
    this.#at = open.length;
  }
}

import { BufferPool } from "../../core/buffer-pool.ts";

/** Why a stream of frames ended. After a fault the reader delivers nothing more. */
export interface FrameFault {
  readonly code: "negative-size" | "empty-frame" | "frame-too-large";
  readonly message: string;
}

/** A frame that spans chunks starts with at most this much memory, whatever size it claims. */
const FIRST_ASSEMBLY_BYTES = 65_536;
const GROWTH_FACTOR = 4;
const MAX_IDLE_ASSEMBLY_BYTES = 8 * 1024 * 1024;

type State = "size" | "body" | "faulted" | "closed";

/**
 * Splits a byte stream into frames: an int32 size and as many bytes. It holds no socket and may be
 * fed chunks of any length, split anywhere. A frame that lies inside one chunk is a view of it; one
 * that spans chunks is assembled in a buffer that grows with the bytes that have arrived, so a peer
 * pays for the memory it makes us hold.
 */
export class FrameReader {
  #maxFrameBytes: number;
  readonly #pool: BufferPool;
  /** Buffers of frames handed out, by their memory, until released or collected. */
  readonly #lent = new WeakMap<ArrayBufferLike, Buffer>();
  #state: State = "size";
  #fault: FrameFault | undefined;
  /** The size prefix as far as it has arrived, and how many of its bytes that is. */
  #prefix = 0;
  #prefixBytes = 0;
  #frameBytes = 0;
  #assembly: Buffer | undefined;
  #assembled = 0;

  /** A frame of more than `maxFrameBytes`, without its prefix, is a fault. A pool may be shared. */
  constructor(maxFrameBytes: number, pool = new BufferPool(MAX_IDLE_ASSEMBLY_BYTES)) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#pool = pool;
  }

  /**
   * Takes the next bytes of the stream, whose memory then belongs to the frames, and calls `onFrame`
   * with each frame they complete, without its size prefix. Returns a fault from the moment the
   * stream has one; frames before it have been delivered.
   */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): FrameFault | undefined {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === "size") at = this.#readSize(chunk, at);
      else if (this.#state === "body") at = this.#readBody(chunk, at, onFrame);
      else break;
    }
    return this.#fault;
  }

  /**
   * Says that nobody reads `frame`, or any view into it, any more: its memory may be used for a later
   * frame. Optional; a frame not released is left to the garbage collector. Releasing twice is harmless.
   */
  release(frame: Buffer): void {
    const whole = this.#lent.get(frame.buffer);
    if (whole === undefined) return;
    this.#lent.delete(frame.buffer);
    this.#pool.release(whole);
  }

  /** Changes the bound for the frames whose size has not been read yet. */
  limit(maxFrameBytes: number): void {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Drops what has been assembled; nothing is delivered afterwards, not even from a push under way. */
  close(): void {
    if (this.#state !== "faulted") this.#state = "closed";
    if (this.#assembly !== undefined) this.#pool.release(this.#assembly);
    this.#assembly = undefined;
  }

  #readSize(chunk: Buffer, start: number): number {
    let at = start;
    if (this.#prefixBytes === 0 && chunk.length - at >= 4) {
      this.#prefix = chunk.readInt32BE(at);
      this.#prefixBytes = 4;
      at += 4;
    }
    while (this.#prefixBytes < 4 && at < chunk.length) {
      this.#prefix = (this.#prefix << 8) | chunk.readUInt8(at++);
      this.#prefixBytes++;
    }
    if (this.#prefixBytes === 4) this.#begin(this.#prefix);
    return at;
  }

  #begin(size: number): void {
    this.#prefix = 0;
    this.#prefixBytes = 0;
    if (size < 0) this.#refuse("negative-size", `a frame claims ${size} bytes`);
    else if (size === 0) this.#refuse("empty-frame", "a frame claims no bytes");
    else if (size > this.#maxFrameBytes) {
      this.#refuse("frame-too-large", `a frame of ${size} bytes exceeds ${this.#maxFrameBytes}`);
    } else {
      this.#frameBytes = size;
      this.#state = "body";
    }
  }

  #refuse(code: FrameFault["code"], message: string): void {
    this.#fault = { code, message };
    this.#state = "faulted";
  }

  #readBody(chunk: Buffer, at: number, onFrame: (frame: Buffer) => void): number {
    const missing = this.#frameBytes - this.#assembled;
    const end = Math.min(chunk.length, at + missing);
    if (this.#assembly === undefined && end - at === missing) {
      this.#state = "size";
      onFrame(chunk.subarray(at, end));
      return end;
    }
    const assembly = this.#room(end - at);
    chunk.copy(assembly, this.#assembled, at, end);
    this.#assembled += end - at;
    if (this.#assembled === this.#frameBytes) this.#deliver(assembly, onFrame);
    return end;
  }

  #deliver(assembly: Buffer, onFrame: (frame: Buffer) => void): void {
    this.#assembly = undefined;
    this.#assembled = 0;
    this.#state = "size";
    // Only memory of our own may come back; a small buffer shares a slab with strangers.
    if (assembly.length === assembly.buffer.byteLength) this.#lent.set(assembly.buffer, assembly);
    onFrame(assembly.subarray(0, this.#frameBytes));
  }

  /** The assembly buffer with room for `bytes` more. */
  #room(bytes: number): Buffer {
    const current = this.#assembly;
    const needed = this.#assembled + bytes;
    if (current !== undefined && needed <= current.length) return current;
    const wanted = Math.max(FIRST_ASSEMBLY_BYTES, needed, (current?.length ?? 0) * GROWTH_FACTOR);
    const next = this.#pool.borrow(Math.min(this.#frameBytes, wanted));
    if (current !== undefined) {
      current.copy(next, 0, 0, this.#assembled);
      this.#pool.release(current);
    }
    this.#assembly = next;
    return next;
  }
}

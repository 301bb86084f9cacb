import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { BufferPool } from "../../../../runtime/core/buffer-pool.ts";
import { FrameReader } from "../../../../runtime/wire/kafka/frame.ts";
import type { FrameFault } from "../../../../runtime/wire/kafka/frame.ts";
import { seeded } from "./values.ts";

const maxFrameBytes = 104_857_600;

function framed(...bodies: readonly Buffer[]): Buffer {
  return Buffer.concat(
    bodies.flatMap((body) => {
      const size = Buffer.alloc(4);
      size.writeInt32BE(body.length);
      return [size, body];
    }),
  );
}

/** Feeds the chunks and returns copies of the frames, and the fault if there was one. */
function feed(reader: FrameReader, chunks: Iterable<Buffer>) {
  const frames: string[] = [];
  let fault: FrameFault | undefined;
  for (const chunk of chunks) {
    fault = reader.push(chunk, (frame) => frames.push(frame.toString("latin1")));
  }
  return { frames, fault };
}

/** A pool that counts what is borrowed. */
class WatchedPool extends BufferPool {
  readonly borrowed: number[] = [];
  readonly released: Buffer[] = [];

  constructor() {
    super(64 * 1024 * 1024);
  }

  override borrow(bytes: number): Buffer {
    this.borrowed.push(bytes);
    return super.borrow(bytes);
  }

  override release(buffer: Buffer): void {
    this.released.push(buffer);
    super.release(buffer);
  }
}

describe("wire/kafka FrameReader", () => {
  const stream = framed(Buffer.from("a"), Buffer.from("hello"), Buffer.from("xyz"));
  const expected = ["a", "hello", "xyz"];

  it("finds the same frames wherever the stream is split in three", () => {
    for (let i = 0; i <= stream.length; i++) {
      for (let j = i; j <= stream.length; j++) {
        const chunks = [stream.subarray(0, i), stream.subarray(i, j), stream.subarray(j)];
        const { frames, fault } = feed(new FrameReader(maxFrameBytes), chunks);
        assert.deepEqual(frames, expected, `split at ${i} and ${j}`);
        assert.equal(fault, undefined);
      }
    }
  });

  it("finds the same frames byte by byte", () => {
    const bytes = Array.from(stream, (byte) => Buffer.from([byte]));
    assert.deepEqual(feed(new FrameReader(maxFrameBytes), bytes).frames, expected);
  });

  it("finds large frames in arbitrary chunks, released or not", () => {
    const random = seeded(3);
    const bodies = Array.from({ length: 30 }, (_, i) =>
      Buffer.alloc(1 + Math.floor(random() ** 3 * 2_000_000), i + 1),
    );
    const whole = framed(...bodies);
    const reader = new FrameReader(maxFrameBytes);
    let next = 0;
    for (let at = 0; at < whole.length;) {
      const end = at + 1 + Math.floor(random() * 65_536);
      reader.push(Buffer.from(whole.subarray(at, end)), (frame) => {
        assert.ok(frame.equals(bodies[next] ?? Buffer.alloc(0)), `frame ${next}`);
        if (next++ % 2 === 0) reader.release(frame);
      });
      at = end;
    }
    assert.equal(next, bodies.length);
  });

  it("hands out a view of the chunk when a frame lies inside it", () => {
    const chunk = framed(Buffer.from("one"), Buffer.from("two"));
    new FrameReader(maxFrameBytes).push(chunk, (frame) => assert.equal(frame.buffer, chunk.buffer));
  });

  it("refuses sizes that are negative, zero or too large, after the frames before them", () => {
    const cases = [
      ["ffffffff", "negative-size"],
      ["00000000", "empty-frame"],
      ["06400001", "frame-too-large"],
    ] as const;
    for (const [size, code] of cases) {
      const chunk = Buffer.concat([framed(Buffer.from("ok")), Buffer.from(size, "hex"), stream]);
      const reader = new FrameReader(maxFrameBytes);
      const { frames, fault } = feed(reader, [chunk]);
      assert.deepEqual(frames, ["ok"]);
      assert.equal(fault?.code, code);
      assert.deepEqual(feed(reader, [stream]), { frames: [], fault });
    }
  });

  it("accepts a frame of exactly the limit", () => {
    const reader = new FrameReader(5);
    assert.deepEqual(feed(reader, [framed(Buffer.from("12345"))]).frames, ["12345"]);
    const { fault } = feed(reader, [framed(Buffer.from("123456"))]);
    assert.equal(fault?.code, "frame-too-large");
  });

  it("holds memory for what has arrived, not for what a peer claims", () => {
    const pool = new WatchedPool();
    const reader = new FrameReader(maxFrameBytes, pool);
    feed(reader, [Buffer.from("06400000", "hex"), Buffer.alloc(5)]);
    assert.deepEqual(pool.borrowed, [65_536]);
    feed(reader, Array<Buffer>(40).fill(Buffer.alloc(65_536)));
    const largest = Math.max(...pool.borrowed);
    assert.ok(largest <= 4 * 41 * 65_536, `${largest} bytes for 2.6 MB`);
  });

  it("reuses released memory, so frame after frame allocates nothing", () => {
    const pool = new WatchedPool();
    const reader = new FrameReader(maxFrameBytes, pool);
    const memory = new Set<ArrayBufferLike>();
    const whole = framed(Buffer.alloc(1_000_000, 1));
    for (let i = 0; i < 20; i++) {
      for (let at = 0; at < whole.length; at += 65_536) {
        reader.push(whole.subarray(at, at + 65_536), (frame) => {
          memory.add(frame.buffer);
          reader.release(frame);
        });
      }
    }
    assert.equal(memory.size, 1);
  });

  it("does not give memory back twice, nor that of a frame inside a chunk", () => {
    const pool = new WatchedPool();
    const reader = new FrameReader(maxFrameBytes, pool);
    const whole = framed(Buffer.alloc(100_000, 1));
    const frames: Buffer[] = [];
    reader.push(whole, (frame) => frames.push(frame));
    reader.push(whole.subarray(0, 10), (frame) => frames.push(frame));
    reader.push(whole.subarray(10), (frame) => frames.push(frame));
    const before = pool.released.length;
    for (const frame of [...frames, ...frames]) reader.release(frame);
    assert.equal(frames.length, 2);
    assert.equal(pool.released.length, before + 1);
  });

  it("delivers nothing after close, not even from the chunk at hand", () => {
    const reader = new FrameReader(maxFrameBytes);
    const frames: Buffer[] = [];
    const take = (frame: Buffer) => {
      frames.push(frame);
      reader.close();
    };
    assert.equal(reader.push(stream, take), undefined);
    assert.equal(reader.push(stream, take), undefined);
    assert.equal(frames.length, 1);
  });
});

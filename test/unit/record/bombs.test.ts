import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { describe, it } from "mocha";
import type { Codec } from "../../../runtime/record/batch.ts";
import { compress, CompressionError, decompress } from "../../../runtime/record/compression.ts";

const MIB = 1024 * 1024;
const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const EMPTY_LAST_BLOCK = [1, 0, 0];

function bytesOf(...parts: readonly (Buffer | readonly number[])[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

/** A zstd frame of runs of zeros: four bytes for 128 KiB each. */
function zstdOfRuns(runs: number): Buffer {
  const blocks = Buffer.alloc(runs * 4);
  for (let i = 0; i < runs; i++) {
    blocks.writeUIntLE((128 * 1024 * 8) | 2 | Number(i === runs - 1), i * 4, 3);
  }
  // Neither checksum nor size, and a window of 1 MiB.
  return bytesOf(ZSTD_MAGIC, [0x00, 10 << 3], blocks);
}

function xerial(...blocks: readonly Buffer[]): Buffer {
  const header = Buffer.from("82534e4150505900" + "00000001" + "00000001", "hex");
  const framed = blocks.map((block) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    return Buffer.concat([length, block]);
  });
  return Buffer.concat([header, ...framed]);
}

function isKind(kind: CompressionError["kind"]) {
  return (error: unknown): boolean => error instanceof CompressionError && error.kind === kind;
}

describe("decompression", () => {
  const bombs: readonly (readonly [string, Codec, () => Buffer])[] = [
    ["gzip", "gzip", () => gzipSync(Buffer.alloc(64 * MIB), { level: 1 })],
    ["lz4", "lz4", () => compress("lz4", Buffer.alloc(16 * MIB))],
    ["snappy", "snappy", () => compress("snappy", Buffer.alloc(16 * MIB))],
    [
      "snappy that only claims to be large",
      "snappy",
      () => bytesOf([0xff, 0xff, 0xff, 0xff, 0x0f, 0]),
    ],
    [
      "many small blocks of snappy",
      "snappy",
      () => xerial(...Array.from({ length: 40 }, () => compress("snappy", Buffer.alloc(MIB / 4)))),
    ],
    ["zstd", "zstd", () => zstdOfRuns(4096)],
    [
      "zstd that claims 2^60 bytes",
      "zstd",
      () => bytesOf(ZSTD_MAGIC, [0xe0], [0, 0, 0, 0, 0, 0, 0, 0x10], EMPTY_LAST_BLOCK),
    ],
    [
      "zstd with a window of 2 GiB",
      "zstd",
      () => bytesOf(ZSTD_MAGIC, [0x00, 21 << 3], EMPTY_LAST_BLOCK),
    ],
    [
      "zstd with such a window in its second frame",
      "zstd",
      () => bytesOf(zstdOfRuns(1), ZSTD_MAGIC, [0x00, 21 << 3], EMPTY_LAST_BLOCK),
    ],
    ["nothing compressed at all", "none", () => Buffer.alloc(2 * MIB)],
  ];
  for (const [name, codec, build] of bombs) {
    it(`refuses a bomb of ${name}`, () => {
      const bomb = build();
      const before = process.memoryUsage().external;
      assert.throws(() => decompress(codec, bomb, MIB), isKind("too-large"));
      assert.ok(process.memoryUsage().external - before < 16 * MIB, "it was unfolded all the same");
    });
  }

  it("reads zstd frames one after another", () => {
    const frames = bytesOf(zstdOfRuns(1), zstdOfRuns(2));
    assert.ok(decompress("zstd", frames, MIB).equals(Buffer.alloc(3 * 128 * 1024)));
  });

  const damaged: readonly (readonly [string, Codec, Buffer])[] = [
    ["gzip that ends early", "gzip", gzipSync(Buffer.from("some text")).subarray(0, -9)],
    ["a block of snappy that ends early", "snappy", xerial(Buffer.from("abc")).subarray(0, -1)],
    ["lz4 that ends early", "lz4", compress("lz4", Buffer.alloc(1000)).subarray(0, -6)],
    ["zstd that ends early", "zstd", zstdOfRuns(1).subarray(0, -2)],
    ["nothing as gzip", "gzip", Buffer.alloc(0)],
    ["nothing as snappy", "snappy", Buffer.alloc(0)],
    ["nothing as lz4", "lz4", Buffer.alloc(0)],
    ["nothing as zstd", "zstd", Buffer.alloc(0)],
  ];
  for (const [name, codec, bytes] of damaged) {
    it(`calls ${name} corrupt`, () => {
      assert.throws(() => decompress(codec, bytes, MIB), isKind("corrupt"));
    });
  }
});

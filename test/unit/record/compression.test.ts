import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { compress, CompressionError, decompress } from "../../../runtime/record/compression.ts";
import { canCompressZstd } from "../../../runtime/record/zstd.ts";
import { Random, seedOfRun } from "../../fault/wire/random.ts";
import { skip } from "../../support/skip.ts";

const TEXT = Buffer.from("streamside ".repeat(7000));
const ROOM = 1_000_000;

interface Fixture {
  readonly frame: string;
}
const fixtures: {
  readonly lz4Dependent: Fixture;
  readonly lz4ContentSize: Fixture;
} = JSON.parse(readFileSync("test/fixtures/record/kafka-batches.json", "utf8"));

function kindOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof CompressionError, String(error));
    return error.kind;
  }
  return "none";
}

/** Blocks of snappy as snappy-java frames them. */
function xerial(...blocks: Buffer[]): Buffer {
  const header = Buffer.from("82534e4150505900" + "00000001" + "00000001", "hex");
  return Buffer.concat([
    header,
    ...blocks.flatMap((block) => {
      const compressed = compress("snappy", block);
      const length = Buffer.alloc(4);
      length.writeInt32BE(compressed.length);
      return [length, compressed];
    }),
  ]);
}

describe("compression", () => {
  for (const codec of ["gzip", "snappy", "lz4", "zstd"] as const) {
    it(`gives back what went in, ${codec}`, function () {
      if (codec === "zstd" && !canCompressZstd) skip(this, "this Node.js has no zstd");
      const noise = new Random(1).bytes(50_000);
      for (const bytes of [Buffer.from("x"), TEXT, noise]) {
        const small = compress(codec, bytes);
        assert.ok(decompress(codec, small, bytes.length).equals(bytes));
        assert.equal(
          kindOf(() => decompress(codec, small, bytes.length - 1)),
          "too-large",
        );
      }
    });

    it(`calls damage corrupt, or too large, and keeps working, ${codec}`, function () {
      if (codec === "zstd" && !canCompressZstd) skip(this, "this Node.js has no zstd");
      const seed = seedOfRun();
      const random = new Random(seed);
      const sound = compress(codec, TEXT);
      for (let run = 0; run < 300; run++) {
        const bytes = Buffer.from(sound);
        bytes.writeUInt8(random.below(256), random.below(Math.min(bytes.length, 200)));
        const cut = bytes.subarray(0, random.below(bytes.length + 1));
        const kind = kindOf(() => decompress(codec, random.below(2) === 0 ? bytes : cut, ROOM));
        assert.ok(["none", "corrupt", "too-large"].includes(kind), `SEED=${seed}: ${kind}`);
      }
      assert.ok(decompress(codec, sound, ROOM).equals(TEXT));
    });
  }

  it("reads snappy as Java frames it, and as a raw block", () => {
    const halves = [TEXT.subarray(0, 30_000), TEXT.subarray(30_000)];
    assert.ok(decompress("snappy", xerial(...halves), ROOM).equals(TEXT));
    assert.ok(decompress("snappy", compress("snappy", TEXT), ROOM).equals(TEXT));
  });

  it("adds up the blocks of Java's snappy before it says no", () => {
    const block = Buffer.alloc(60_000);
    assert.equal(
      kindOf(() => decompress("snappy", xerial(block, block), 119_999)),
      "too-large",
    );
    assert.equal(decompress("snappy", xerial(block, block), 120_000).length, 120_000);
  });

  for (const [name, frame] of [
    ["blocks that refer to earlier ones and no content size", fixtures.lz4Dependent.frame],
    ["a content size and block checksums", fixtures.lz4ContentSize.frame],
  ] as const) {
    it(`reads LZ4 frames with ${name}`, () => {
      const bytes = Buffer.from(frame, "hex");
      assert.ok(decompress("lz4", bytes, TEXT.length).equals(TEXT));
      assert.equal(
        kindOf(() => decompress("lz4", bytes, TEXT.length - 1)),
        "too-large",
      );
    });
  }

  it("says that this Node.js cannot compress with zstd, where it cannot", function () {
    if (canCompressZstd) skip(this, "this Node.js can");
    assert.equal(
      kindOf(() => compress("zstd", TEXT)),
      "unsupported",
    );
  });
});

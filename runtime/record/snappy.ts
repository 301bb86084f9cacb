/**
 * Snappy as Kafka clients write it: Java frames blocks the way xerial's snappy-java does, librdkafka
 * and others send one raw block. Both are read; a raw block is written, which every client reads.
 */
import { snappyCompress, snappyDecompress } from "@platformatic/wasm-utils/bundled";
import { corrupt, tooLarge } from "./compression-error.ts";

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** Magic, version and lowest compatible version. */
const XERIAL_HEADER_BYTES = 16;

export function compressSnappy(bytes: Buffer): Buffer {
  return snappyCompress(bytes);
}

/** Throws CompressionError. */
export function decompressSnappy(bytes: Buffer, maxBytes: number): Buffer {
  return bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)
    ? decompressXerial(bytes, maxBytes)
    : decompressBlock(bytes, maxBytes);
}

function decompressXerial(bytes: Buffer, maxBytes: number): Buffer {
  const blocks: Buffer[] = [];
  let left = maxBytes;
  let at = XERIAL_HEADER_BYTES;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) throw corrupt("snappy", "a block has no length");
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0 || at + length > bytes.length) throw corrupt("snappy", "a block is cut short");
    const block = decompressBlock(bytes.subarray(at, at + length), left);
    blocks.push(block);
    left -= block.length;
    at += length;
  }
  return Buffer.concat(blocks);
}

/** A block begins with its decompressed length, which is checked before anything is allocated. */
function decompressBlock(block: Buffer, maxBytes: number): Buffer {
  const length = claimedLength(block);
  if (length > maxBytes) throw tooLarge("snappy", maxBytes);
  if (length === 0) return Buffer.alloc(0);
  const bytes = guarded(() => snappyDecompress(block));
  if (bytes.length !== length) throw corrupt("snappy", "the length is not the one it claims");
  return bytes;
}

function claimedLength(block: Buffer): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length;
  }
  throw corrupt("snappy", "it has no length");
}

/** The library traps on malformed input; a trap leaves its memory usable. */
function guarded(work: () => Buffer): Buffer {
  try {
    return work();
  } catch (error) {
    throw corrupt("snappy", error instanceof Error ? error.message : String(error));
  }
}

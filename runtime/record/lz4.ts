/**
 * The LZ4 frame format (lz4_Frame_format.md), as Kafka uses it. Before a frame is decompressed its
 * sequences are walked, which is cheap and tells exactly how much it unfolds to.
 */
import { lz4Compress, lz4Decompress } from "@platformatic/wasm-utils/bundled";
import { corrupt, tooLarge } from "./compression-error.ts";

const MAGIC = 0x184d2204;
const FLAG_DICTIONARY_ID = 0x01;
const FLAG_CONTENT_SIZE = 0x08;
const FLAG_BLOCK_CHECKSUM = 0x10;
const STORED_BIT = 0x80000000;
const MIN_MATCH = 4;

export function compressLz4(bytes: Buffer): Buffer {
  return lz4Compress(bytes);
}

/** Throws CompressionError. */
export function decompressLz4(frame: Buffer, maxBytes: number): Buffer {
  const length = frameContentBytes(frame, maxBytes);
  if (length === 0) return Buffer.alloc(0);
  let bytes: Buffer;
  try {
    bytes = lz4Decompress(frame);
  } catch (error) {
    throw corrupt("lz4", error instanceof Error ? error.message : String(error));
  }
  if (bytes.length !== length) throw corrupt("lz4", "its blocks do not decompress");
  return bytes;
}

function frameContentBytes(frame: Buffer, maxBytes: number): number {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw corrupt("lz4", "no frame begins");
  const flags = frame.readUInt8(4);
  let at = 7;
  if ((flags & FLAG_CONTENT_SIZE) !== 0) at += 8;
  if ((flags & FLAG_DICTIONARY_ID) !== 0) at += 4;
  let total = 0;
  for (;;) {
    if (at + 4 > frame.length) throw corrupt("lz4", "the frame has no end");
    const word = frame.readUInt32LE(at);
    at += 4;
    if (word === 0) return total;
    const end = at + (word & ~STORED_BIT);
    if (end > frame.length) throw corrupt("lz4", "a block is cut short");
    total += word >= STORED_BIT ? end - at : blockContentBytes(frame, at, end);
    if (total > maxBytes) throw tooLarge("lz4", maxBytes);
    at = end + ((flags & FLAG_BLOCK_CHECKSUM) === 0 ? 0 : 4);
  }
}

/** Sums literals and matches of a block's sequences. */
function blockContentBytes(frame: Buffer, start: number, end: number): number {
  let at = start;
  let total = 0;
  const extended = (base: number): number => {
    let length = base;
    if (base < 15) return length;
    for (;;) {
      const byte = frame[at++];
      if (byte === undefined || at > end) throw corrupt("lz4", "a length is cut short");
      length += byte;
      if (byte < 255) return length;
    }
  };
  while (at < end) {
    const token = frame.readUInt8(at++);
    const literals = extended(token >> 4);
    at += literals;
    total += literals;
    if (at >= end) break;
    at += 2;
    total += extended(token & 0x0f) + MIN_MATCH;
  }
  if (at !== end) throw corrupt("lz4", "a sequence is cut short");
  return total;
}

/**
 * Zstandard through Node.js where it has it (22.15 and newer), else through fzstd, which only
 * decompresses. VS Code 1.100 has Node.js 20.
 */
import * as zlib from "node:zlib";
import { Decompress } from "fzstd";
import { CompressionError, corrupt, tooLarge } from "./compression-error.ts";

const MAGIC = 0xfd2fb528;
/** The window that zstd itself decompresses without being told to (ZSTD_WINDOWLOG_LIMIT_DEFAULT). */
const MAX_WINDOW_BYTES = 2 ** 27;
/** Bytes of a dictionary's id, by the lowest two bits of the frame descriptor. */
const DICTIONARY_BYTES = [0, 1, 2, 4];

const native = typeof zlib.zstdDecompressSync === "function";

/** Whether this Node.js can compress with zstd. */
export const canCompressZstd = native;

/** Throws CompressionError of kind `unsupported` where Node.js has no zstd. */
export function compressZstd(bytes: Buffer): Buffer {
  if (native) return zlib.zstdCompressSync(bytes);
  throw new CompressionError(
    "unsupported",
    "This Node.js cannot compress with zstd; it needs 22.15 or newer. Choose another codec.",
  );
}

/** Throws CompressionError. */
export function decompressZstd(frame: Buffer, maxBytes: number): Buffer {
  checkFrames(frame, maxBytes);
  try {
    return native
      ? zlib.zstdDecompressSync(frame, { maxOutputLength: maxBytes })
      : decompressInPieces(frame, maxBytes);
  } catch (error) {
    if (error instanceof CompressionError) throw error;
    if (error instanceof RangeError) throw tooLarge("zstd", maxBytes);
    throw corrupt("zstd", error instanceof Error ? error.message : String(error));
  }
}

function decompressInPieces(frame: Buffer, maxBytes: number): Buffer {
  const pieces: Uint8Array[] = [];
  let total = 0;
  const stream = new Decompress((piece) => {
    total += piece.length;
    if (total > maxBytes) throw tooLarge("zstd", maxBytes);
    pieces.push(piece.slice());
  });
  stream.push(frame, true);
  return Buffer.concat(pieces);
}

/**
 * Walks the frames without unfolding them and refuses one that asks for more memory than it may have,
 * in its window or in the size it claims (RFC 8878, 3.1.1).
 */
function checkFrames(frames: Buffer, maxBytes: number): void {
  let at = 0;
  do at = checkFrame(frames, at, maxBytes);
  while (at < frames.length);
}

/** Returns where the frame at `at` ends. */
function checkFrame(bytes: Buffer, start: number, maxBytes: number): number {
  const need = (end: number): void => {
    if (end > bytes.length) throw corrupt("zstd", "a frame is cut short");
  };
  need(start + 6);
  if (bytes.readUInt32LE(start) !== MAGIC) throw corrupt("zstd", "no frame begins");
  const descriptor = bytes.readUInt8(start + 4);
  const singleSegment = (descriptor & 0x20) !== 0;
  if (!singleSegment && windowBytes(bytes.readUInt8(start + 5)) > MAX_WINDOW_BYTES) {
    throw tooLarge("zstd", MAX_WINDOW_BYTES);
  }
  let at = start + (singleSegment ? 5 : 6) + (DICTIONARY_BYTES[descriptor & 0x03] ?? 0);
  const sizeBytes = descriptor >> 6 === 0 ? Number(singleSegment) : 2 ** (descriptor >> 6);
  need(at + sizeBytes);
  if (contentBytes(bytes, at, sizeBytes) > maxBytes) throw tooLarge("zstd", maxBytes);
  at += sizeBytes;
  for (let last = false; !last;) {
    need(at + 3);
    const header = bytes.readUIntLE(at, 3);
    last = (header & 1) === 1;
    const isRun = ((header >> 1) & 0x03) === 1;
    at += 3 + (isRun ? 1 : header >> 3);
  }
  if ((descriptor & 0x04) !== 0) at += 4;
  need(at);
  return at;
}

function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 0x07);
}

/** The size that a frame's header claims; 0 when it does not. */
function contentBytes(bytes: Buffer, at: number, sizeBytes: number): number {
  if (sizeBytes === 0) return 0;
  if (sizeBytes === 8) return Number(bytes.readBigUInt64LE(at));
  return bytes.readUIntLE(at, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
}

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
  if (windowBytes(frame) > MAX_WINDOW_BYTES) throw tooLarge("zstd", maxBytes);
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

/** The memory that the frame's header asks a decompressor for (RFC 8878, 3.1.1.1). */
function windowBytes(frame: Buffer): number {
  if (frame.length < 6 || frame.readUInt32LE(0) !== MAGIC) throw corrupt("zstd", "no frame begins");
  const descriptor = frame.readUInt8(4);
  const singleSegment = (descriptor & 0x20) !== 0;
  if (!singleSegment) {
    const window = frame.readUInt8(5);
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 0x07);
  }
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 0x03] ?? 0;
  const sizeBytes = [1, 2, 4, 8][descriptor >> 6] ?? 1;
  const at = 5 + dictionaryBytes;
  if (at + sizeBytes > frame.length) throw corrupt("zstd", "the header is cut short");
  if (sizeBytes === 8) return Number(frame.readBigUInt64LE(at));
  return frame.readUIntLE(at, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
}

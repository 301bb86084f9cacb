import { gunzipSync, gzipSync } from "node:zlib";
import type { Codec } from "./batch.ts";
import { corrupt, tooLarge } from "./compression-error.ts";
import { compressLz4, decompressLz4 } from "./lz4.ts";
import { compressSnappy, decompressSnappy } from "./snappy.ts";
import { compressZstd, decompressZstd } from "./zstd.ts";

export { CompressionError } from "./compression-error.ts";

interface Compressor {
  compress(bytes: Buffer): Buffer;
  decompress(bytes: Buffer, maxBytes: number): Buffer;
}

const COMPRESSORS: Readonly<Record<Codec, Compressor>> = {
  none: { compress: (bytes) => bytes, decompress: plain },
  gzip: { compress: (bytes) => gzipSync(bytes), decompress: decompressGzip },
  snappy: { compress: compressSnappy, decompress: decompressSnappy },
  lz4: { compress: compressLz4, decompress: decompressLz4 },
  zstd: { compress: compressZstd, decompress: decompressZstd },
};

/** Compresses the records of a batch. Throws CompressionError where the codec cannot be had. */
export function compress(codec: Codec, bytes: Buffer): Buffer {
  return COMPRESSORS[codec].compress(bytes);
}

/**
 * Decompresses the records of a batch. Throws CompressionError when they are damaged or would unfold
 * to more than `maxBytes`, and then has not allocated much more than that.
 */
export function decompress(codec: Codec, bytes: Buffer, maxBytes: number): Buffer {
  return COMPRESSORS[codec].decompress(bytes, maxBytes);
}

function plain(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes.length > maxBytes) throw tooLarge("uncompressed", maxBytes);
  return bytes;
}

function decompressGzip(bytes: Buffer, maxBytes: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge("gzip", maxBytes);
    throw corrupt("gzip", error instanceof Error ? error.message : String(error));
  }
}

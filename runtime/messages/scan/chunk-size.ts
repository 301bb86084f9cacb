/** Record batches that are read at a time of all partitions together, and of one. */
const ROUND_BYTES = 16 * 1024 * 1024;
const MAX_CHUNK_BYTES = 1024 * 1024;
const MIN_CHUNK_BYTES = 64 * 1024;

/** Bytes to read at a time of each of so many partitions. */
export function chunkBytesOf(partitions: number): number {
  const share = Math.floor(ROUND_BYTES / Math.max(partitions, 1));
  return Math.min(Math.max(share, MIN_CHUNK_BYTES), MAX_CHUNK_BYTES);
}

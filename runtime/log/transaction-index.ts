/** The file beside a segment that names the transactions aborted in it, in Apache Kafka's own layout (see FORMAT.md). */
import { readInt64, writeInt64 } from "../record/batch.ts";
import type { AbortedTransaction } from "./transactions.ts";

const VERSION = 0;
const ENTRY_BYTES = 34;

export function encodeAborted(aborted: readonly AbortedTransaction[]): Buffer {
  const bytes = Buffer.allocUnsafe(aborted.length * ENTRY_BYTES);
  aborted.forEach(({ producerId, firstOffset, lastOffset, lastStableOffset }, i) => {
    const at = i * ENTRY_BYTES;
    bytes.writeInt16BE(VERSION, at);
    writeInt64(bytes, at + 2, producerId);
    writeInt64(bytes, at + 10, firstOffset);
    writeInt64(bytes, at + 18, lastOffset);
    writeInt64(bytes, at + 26, lastStableOffset);
  });
  return bytes;
}

/** Undefined when the bytes cannot be the index of a segment that begins at `baseOffset`. */
export function decodeAborted(bytes: Buffer, baseOffset: number): AbortedTransaction[] | undefined {
  if (bytes.length % ENTRY_BYTES !== 0) return undefined;
  const aborted: AbortedTransaction[] = [];
  let previous = baseOffset - 1;
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
    const lastOffset = readInt64(bytes, at + 18);
    if (bytes.readInt16BE(at) !== VERSION || lastOffset <= previous) return undefined;
    aborted.push({
      producerId: readInt64(bytes, at + 2),
      firstOffset: readInt64(bytes, at + 10),
      lastOffset,
      lastStableOffset: readInt64(bytes, at + 26),
    });
    previous = lastOffset;
  }
  return aborted;
}

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const SHIFT = 24;

/** The 32-bit murmur2 hash that Kafka's own producer partitions by (org.apache.kafka.common.utils.Utils.murmur2), signed. */
export function murmur2(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wholeBytes = bytes.length & ~3;
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < wholeBytes; at += 4) {
    let word = Math.imul(view.getInt32(at, true), MULTIPLIER);
    word = Math.imul(word ^ (word >>> SHIFT), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  const rest = bytes.length - wholeBytes;
  if (rest === 3) hash ^= view.getUint8(wholeBytes + 2) << 16;
  if (rest >= 2) hash ^= view.getUint8(wholeBytes + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ view.getUint8(wholeBytes), MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** The partition of a key among `count`, the same as Java, librdkafka's murmur2_random and franz-go choose. */
export function partitionOfKey(key: Uint8Array, count: number): number {
  return (murmur2(key) & 0x7fffffff) % count;
}

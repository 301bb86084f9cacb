import { createHash } from "node:crypto";

const HASH_BYTES = 16;
/** A hash and its offset. */
const SLOT_BYTES = HASH_BYTES + 8;
const LOAD_FACTOR = 0.75;
const MIN_SLOTS = 16;

/**
 * The newest offset of each key, in memory of a fixed size: what is kept of a key is its MD5, as in
 * Kafka. Two keys of the same hash would be one; with 128 bits that does not happen by chance.
 */
export class OffsetMap {
  /** Keys that fit. */
  readonly capacity: number;
  readonly #slots: number;
  readonly #hashes: Buffer;
  readonly #offsets: Float64Array;
  #size = 0;

  /** For `keys` keys, or as many as fit in `maxBytes`. */
  constructor(keys: number, maxBytes: number) {
    const wanted = Math.ceil(keys / LOAD_FACTOR) + 1;
    this.#slots = Math.max(MIN_SLOTS, Math.min(wanted, Math.floor(maxBytes / SLOT_BYTES)));
    this.capacity = Math.floor(this.#slots * LOAD_FACTOR);
    this.#hashes = Buffer.alloc(this.#slots * HASH_BYTES);
    this.#offsets = new Float64Array(this.#slots).fill(-1);
  }

  get isFull(): boolean {
    return this.#size >= this.capacity;
  }

  /** The newest offset of the key, or -1. */
  get(key: Buffer): number {
    return this.#offsets[this.#find(digest(key))] ?? -1;
  }

  /** Takes note of a newer record. Whoever calls makes sure that the map is not full. */
  put(key: Buffer, offset: number): void {
    const hash = digest(key);
    const slot = this.#find(hash);
    if (this.#offsets[slot] === -1) {
      hash.copy(this.#hashes, slot * HASH_BYTES);
      this.#size++;
    }
    this.#offsets[slot] = offset;
  }

  /** The slot of the hash, or the free one where it belongs; there always is one. */
  #find(hash: Buffer): number {
    for (let slot = hash.readUInt32BE(0) % this.#slots; ; slot = (slot + 1) % this.#slots) {
      if (this.#offsets[slot] === -1) return slot;
      const at = slot * HASH_BYTES;
      if (this.#hashes.compare(hash, 0, HASH_BYTES, at, at + HASH_BYTES) === 0) return slot;
    }
  }
}

function digest(key: Buffer): Buffer {
  return createHash("md5").update(key).digest();
}

import { createHash, type Hash } from "node:crypto";
import type { Message } from "../../api/model.ts";

/** What the messages of each partition come to: two topics with the same digests hold the same messages. */
export class Digests {
  readonly #hashes = new Map<number, { readonly hash: Hash; count: number }>();

  /** Adds the next message of its partition; offsets are no part of it. */
  add({ partition, timestampMs, key, value, headers }: Message): void {
    let entry = this.#hashes.get(partition);
    if (entry === undefined) {
      entry = { hash: createHash("sha256"), count: 0 };
      this.#hashes.set(partition, entry);
    }
    const { hash } = entry;
    const part = (bytes: Uint8Array | null): void => {
      hash.update(`${bytes === null ? -1 : bytes.length},`);
      if (bytes !== null) hash.update(bytes);
    };
    hash.update(`${timestampMs},${headers.length},`);
    part(key?.bytes ?? null);
    part(value?.bytes ?? null);
    for (const header of headers) {
      part(Buffer.from(header.key));
      part(header.value);
    }
    entry.count += 1;
  }

  /** By partition, how many messages there were and what they come to. Nothing can be added any more. */
  finish(): ReadonlyMap<number, string> {
    return new Map(
      Array.from(this.#hashes, ([partition, { hash, count }]) => [
        partition,
        `${count} message(s) of digest ${hash.digest("hex")}`,
      ]),
    );
  }
}

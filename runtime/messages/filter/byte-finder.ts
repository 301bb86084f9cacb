/** Bytes that are counted to find out which of the wanted ones is rare. */
const SAMPLED_BYTES = 16 * 1024;

/**
 * Looks for bytes in others. The machine looks for the first of them and compares the rest where it is, which
 * is slow where the first is a quote or another byte that is everywhere. So what is looked for begins with
 * the byte that is rarest in what was given first, and what comes before it is compared here.
 */
export class ByteFinder {
  readonly wanted: Buffer;
  /** Where the rare byte is among the wanted; undefined before the first bytes are seen. */
  #lead: number | undefined;
  #tail: Buffer;

  /** At least one byte is wanted. */
  constructor(wanted: Buffer) {
    this.wanted = wanted;
    this.#tail = wanted;
  }

  /** The first place at or after `from` where the wanted bytes are; -1 for none. */
  next(bytes: Buffer, from: number): number {
    const lead = this.#lead ?? this.#choose(bytes);
    for (let at = bytes.indexOf(this.#tail, from + lead); at >= 0;) {
      if (this.#isLedBy(bytes, at - lead, lead)) return at - lead;
      at = bytes.indexOf(this.#tail, at + 1);
    }
    return -1;
  }

  #isLedBy(bytes: Buffer, start: number, lead: number): boolean {
    for (let i = 0; i < lead; i++) if (bytes[start + i] !== this.wanted[i]) return false;
    return true;
  }

  #choose(bytes: Buffer): number {
    const counts = new Uint32Array(256);
    for (const byte of bytes.subarray(0, SAMPLED_BYTES)) counts[byte] = (counts[byte] ?? 0) + 1;
    let lead = 0;
    for (const [i, byte] of this.wanted.entries()) {
      if ((counts[byte] ?? 0) < (counts[this.wanted[lead] ?? 0] ?? 0)) lead = i;
    }
    this.#lead = lead;
    this.#tail = this.wanted.subarray(lead);
    return lead;
  }
}

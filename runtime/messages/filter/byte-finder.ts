/** Bytes that are counted to find out which of the wanted ones is rare. */
const SAMPLED_BYTES = 16 * 1024;
/** Larger ones are not made a text of. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/**
 * Looks for bytes in others. The machine looks for the first of them and compares the rest where it is, which
 * is slow where the first is a quote or another byte that is everywhere. So what is looked for begins with
 * the byte that is rarest in what was given first, and what comes before it is compared here.
 */
export class ByteFinder {
  readonly #wanted: Buffer;
  /** Where the rare byte is among the wanted; undefined before the first bytes are seen. */
  #lead: number | undefined;
  #tail: Buffer;

  /** At least one byte is wanted. */
  constructor(wanted: Buffer) {
    this.#wanted = wanted;
    this.#tail = wanted;
  }

  /** The first place at or after `from` where the wanted bytes are; -1 for none. */
  next(bytes: Buffer, from: number): number {
    const lead = this.#lead ?? this.#choose(bytes);
    for (let at = bytes.indexOf(this.#tail, from + lead); at >= 0;) {
      if (isLedBy(bytes, at - lead, this.#wanted, lead)) return at - lead;
      at = bytes.indexOf(this.#tail, at + 1);
    }
    return -1;
  }

  #choose(bytes: Buffer): number {
    const lead = rarestOf(this.#wanted, bytes);
    this.#lead = lead;
    this.#tail = this.#wanted.subarray(lead);
    return lead;
  }
}

/**
 * The same for bytes that are nearly everywhere: a text is made of what they are looked for in, a character
 * for each byte, since a place in a text is found with less ado than one in bytes.
 */
export class FrequentByteFinder {
  readonly #wanted: Buffer;
  readonly #large: ByteFinder;
  #lead: number | undefined;
  #tail = "";
  #bytes: Buffer | undefined;
  #text = "";

  /** At least one byte is wanted. */
  constructor(wanted: Buffer) {
    this.#wanted = wanted;
    this.#large = new ByteFinder(wanted);
  }

  /** The first place at or after `from` where the wanted bytes are; -1 for none. */
  next(bytes: Buffer, from: number): number {
    if (bytes.length > MAX_TEXT_BYTES) return this.#large.next(bytes, from);
    const lead = this.#lead ?? this.#choose(bytes);
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#text = bytes.toString("latin1");
    }
    for (let at = this.#text.indexOf(this.#tail, from + lead); at >= 0;) {
      if (isLedBy(bytes, at - lead, this.#wanted, lead)) return at - lead;
      at = this.#text.indexOf(this.#tail, at + 1);
    }
    return -1;
  }

  #choose(bytes: Buffer): number {
    const lead = rarestOf(this.#wanted, bytes);
    this.#lead = lead;
    this.#tail = this.#wanted.toString("latin1", lead);
    return lead;
  }
}

function isLedBy(bytes: Buffer, start: number, wanted: Buffer, lead: number): boolean {
  for (let i = 0; i < lead; i++) if (bytes[start + i] !== wanted[i]) return false;
  return true;
}

/** The place of the wanted byte that is rarest at the beginning of `bytes`. */
function rarestOf(wanted: Buffer, bytes: Buffer): number {
  const counts = new Uint32Array(256);
  for (const byte of bytes.subarray(0, SAMPLED_BYTES)) counts[byte] = (counts[byte] ?? 0) + 1;
  let lead = 0;
  for (const [i, byte] of wanted.entries()) {
    if ((counts[byte] ?? 0) < (counts[wanted[lead] ?? 0] ?? 0)) lead = i;
  }
  return lead;
}

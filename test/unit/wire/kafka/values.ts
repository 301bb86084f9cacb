import { hasVersion } from "../../../../runtime/wire/kafka/field.ts";
import type { AnyField, Shape } from "../../../../runtime/wire/kafka/field.ts";

/** A stream of pseudo-random numbers in [0, 1); the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const texts = ["", "a", "orders.v1", "żółć", "日本語", "x".repeat(130), "emoji 🎉"];

/** Makes values of declared fields, so that one test can hold for every message and version. */
export class ValueMaker {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  /** Every member: present ones arbitrary, absent ones as decoding will yield them. */
  members(shape: Shape, version: number): Record<string, unknown> {
    const entries = Object.entries(shape).map(([name, field]) => [
      name,
      this.#field(field, version),
    ]);
    return Object.fromEntries(entries);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** Small numbers, and numbers of the whole range in turn. */
  #signed(bits: number): number {
    const limit = 2 ** (bits - 1);
    return this.#below(3) === 0 ? this.#below(2 * limit) - limit : this.#below(100) - 5;
  }

  #bytes(): Buffer {
    const length = this.#below(8) === 0 ? 5_000 : this.#below(40);
    return Buffer.from(Array.from({ length }, () => this.#below(256)));
  }

  #field(field: AnyField, version: number): unknown {
    if (!hasVersion(field.versions, version)) return field.fallback();
    if (hasVersion(field.options.nullable, version) && this.#below(4) === 0) return null;
    return this.#value(field, version);
  }

  #value(field: AnyField, version: number): unknown {
    switch (field.kind) {
      case "bool":
        return this.#below(2) === 1;
      case "int8":
        return this.#signed(8);
      case "int16":
        return this.#signed(16);
      case "uint16":
        return this.#below(65_536);
      case "float64":
        return this.#random() * 1_000;
      case "int32":
        return this.#signed(32);
      case "int64":
        return this.#signed(54);
      case "string":
        return texts[this.#below(texts.length)];
      case "uuid":
        return Buffer.from(Array.from({ length: 16 }, () => this.#below(256))).toString(
          "base64url",
        );
      case "bytes":
      case "records":
        return this.#bytes();
      case "array": {
        const { element } = field;
        if (element === undefined) return [];
        return Array.from({ length: this.#below(4) }, () => this.#field(element, version));
      }
      case "struct":
        return this.members(field.members ?? {}, version);
      default:
        throw new Error(`no values of kind ${field.kind}`);
    }
  }
}

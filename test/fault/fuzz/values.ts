/** Requests that are well formed and mostly about things that are there, made from the declarations of messages. */
import { type AnyField, hasVersion, type Shape } from "../../../runtime/wire/kafka/field.ts";
import type { Random } from "../wire/random.ts";

/** What a lab under attack has, and attackers name. */
export interface Known {
  readonly names: readonly string[];
  readonly topicIds: readonly string[];
  /** Contents of fields that carry bytes: batches, tokens, subscriptions. */
  readonly bytes: readonly Buffer[];
  readonly batches: readonly Buffer[];
}

const NOBODY_ID = "AAAAAAAAAAAAAAAAAAAABQ";
const MAX_ELEMENTS = 3;
const BOUNDS = [-1, 0, 1, 2, 127, 128, 255, 256, 32_767, -32_768, 65_535, 2 ** 31 - 1, -(2 ** 31)];
const LARGE = [2 ** 40, Number.MAX_SAFE_INTEGER, -(2 ** 40)];
const SIZES: Readonly<Record<string, number>> = { int8: 8, int16: 16, int32: 32, int64: 64 };

export class RequestMaker {
  readonly #random: Random;
  readonly #known: Known;

  constructor(random: Random, known: Known) {
    this.#random = random;
    this.#known = known;
  }

  members(shape: Shape, version: number): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(shape).map(([name, field]) => [name, this.#field(field, version)]),
    );
  }

  #field(field: AnyField, version: number): unknown {
    if (!hasVersion(field.versions, version)) return field.fallback();
    if (hasVersion(field.options.nullable, version) && this.#random.below(5) === 0) return null;
    return this.#value(field, version);
  }

  #value(field: AnyField, version: number): unknown {
    const random = this.#random;
    const { names, topicIds, bytes, batches } = this.#known;
    switch (field.kind) {
      case "bool":
        return random.below(2) === 1;
      case "uint16":
        return random.below(65_536);
      case "float64":
        return random.below(1_000) / 10;
      case "string":
        return random.below(20) === 0 ? "x".repeat(random.below(2_000)) : random.pick(names);
      case "uuid":
        return random.below(4) === 0 ? NOBODY_ID : random.pick(topicIds);
      case "bytes":
        return random.pick(bytes);
      case "records":
        return random.pick(batches);
      case "array": {
        const { element } = field;
        const length = random.below(MAX_ELEMENTS + 1);
        if (element === undefined) return [];
        return Array.from({ length }, () => this.#field(element, version));
      }
      case "struct":
        return this.members(field.members ?? {}, version);
      default:
        return this.#integer(SIZES[field.kind] ?? 8);
    }
  }

  #integer(bits: number): number {
    const random = this.#random;
    if (random.below(3) > 0) return random.below(4);
    const fits = BOUNDS.filter((value) => value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1));
    return random.pick(bits === 64 ? [...fits, ...LARGE] : fits);
  }
}

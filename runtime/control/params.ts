import { LabError } from "../api/errors.ts";

/** Longest name or other short text that a parameter carries, in UTF-16 units. */
const MAX_TEXT_LENGTH = 1_024;

/**
 * Reads the parameters of a request, which come from outside and may be anything. Each reader throws
 * a LabError `bad-request` that names the parameter and what was expected.
 */
export class Params {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #path: string;

  constructor(params: unknown, path = "") {
    if (typeof params !== "object" || params === null || Array.isArray(params)) {
      throw bad(path.slice(0, -1) || "params", "an object");
    }
    this.#values = new Map<string, unknown>(Object.entries(params));
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#values.get(name) !== undefined;
  }

  text(name: string, mostLength = MAX_TEXT_LENGTH): string {
    const value = this.#values.get(name);
    if (typeof value === "string" && value.length <= mostLength) return value;
    throw this.#bad(name, `a string of at most ${mostLength} characters`);
  }

  /** A text that may be null, which is another thing than left out. */
  nullableText(name: string, mostLength: number): string | null {
    return this.#values.get(name) === null ? null : this.text(name, mostLength);
  }

  flag(name: string): boolean {
    const value = this.#values.get(name);
    if (typeof value === "boolean") return value;
    throw this.#bad(name, "true or false");
  }

  integer(name: string, least: number, most: number): number {
    const value = this.#values.get(name);
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) {
      return value;
    }
    throw this.#bad(name, `an integer from ${least} to ${most}`);
  }

  isText(name: string): boolean {
    return typeof this.#values.get(name) === "string";
  }

  /** A number, whole or not. */
  number(name: string, least: number, most: number): number {
    const value = this.#values.get(name);
    if (typeof value === "number" && value >= least && value <= most) return value;
    throw this.#bad(name, `a number from ${least} to ${most}`);
  }

  optionalInteger(name: string, least: number, most: number): number | undefined {
    return this.#values.get(name) === undefined ? undefined : this.integer(name, least, most);
  }

  /** A number above 0, whole or not; undefined when it is left out. */
  optionalNumber(name: string, most: number): number | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    if (typeof value === "number" && value > 0 && value <= most) return value;
    throw this.#bad(name, `a number above 0 up to ${most}`);
  }

  bytes(name: string): Uint8Array {
    const value = this.#values.get(name);
    if (value instanceof Uint8Array) return value;
    throw this.#bad(name, "bytes");
  }

  object(name: string): Params {
    return new Params(this.#values.get(name), `${this.#path}${name}.`);
  }

  objects(name: string, most: number): Params[] {
    return this.#list(name, most).map(
      (item, index) => new Params(item, `${this.#path}${name}[${index}].`),
    );
  }

  texts(name: string, most: number): string[] {
    return this.#list(name, most).map((item) => {
      if (typeof item === "string" && item.length <= MAX_TEXT_LENGTH) return item;
      throw this.#bad(name, "a list of strings");
    });
  }

  /** An object whose values are all strings. */
  textMap(name: string): Record<string, string> {
    const entries = [...this.object(name).#values].map(([key, value]): [string, string] => {
      if (typeof value === "string" && value.length <= MAX_TEXT_LENGTH) return [key, value];
      throw this.#bad(`${name}.${key}`, "a string");
    });
    return Object.fromEntries(entries);
  }

  fail(name: string, expected: string): never {
    throw this.#bad(name, expected);
  }

  #list(name: string, most: number): readonly unknown[] {
    const value = this.#values.get(name);
    if (Array.isArray(value) && value.length <= most) return value;
    throw this.#bad(name, `a list of at most ${most}`);
  }

  #bad(name: string, expected: string): LabError {
    return bad(this.#path + name, expected);
  }
}

function bad(path: string, expected: string): LabError {
  return new LabError("bad-request", `${path}: expected ${expected}.`);
}

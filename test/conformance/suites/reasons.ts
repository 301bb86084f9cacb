import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const FOLDER = "test/conformance/suites/reasons";

const isEntry = (value: unknown): value is [string, string] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");

/**
 * Why a case of the suite does not pass: `reasons/<suite>.json`, by name. A name that ends with `*` stands
 * for all that begin so. Throws where the file is not such a table.
 */
export class Reasons {
  readonly #entries: readonly [string, string][];

  constructor(entries: readonly [string, string][]) {
    this.#entries = entries;
  }

  static read(suite: string): Reasons {
    const file = path.join(FOLDER, `${suite}.json`);
    if (!existsSync(file)) return new Reasons([]);
    const json: unknown = JSON.parse(readFileSync(file, "utf8"));
    const entries = Object.entries(json ?? {});
    if (!entries.every(isEntry)) throw new Error(`${file}: every reason is a sentence`);
    return new Reasons(entries);
  }

  /** The reason of a case, or undefined where nobody gave one. */
  of(name: string): string | undefined {
    return this.#entries.find(([pattern]) => matches(pattern, name))?.[1];
  }

  /** Entries that stand for none of `names`. */
  unused(names: readonly string[]): string[] {
    return this.#entries
      .map(([pattern]) => pattern)
      .filter((pattern) => !names.some((name) => matches(pattern, name)));
  }
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** A JSON object or list, as it is written. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * What an expression comes to. Integers beyond 2^53 are bigints, so that they are compared exactly.
 * Null is SQL's NULL: not known.
 */
export type Value = null | boolean | number | bigint | string | JsonText;

const NUMBER = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const INTEGER = /^[+-]?\d+$/;

/** The number that a text spells, or null. */
export function numberOf(text: string): number | bigint | null {
  if (!NUMBER.test(text)) return null;
  const value = Number(text);
  const exact = text.trim();
  if (Number.isSafeInteger(value) || !INTEGER.test(exact)) return value;
  return BigInt(exact.startsWith("+") ? exact.slice(1) : exact);
}

/** As a number, or null where it is none. */
export function asNumber(value: Value): number | bigint | null {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return typeof value === "string" ? numberOf(value) : null;
}

/** As a character string, as CAST(... AS STRING) gives it. */
export function asText(value: Value): string | null {
  if (value === null) return null;
  if (typeof value === "string") return value;
  return value instanceof JsonText ? value.text : String(value);
}

/** As one of SQL's three truths. */
export function asTruth(value: Value): boolean | null {
  if (typeof value === "boolean") return value;
  const text = typeof value === "string" ? value.toLowerCase() : "";
  return text === "true" ? true : text === "false" ? false : null;
}

/**
 * Below 0, 0 or above 0 as `left` comes before, with or after `right`; null when one of them is NULL
 * or they cannot be compared. A text is compared with a number or a truth as what it spells.
 */
export function compare(left: Value, right: Value): number | null {
  if (left === null || right === null) return null;
  if (typeof left === "string" && typeof right === "string") return order(left, right);
  if (isNumber(left) || isNumber(right)) {
    const [a, b] = [asNumber(left), asNumber(right)];
    return a === null || b === null ? null : order(a, b);
  }
  if (typeof left === "boolean" || typeof right === "boolean") {
    const [a, b] = [asTruth(left), asTruth(right)];
    return a === null || b === null ? null : Number(a) - Number(b);
  }
  return order(asText(left) ?? "", asText(right) ?? "");
}

const isNumber = (value: Value): boolean => typeof value === "number" || typeof value === "bigint";

function order<T extends string | number | bigint>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

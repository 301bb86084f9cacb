/** Deepest nesting that is written out. */
const MAX_DEPTH = 200;

/** A value cannot be written as JSON; the message says why. */
export class NotJson extends Error {
  override readonly name = "NotJson";
}

/**
 * Decoded values as JSON for people: integers exactly however large, bytes in hexadecimal digits, dates
 * as ISO 8601, and names of any type as text. Throws {@link NotJson} for what is nested too deep.
 */
export function jsonText(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw new NotJson(`it is nested deeper than ${MAX_DEPTH}`);
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return numberText(value);
  if (typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("hex"));
  if (value instanceof Date) return JSON.stringify(dateText(value));
  if (Array.isArray(value)) {
    return `[${value.map((item: unknown) => jsonText(item, depth + 1)).join(", ")}]`;
  }
  const entries: [unknown, unknown][] =
    value instanceof Map ? [...value.entries()] : Object.entries(value);
  const members = entries.map(
    ([name, member]) => `${JSON.stringify(nameText(name, depth))}: ${jsonText(member, depth + 1)}`,
  );
  return `{${members.join(", ")}}`;
}

/** JSON has no infinities and no NaN. */
function numberText(value: number): string {
  return Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(String(value));
}

function dateText(value: Date): string {
  return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
}

function nameText(name: unknown, depth: number): string {
  return typeof name === "string" ? name : jsonText(name, depth + 1);
}

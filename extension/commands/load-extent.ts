/** How many messages, or for how long. */
export type LoadExtent =
  | { readonly count: number; readonly durationMs: undefined }
  | { readonly count: undefined; readonly durationMs: number };

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };

/** Reads `1000`, `30 s`, `5 min` or `1 h`; undefined for anything else, and for nothing at all to do. */
export function parseExtent(text: string): LoadExtent | undefined {
  const match = /^\s*(\d{1,10})\s*(s|m|min|h)?\s*$/.exec(text);
  if (match === null) return undefined;
  const value = Number(match[1]);
  if (value === 0) return undefined;
  const unitMs = match[2] === undefined ? undefined : UNITS[match[2]];
  return unitMs === undefined
    ? { count: value, durationMs: undefined }
    : { count: undefined, durationMs: value * unitMs };
}

/** Reads messages per second: `100`, `0.5`, or nothing for as many as go; null for anything else. */
export function parseRate(text: string): number | undefined | null {
  if (text.trim() === "") return undefined;
  const rate = /^\s*\d{1,7}(\.\d{1,3})?\s*$/.test(text) ? Number(text) : 0;
  return rate > 0 ? rate : null;
}

/** Reads what a person types into the toolbar. Pure, so that exactness is tested without a browser. */

/** An offset: decimal digits, below 2^53. Undefined when it is not one. */
export function parseOffset(text: string): number | undefined {
  const digits = text.trim().replaceAll(/[,_\s]/g, "");
  if (!/^\d{1,16}$/.test(digits)) return undefined;
  const offset = Number(digits);
  return Number.isSafeInteger(offset) ? offset : undefined;
}

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * A moment in milliseconds since the epoch: `2026-03-29 01:30:00.250` in local time, the same with
 * `Z` or `+02:00` exactly, a date for its local midnight, or the milliseconds themselves (11 to 16
 * digits). A local time that a clock change skips or repeats is the one the browser picks; with an
 * offset there is no doubt. Undefined when it is none of these or no such date exists.
 */
export function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d{11,16}$/.test(trimmed)) return Number(trimmed);
  const match = DATE_TIME.exec(trimmed);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const millisecond = Number((match[7] ?? "0").padEnd(3, "0"));
  if (!year || !month || !day) return undefined;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined;
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day || month > 12) return undefined;
  const zone = match[8]?.toUpperCase();
  if (zone === undefined) {
    return new Date(year, month - 1, day, hour, minute, second, millisecond).getTime();
  }
  const utcMs = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  return utcMs - zoneMs(zone);
}

function zoneMs(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

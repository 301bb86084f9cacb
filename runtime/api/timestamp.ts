const ISO =
  /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const DIGITS = /^\d{1,15}$/;

/** What `parseTimestamp` accepts, for messages. */
export const TIMESTAMP_FORMS =
  "an ISO 8601 time with its zone, such as 2024-06-11T08:00:00Z or 2024-06-11T10:00:00.250+02:00, " +
  "or milliseconds since 1970";

/**
 * Milliseconds since the Unix epoch of an ISO 8601 time or a number of milliseconds; undefined for
 * anything else. A time without a zone is refused: it would mean something else on another machine.
 */
export function parseTimestamp(text: string): number | undefined {
  if (DIGITS.test(text)) return Number(text);
  const parts = ISO.exec(text);
  if (parts === null) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  // Day 0 of the next month is the last day of this one; Date.parse would let 30 February pass.
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > lastDay) return undefined;
  const timestampMs = Date.parse(text);
  return Number.isNaN(timestampMs) || timestampMs < 0 ? undefined : timestampMs;
}

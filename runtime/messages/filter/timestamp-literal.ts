const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/;

/**
 * Milliseconds since the Unix epoch of `TIMESTAMP '2026-01-01 10:00:00.5'`, which says no time zone: it is
 * the lab's, as a Flink session has one. Undefined for another form or a date that does not exist.
 */
export function localTimestampMs(text: string): number | undefined {
  const match = FORM.exec(text.trim());
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", hour = "0", minute = "0", second = "0"] = match;
  const millis = (match[7] ?? "").padEnd(3, "0").slice(0, 3);
  const date = new Date(
    ...[Number(year), Number(month) - 1, Number(day)],
    ...[Number(hour), Number(minute), Number(second), Number(millis)],
  );
  return date.getMonth() === Number(month) - 1 ? date.getTime() : undefined;
}

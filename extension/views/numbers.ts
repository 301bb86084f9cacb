/** Making a number format costs more than using it a thousand times, and lists have thousands of rows. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: string, unit: string): Intl.NumberFormat {
  const key = `${locale} ${unit}`;
  let format = formats.get(key);
  if (format === undefined) {
    const options: Intl.NumberFormatOptions =
      unit === "" ? {} : { style: "unit", unit, unitDisplay: "short", maximumSignificantDigits: 3 };
    format = new Intl.NumberFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

/** A number as it is written in a language (BCP 47 tag): `1,204`. */
export function numberText(value: number, locale: string): string {
  return formatOf(locale, "").format(value);
}

/** A number of three digits with its unit (of ECMA-402): `35.1 kB`. */
export function unitText(value: number, unit: string, locale: string): string {
  return formatOf(locale, unit).format(value);
}

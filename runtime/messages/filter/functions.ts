import { regularExpression } from "./patterns.ts";
import { asNumber, asText, compare, type Value } from "./value.ts";

/** A function of filters. Names and arguments are those of Flink's built-in functions. */
export interface FilterFunction {
  readonly least: number;
  readonly most: number;
  /** Gets NULL arguments too; others come to NULL when any argument is. */
  readonly takesNull?: boolean;
  call(values: readonly Value[]): Value;
}

const text = (value: Value | undefined): string => asText(value ?? null) ?? "";

/** A function of texts. */
function texts(least: number, most: number, call: (...args: string[]) => Value): FilterFunction {
  return { least, most, call: (values) => call(...values.map(text)) };
}

/** A function of numbers, NULL where an argument is none. */
function numbers(least: number, most: number, call: (...args: number[]) => Value): FilterFunction {
  return {
    least,
    most,
    call(values) {
      const args = values.map(asNumber);
      return args.includes(null) ? null : call(...args.map(Number));
    },
  };
}

/** Characters are code points, as in Flink. */
const characters = (value: string): string[] => Array.from(value);

const SURROGATE_PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

function characterCount(value: string): number {
  return value.length - (value.match(SURROGATE_PAIR)?.length ?? 0);
}

function substring(value: string, from: string, length?: string): Value {
  const all = characters(value);
  const start = Number(from);
  const count = length === undefined ? all.length : Number(length);
  if (!Number.isInteger(start) || !Number.isInteger(count) || count < 0) return null;
  const begin = start > 0 ? start - 1 : start < 0 ? Math.max(0, all.length + start) : 0;
  return all.slice(begin, begin + count).join("");
}

function trim(value: string, cut = " ", side = "BOTH"): string {
  const all = characters(value);
  let [start, end] = [0, all.length];
  if (side !== "TRAILING") while (start < end && cut.includes(all[start] ?? "")) start++;
  if (side !== "LEADING") while (end > start && cut.includes(all[end - 1] ?? "")) end--;
  return all.slice(start, end).join("");
}

function extreme(sign: 1 | -1): FilterFunction {
  const better = (best: Value, value: Value): Value =>
    (compare(value, best) ?? 0) * sign > 0 ? value : best;
  return { least: 1, most: 100, call: ([first = null, ...rest]) => rest.reduce(better, first) };
}

function round(value: number, places = 0): number {
  const scale = 10 ** places;
  return (Math.sign(value) * Math.round(Math.abs(value) * scale)) / scale;
}

function extract(value: string, pattern: string, group = "0"): Value {
  return regularExpression(pattern, "u")?.exec(value)?.[Number(group)] ?? null;
}

export const FUNCTIONS: Readonly<Record<string, FilterFunction>> = {
  UPPER: texts(1, 1, (value) => value.toUpperCase()),
  LOWER: texts(1, 1, (value) => value.toLowerCase()),
  CHAR_LENGTH: texts(1, 1, characterCount),
  CHARACTER_LENGTH: texts(1, 1, characterCount),
  TRIM: texts(1, 3, trim),
  LTRIM: texts(1, 2, (value, cut) => trim(value, cut, "LEADING")),
  RTRIM: texts(1, 2, (value, cut) => trim(value, cut, "TRAILING")),
  SUBSTRING: texts(2, 3, substring),
  SUBSTR: texts(2, 3, substring),
  LEFT: texts(2, 2, (value, count) => substring(value, "1", count)),
  RIGHT: texts(2, 2, (value, count) =>
    Number(count) > 0 ? substring(value, String(-Number(count))) : "",
  ),
  CONCAT: texts(1, 100, (...parts) => parts.join("")),
  REPLACE: texts(3, 3, (value = "", part = "", by = "") => value.replaceAll(part, () => by)),
  POSITION: texts(2, 2, (part = "", value = "") => value.indexOf(part) + 1),
  LOCATE: texts(2, 2, (part = "", value = "") => value.indexOf(part) + 1),
  INSTR: texts(2, 2, (value = "", part = "") => value.indexOf(part) + 1),
  STARTSWITH: texts(2, 2, (value = "", part = "") => value.startsWith(part)),
  ENDSWITH: texts(2, 2, (value = "", part = "") => value.endsWith(part)),
  REGEXP: texts(
    2,
    2,
    (value = "", pattern = "") => regularExpression(pattern, "u")?.test(value) ?? null,
  ),
  REGEXP_EXTRACT: texts(2, 3, extract),
  ABS: numbers(1, 1, Math.abs),
  FLOOR: numbers(1, 1, Math.floor),
  CEIL: numbers(1, 1, Math.ceil),
  CEILING: numbers(1, 1, Math.ceil),
  ROUND: numbers(1, 2, (value = 0, places) => round(value, places)),
  SIGN: numbers(1, 1, Math.sign),
  MOD: numbers(2, 2, (value = 0, by = 0) => (by === 0 ? null : value % by)),
  POWER: numbers(2, 2, (value = 0, by = 0) => value ** by),
  GREATEST: extreme(1),
  LEAST: extreme(-1),
  COALESCE: {
    ...{ least: 1, most: 100, takesNull: true },
    call: (values) => values.find((value) => value !== null) ?? null,
  },
  IFNULL: {
    ...{ least: 2, most: 2, takesNull: true },
    call: ([value = null, otherwise = null]) => value ?? otherwise,
  },
  NULLIF: {
    ...{ least: 2, most: 2, takesNull: true },
    call: ([value = null, other = null]) => (compare(value, other) === 0 ? null : value),
  },
  IF: {
    ...{ least: 3, most: 3, takesNull: true },
    call: ([condition = null, then = null, otherwise = null]) =>
      condition === true ? then : otherwise,
  },
};

import {
  type ArgumentRule,
  findPlaceholder,
  MAX_CHOICES,
  type PlaceholderKind,
} from "./placeholders.ts";

/** A placeholder of a template, with its arguments checked and completed. */
export interface Fill {
  readonly name: string;
  readonly args: readonly (string | number)[];
  readonly kind: PlaceholderKind;
  /** It takes the place of a whole string, with its quotes, and keeps its kind. Otherwise it is text within one. */
  readonly isWhole: boolean;
}

/** What is wrong with a placeholder, in UTF-16 units of what stands between its braces, the end excluded. */
export interface PlaceholderFault {
  readonly kind: "fault";
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export type ParsedPlaceholder = { readonly kind: "fill"; readonly fill: Fill } | PlaceholderFault;

const FORM = /^(\s*)([A-Za-z][\w.]*)\s*(?:(\()(.*)\)\s*)?$/d;
const ARGUMENT = /\s*(?:'([^'\\]*)'|(-?\d{1,16}(?:\.\d{1,16})?))\s*(,|$)/y;

interface Argument {
  readonly value: string | number;
  readonly from: number;
  readonly to: number;
}

/** Reads what stands between `{{` and `}}`: `name`, or `name(1, 'text')`. */
export function parsePlaceholder(text: string, isWhole: boolean): ParsedPlaceholder {
  const match = FORM.exec(text);
  const name = match?.[2];
  if (match === null || name === undefined) {
    return fault(0, text.length, "expected a name and arguments, such as {{number.int(1, 6)}}");
  }
  const from = match[1]?.length ?? 0;
  const placeholder = findPlaceholder(name);
  if (placeholder === undefined) {
    return fault(from, from + name.length, `there is no placeholder ${name}`);
  }
  const argsAt = match.indices?.[4]?.[0] ?? text.length;
  const given = parseArguments(match[4] ?? "", argsAt);
  if ("kind" in given) return given;
  const checked =
    placeholder.args === "choices"
      ? choices(given, text.length)
      : numbers(name, given, placeholder.args, text.length);
  if ("kind" in checked) return checked;
  const isNumber = name === "oneOf" && checked.every((value) => typeof value === "number");
  const kind = isNumber ? "number" : placeholder.kind;
  return { kind: "fill", fill: { name, args: checked, kind, isWhole } };
}

function parseArguments(text: string, offset: number): readonly Argument[] | PlaceholderFault {
  const args: Argument[] = [];
  if (text.trim() === "") return args;
  let at = 0;
  for (;;) {
    ARGUMENT.lastIndex = at;
    const match = ARGUMENT.exec(text);
    if (match === null) {
      const what = "expected a number or a text in single quotes, such as 'paid'";
      return fault(offset + at, offset + text.length, what);
    }
    const [, quoted, digits, end] = match;
    const to = ARGUMENT.lastIndex;
    args.push({ value: quoted ?? Number(digits), from: offset + at, to: offset + to });
    if (end === "") return args;
    at = to;
  }
}

function choices(
  given: readonly Argument[],
  end: number,
): readonly (string | number)[] | PlaceholderFault {
  if (given.length >= 1 && given.length <= MAX_CHOICES) return given.map(({ value }) => value);
  return fault(0, end, `expected 1 to ${MAX_CHOICES} choices, such as oneOf('paid', 'sent')`);
}

function numbers(
  name: string,
  given: readonly Argument[],
  rules: readonly ArgumentRule[],
  end: number,
): readonly number[] | PlaceholderFault {
  const extra = given[rules.length];
  if (extra !== undefined) {
    const names = rules.map((rule) => rule.name).join(", ");
    return fault(extra.from, extra.to, `${name} takes ${names === "" ? "no arguments" : names}`);
  }
  const values: number[] = [];
  for (const [at, rule] of rules.entries()) {
    const argument = given[at];
    const value = argument?.value ?? rule.otherwise;
    if (!follows(value, rule)) {
      const whole = rule.fraction === true ? "a number" : "a whole number";
      const what = `${rule.name}: expected ${whole} from ${rule.least} to ${rule.most}`;
      return fault(argument?.from ?? 0, argument?.to ?? end, what);
    }
    values.push(value);
  }
  const [min, max] = values;
  const isRange = rules[0]?.name === "min" && min !== undefined && max !== undefined;
  return isRange && min > max ? fault(0, end, `min ${min} is greater than max ${max}`) : values;
}

function follows(value: string | number | undefined, rule: ArgumentRule): value is number {
  if (typeof value !== "number" || value < rule.least || value > rule.most) return false;
  return rule.fraction === true || Number.isInteger(value);
}

function fault(from: number, to: number, message: string): PlaceholderFault {
  return { kind: "fault", from, to, message };
}

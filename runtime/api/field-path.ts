/**
 * Names of parts of a message, as an SQL condition has them: `customer.name` and `lines[1].sku` lead into
 * the JSON of the value (lists count from 1), `key.id` into that of the key, `headers['trace']` is a header.
 */
export type FieldPath =
  | {
      readonly side: "key" | "value";
      /** Names of members, and places in lists from 0. */
      readonly steps: readonly (string | number)[];
    }
  | { readonly side: "headers"; readonly name: string };

/** Longest text of a path, in UTF-16 units. */
export const MAX_PATH_LENGTH = 500;

const FIRST = /^(?:`((?:[^`]|``)+)`|([\p{L}_][\p{L}\p{N}_$-]*))/u;
const NEXT =
  /(?:\.`((?:[^`]|``)+)`|\.([\p{L}_][\p{L}\p{N}_$-]*)|\['((?:[^']|'')*)'\]|\[(\d{1,9})\])/uy;
/** Names of a message's own parts: a member of its value with such a name is written behind `value.` */
const OWN = /^(?:partition|offset|timestamp|key_size|value_size|key|value|headers)$/i;
/** Words that SQL takes for something else than a name. */
const RESERVED = new Set(
  (
    "and any array as asc between by case cast cross current_date current_time current_timestamp date desc distinct " +
    "else end escape except exists extract false for from full group having if in inner insert intersect " +
    "interval into is join left like limit localtime localtimestamp map multiset not null on or order " +
    "overlay position right row select similar some substring then time to trim true try_cast unknown union using when where with"
  ).split(" "),
);

/**
 * Reads a path as a person types it. One that begins with `$` is an SQL/JSON path into the value, whose
 * lists count from 0. Undefined when it is neither.
 */
export function parseFieldPath(text: string): FieldPath | undefined {
  const trimmed = text.trim();
  if (trimmed.length === 0 || trimmed.length > MAX_PATH_LENGTH) return undefined;
  if (trimmed.startsWith("$")) {
    const steps = stepsOf(trimmed, 1, 0);
    return steps && steps.length > 0 ? { side: "value", steps } : undefined;
  }
  const match = FIRST.exec(trimmed);
  if (match === null) return undefined;
  const [whole, quoted, plain] = match;
  const first = quoted?.replaceAll("``", "`") ?? plain ?? "";
  const rest = stepsOf(trimmed, whole.length, 1);
  if (rest === undefined) return undefined;
  const own = plain?.toLowerCase() ?? quoted;
  if (own === "key" || own === "value") {
    return rest.length > 0 ? { side: own, steps: rest } : undefined;
  }
  if (own === "headers") {
    const [name] = rest;
    return rest.length === 1 && typeof name === "string" ? { side: own, name } : undefined;
  }
  // A column of the message, not a member of its value.
  if (rest.length === 0 && own !== undefined && OWN.test(own)) return undefined;
  return { side: "value", steps: [first, ...rest] };
}

function stepsOf(text: string, start: number, base: 0 | 1): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  for (NEXT.lastIndex = start; NEXT.lastIndex < text.length;) {
    const match = NEXT.exec(text);
    if (match === null) return undefined;
    const [, quoted, plain, item, index] = match;
    if (index !== undefined) {
      if (Number(index) < base) return undefined;
      steps.push(Number(index) - base);
    } else {
      steps.push(quoted?.replaceAll("``", "`") ?? plain ?? item?.replaceAll("''", "'") ?? "");
    }
  }
  return steps;
}

/** The text of a path: it reads back as the same path, and stands for the same in an SQL condition. */
export function fieldPathText(path: FieldPath): string {
  if (path.side === "headers") return `headers['${path.name.replaceAll("'", "''")}']`;
  const [first, ...rest] = path.steps;
  const isOwnName = typeof first !== "string" || OWN.test(first);
  if (path.side === "key" || isOwnName) return path.side + path.steps.map(stepText).join("");
  return nameText(first) + rest.map(stepText).join("");
}

function stepText(step: string | number): string {
  if (typeof step === "number") return `[${step + 1}]`;
  return `.${nameText(step)}`;
}

function nameText(name: string): string {
  const isPlain = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !RESERVED.has(name.toLowerCase());
  return isPlain ? name : `\`${name.replaceAll("`", "``")}\``;
}
